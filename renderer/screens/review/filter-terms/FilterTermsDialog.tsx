import { useRef } from 'react';
import { filterNames, valuesOf } from '../../../../shared/domain/filter.ts';
import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { filterWords } from '../../../words/filters.ts';
import tableCss from '../../../components/Table.module.css';

/** Every term that a filter may have, and the values that it takes. */
export function FilterTermsDialog({ onClose }: { onClose: () => void }) {
  const close = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      title="Filter terms"
      size="wide"
      onClose={onClose}
      onSubmit={onClose}
      focus={close}
      buttons={
        <Button buttonRef={close} onClick={onClose}>
          Close
        </Button>
      }
    >
      <p>
        A filter is made of terms like <span className="mono">state:CA</span>. With <span className="mono">-</span> in front, a term leaves out what it finds: <span className="mono">-state:CA</span>. A value with a space goes between quotation marks: <span className="mono">company:"Acme Homes"</span>.
      </p>
      <table className={tableCss['table']} aria-label="Terms">
        <thead>
          <tr>
            <th scope="col">Term</th>
            <th scope="col">Is about</th>
            <th scope="col">Takes</th>
          </tr>
        </thead>
        <tbody>
          {filterNames.map((name) => (
            <tr key={name}>
              <th scope="row" className="mono">
                {name}:
              </th>
              <td>{filterWords[name]}</td>
              <td className="muted small">{valuesOf(name) ?? 'any value'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
