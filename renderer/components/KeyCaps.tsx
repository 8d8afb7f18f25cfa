import { keySigns } from './key-signs.ts';

/** The keys of a command, drawn with the signs of this platform. */
export function KeyCaps({ keys }: { keys: string }) {
  const signs = keySigns(keys);
  return (
    <span className="keys" aria-hidden="true">
      {signs.map((sign) => (
        <kbd key={sign}>{sign}</kbd>
      ))}
    </span>
  );
}
