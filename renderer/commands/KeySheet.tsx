import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { KeyCaps } from '../components/KeyCaps.tsx';
import { commandSpecs } from './list.ts';
import css from './KeySheet.module.css';

/** All keys, drawn from the one list of commands. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  const withKeys = commandSpecs.filter((spec) => spec.keys.length > 0);
  return (
    <Dialog title="Keys" onClose={onClose} note="Single letters work while focus is in a grid or a record." buttons={<Button onClick={onClose}>Close</Button>}>
      <ul className={css['key-table']}>
        {withKeys.map((spec) => (
          <li key={spec.id}>
            {spec.label}
            <span className={css['keys']}>
              {spec.keys.map((keys) => (
                <KeyCaps key={keys} keys={keys} />
              ))}
              <span className="visually-hidden">{spec.keys.join(' or ')}</span>
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
