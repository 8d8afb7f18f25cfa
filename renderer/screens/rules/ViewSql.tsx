import { useEffect, useEffectEvent, useRef } from 'react';
import { changeQuery, usePlace } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { classNames } from '../../components/class-names.ts';
import { sentenceCase } from '../../words.ts';
import { columnLines, linesWords } from '../../words/column-lines.ts';
import css from './Rules.module.css';

/** The text of a view; the lines that give the field in the address are marked, and the first of them is brought into view. */
export function ViewSql({ sql }: { sql: string }) {
  const fields = useInfo()?.mapping.fields ?? [];
  const asked = usePlace().query.get('field');
  const field = fields.find((one) => one.field === asked);
  const marked = field ? columnLines(sql, field.column) : [];
  const firstMarked = useRef<HTMLSpanElement>(null);
  const bringIntoView = useEffectEvent((_marked: { sql: string; asked: string | null }) => {
    firstMarked.current?.scrollIntoView({ block: 'center' });
  });
  useEffect(() => bringIntoView({ sql, asked }), [sql, asked]);
  const lines = sql.split('\n').map((line, index) => ({ number: index + 1, line }));
  return (
    <section aria-label="SQL">
      <div className={css['sql-field']}>
        <label htmlFor="marked-field">Show where a field comes from</label>
        <select id="marked-field" className="input select" value={field?.field ?? ''} onChange={(event) => changeQuery({ field: event.target.value === '' ? null : event.target.value }, { replace: true })}>
          <option value="">No field</option>
          {fields.map((one) => (
            <option key={one.field} value={one.field}>
              {one.label}
            </option>
          ))}
        </select>
        {field && <span className="muted small">{marked.length === 0 ? 'This view does not give it.' : `${sentenceCase(linesWords(marked))}.`}</span>}
      </div>
      <pre className={css['sql']} tabIndex={0}>
        {lines.map(({ number, line }) => (
          <span key={number} ref={number === marked[0] ? firstMarked : undefined} className={classNames(line.trimStart().startsWith('--') && css['c'], marked.includes(number) && css['hit'])}>
            {line === '' ? ' ' : line}
          </span>
        ))}
      </pre>
    </section>
  );
}
