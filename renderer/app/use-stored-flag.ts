import { useCallback, useState } from 'react';

/** A choice that is remembered on this machine. */
export function useStoredFlag(key: string, initial: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useState(() => {
    const stored = window.localStorage.getItem(key);
    return stored === null ? initial : stored === 'true';
  });
  const change = useCallback(
    (next: boolean) => {
      window.localStorage.setItem(key, String(next));
      setValue(next);
    },
    [key],
  );
  return [value, change];
}
