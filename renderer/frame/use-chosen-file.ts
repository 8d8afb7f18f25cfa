import { useRef, useState } from 'react';
import type { AppError } from '../../shared/errors.ts';
import type { ChosenFile } from '../components/FileField.tsx';

/** The text of the file that was chosen last, or why it cannot be taken. */
export interface ReadFile {
  /** Counts the files that were chosen; names this one where its text would be too long. */
  id: number;
  name: string;
  text: string | null;
  error: AppError | null;
}

/** Reads a chosen file as text; one that is larger than the core takes is refused before it is sent there. */
export function useChosenFile(mostBytes: number): { file: ReadFile | null; choose: (chosen: ChosenFile) => void } {
  const [file, setFile] = useState<ReadFile | null>(null);
  const last = useRef(0);
  const choose = (chosen: ChosenFile) => {
    const id = (last.current += 1);
    const refuse = (error: AppError) => setFile({ id, name: chosen.name, text: null, error });
    if (chosen.sizeBytes > mostBytes) {
      refuse({ code: 'limit-exceeded', message: `${chosen.name} is larger than the ${Math.round(mostBytes / 1024)} KB that a window takes. The command line signs plans of any size: countersign batch sign FILE OUT.`, details: {} });
      return;
    }
    chosen.text().then(
      (text) => setFile({ id, name: chosen.name, text, error: null }),
      () => refuse({ code: 'invalid-input', message: `${chosen.name} cannot be read.`, details: {} }),
    );
  };
  return { file, choose };
}
