import type { ReactNode, RefObject } from 'react';
import { classNames } from './class-names.ts';
import css from './Dialog.module.css';

/** A file that a person has chosen. */
export interface ChosenFile {
  name: string;
  sizeBytes: number;
  text(): Promise<string>;
}

/** A labelled field for one file of a dialog. */
export function FileField({ label, accept, onChoose, field, hint }: { label: ReactNode; accept: string; onChoose: (file: ChosenFile) => void; field?: RefObject<HTMLInputElement | null>; hint?: ReactNode }) {
  return (
    <div className="stack-1">
      <label>
        <span className="field-label">{label}</span>
        <input
          ref={field}
          className={classNames('input', css['file-input'])}
          type="file"
          accept={accept}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) onChoose({ name: file.name, sizeBytes: file.size, text: () => file.text() });
          }}
        />
      </label>
      {hint !== undefined && <p className="muted small">{hint}</p>}
    </div>
  );
}
