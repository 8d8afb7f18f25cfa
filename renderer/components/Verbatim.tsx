import { TextPieces } from './DataText.tsx';
import css from './Verbatim.module.css';

/** What another system said, word for word, in the fixed-width face. */
export function Verbatim({ label, text }: { label: string; text: string }) {
  return (
    <pre className={css['verbatim']} role="group" aria-label={label} tabIndex={0}>
      <TextPieces text={text} />
    </pre>
  );
}
