import { useCallback, useEffect, useId, useImperativeHandle, useRef, type Ref, type RefObject } from 'react';
import { classNames } from '../../../components/class-names.ts';
import css from './SqlField.module.css';

export interface SqlFieldHandle {
  /** Selects a line, counted from 1, and brings it into view. */
  goTo(line: number): void;
}

export interface SqlFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Lines that plan A does not have, counted from 1. */
  changedLines: readonly number[];
  /** The line that cannot be run. It is gone to as soon as it is known. */
  badLine: number | null;
  isReadOnly: boolean;
  field: RefObject<HTMLTextAreaElement | null>;
  handle: Ref<SqlFieldHandle>;
}

/** A text of SQL with line numbers. Tab leaves it; changed lines have a sign, the line of an error a pointer. */
export function SqlField({ label, value, onChange, changedLines, badLine, isReadOnly, field, handle }: SqlFieldProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const whole = useRef<HTMLDivElement>(null);
  const hintId = useId();
  const lines = value.split('\n');
  const isChanged = new Set(changedLines);
  const goTo = useCallback(
    (line: number) => {
      const text = field.current;
      if (!text) return;
      const start = text.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
      const end = text.value.indexOf('\n', start);
      text.focus({ preventScroll: true });
      text.setSelectionRange(start, end === -1 ? text.value.length : end);
      gutter.current?.children[line - 1]?.scrollIntoView({ block: 'center' });
      // The lines begin at the left; the end of the selection does not matter.
      whole.current?.scrollTo({ left: 0 });
    },
    [field],
  );
  useImperativeHandle(handle, () => ({ goTo }), [goTo]);
  useEffect(() => {
    if (badLine !== null) goTo(badLine);
  }, [badLine, goTo]);
  return (
    <div ref={whole} className={css['sql-field']}>
      <div ref={gutter} className={css['gutter']} aria-hidden="true">
        {lines.map((_, index) => {
          const line = index + 1;
          return (
            // A line has no name but its number.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={line} className={classNames(isChanged.has(line) && css['changed'], line === badLine && css['bad'])}>
              <span>{line === badLine ? '▸' : isChanged.has(line) ? '+' : ''}</span>
              {line}
            </div>
          );
        })}
      </div>
      <textarea
        ref={field}
        aria-label={label}
        aria-describedby={hintId}
        aria-invalid={badLine !== null || undefined}
        className={css['text']}
        value={value}
        readOnly={isReadOnly}
        rows={lines.length}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
      <span id={hintId} className="visually-hidden">
        {badLine === null ? 'Tab leaves the text.' : `Line ${badLine} cannot be run. Tab leaves the text.`}
      </span>
    </div>
  );
}
