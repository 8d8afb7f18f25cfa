import { Icon } from './Icon.tsx';
import { Button } from './Button.tsx';
import { shortHash } from './short-hash.ts';
import css from './Hash.module.css';

/** A hash in short form; the full value in the tooltip and by copying. */
export function Hash({ hash, label }: { hash: string; label: string }) {
  return (
    <span className={css['hash']} title={`sha256:${hash}`}>
      <Icon name="lock" size="sm" />
      <span>
        <span className="faint">{label}</span> {shortHash(hash)}
      </span>
      <Button icon="copy" size="small" look="quiet" label={`Copy ${label.toLowerCase()} hash`} onClick={() => void navigator.clipboard.writeText(hash)} />
    </span>
  );
}
