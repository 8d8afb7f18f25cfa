import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import type { FormEvent, ReactNode, RefObject } from 'react';
import { classNames } from './class-names.ts';
import css from './Dialog.module.css';

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons, in order; the one that confirms comes last. */
  buttons: ReactNode;
  note?: ReactNode;
  environment?: string | undefined;
  /** Where the focus starts. */
  focus?: RefObject<HTMLElement | null>;
  /** Where the focus goes when the dialog is closed; without it, back to where it came from. */
  finalFocus?: (() => HTMLElement | null) | undefined;
  /** Enter in a field of the dialog. */
  onSubmit?: (() => void) | undefined;
  size?: 'normal' | 'wide' | 'widest';
}

/** A modal dialog: its title is its name, Escape cancels, focus goes back to where it came from. */
export function Dialog({ title, onClose, children, buttons, note, environment, focus, finalFocus, onSubmit, size }: DialogProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <BaseDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={css['scrim']} />
        <BaseDialog.Viewport className={css['viewport']}>
          <BaseDialog.Popup className={css['dialog']} aria-modal="true" data-env={environment} data-size={size} initialFocus={focus} finalFocus={finalFocus && (() => finalFocus() ?? true)}>
            <form onSubmit={submit} noValidate>
              <div className={css['dialog-head']}>
                <BaseDialog.Title render={<h2 />}>{title}</BaseDialog.Title>
              </div>
              <div className={css['dialog-body']}>{children}</div>
              <div className={css['dialog-foot']}>
                {note !== undefined && <span className={css['note']}>{note}</span>}
                {buttons}
              </div>
            </form>
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Two halves of a dialog side by side, where the window is wide enough. */
export function DialogColumns({ children }: { children: ReactNode }) {
  return <div className={css['columns']}>{children}</div>;
}

/** Facts of a dialog as a table of names and values. */
export function SummaryTable({ rows }: { rows: readonly { name: string; value: ReactNode }[] }) {
  return (
    <table className={css['summary-table']}>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td>{row.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export interface TextFieldProps {
  label: ReactNode;
  value: string;
  onChange: (value: string) => void;
  inputRef?: RefObject<HTMLInputElement | null>;
  placeholder?: string;
  isCode?: boolean;
  type?: 'text' | 'number';
  hint?: ReactNode;
}

/** A labelled text field of a dialog. */
export function TextField({ label, value, onChange, inputRef, placeholder, isCode, type = 'text', hint }: TextFieldProps) {
  return (
    <div className="stack-1">
      <label>
        <span className="field-label">{label}</span>
        <input ref={inputRef} className={classNames('input', isCode === true && css['confirm-input'])} type={type} min={0} value={value} placeholder={placeholder} autoComplete="off" spellCheck={false} onChange={(event) => onChange(event.target.value)} />
      </label>
      {hint !== undefined && <p className="muted small">{hint}</p>}
    </div>
  );
}
