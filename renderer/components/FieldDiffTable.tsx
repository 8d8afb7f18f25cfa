import { Fragment, useState, type ReactNode } from 'react';
import type { FieldChange } from '../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import { utcOf } from '../words/dates.ts';
import { isInstant, valueWords } from '../words/values.ts';
import { DataText, TextPieces } from './DataText.tsx';
import { classNames } from './class-names.ts';
import { diffWords, excerptOf, type DiffPiece } from './word-diff.ts';
import { number } from '../words.ts';
import css from './FieldDiff.module.css';

/** Characters of a value that are shown before the rest is asked for. */
const longestShown = 160;

export interface FieldDiffRow {
  field: string;
  label: string;
  before: FieldValue;
  after: FieldValue;
  change: FieldChange;
  /** Who leaves the field out of what is sent. */
  excluded?: { by: string; reason: string | null } | null;
  /** The last cell of the row. */
  why?: ReactNode;
  /** Opens below the row. */
  below?: ReactNode;
}

/** An instant as people read it; what is sent is in UTC, which is told to whoever does not see the tooltip too. */
function Instant({ iso, other }: { iso: string; other: FieldValue }) {
  return (
    <bdi title={iso}>
      {valueWords(iso, other)}
      <span className="visually-hidden"> ({utcOf(iso)})</span>
    </bdi>
  );
}

/** One value of a diff, with changed words marked and invisible characters shown. */
function Value({ value, other, side }: { value: FieldValue; other: FieldValue; side: 'before' | 'after' }) {
  if (value === null || value === '') return <span className={css['empty']}>blank</span>;
  if (isInstant(value)) return <Instant iso={value} other={other} />;
  if (typeof value !== 'string') return <bdi>{valueWords(value, other)}</bdi>;
  const pieces: DiffPiece[] = typeof other === 'string' && other !== value ? diffWords(side === 'before' ? value : other, side === 'before' ? other : value)[side] : [{ text: value, isChanged: false, at: 0 }];
  return <Pieces pieces={pieces} side={side} />;
}

/** The pieces of a text; of a very long one the part around its first change, until all is asked for. */
function Pieces({ pieces, side }: { pieces: readonly DiffPiece[]; side: 'before' | 'after' }) {
  const length = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  const [isWhole, setWhole] = useState(false);
  const Changed = side === 'before' ? 'del' : 'ins';
  const isLong = length > longestShown;
  const cut = isLong && !isWhole ? excerptOf(pieces, longestShown) : { pieces, from: 0, to: length };
  return (
    <>
      <bdi>
        {cut.from > 0 && '… '}
        {cut.pieces.map((piece) => {
          const text = <TextPieces text={piece.text} />;
          return piece.isChanged ? <Changed key={piece.at}>{text}</Changed> : <Fragment key={piece.at}>{text}</Fragment>;
        })}
        {cut.to < length && ' …'}
      </bdi>
      {isLong && (
        <button type="button" className={css['show-all']} aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show less' : `Show all ${number(length)} characters`}
        </button>
      )}
    </>
  );
}

function AfterNote({ row }: { row: FieldDiffRow }) {
  if (row.change === 'blank') return <span className="small"> not sent</span>;
  if (row.change === 'cleared') return <span className="small"> will be cleared</span>;
  return null;
}

/** What is proposed; struck through, with who left it out, where it is not sent. */
function After({ row }: { row: FieldDiffRow }) {
  const value = <Value value={row.after} other={row.change === 'equal' ? row.after : row.before} side="after" />;
  if (!row.excluded) {
    return (
      <>
        {value}
        <AfterNote row={row} />
      </>
    );
  }
  const { by, reason } = row.excluded;
  return (
    <>
      <s className={css['left-out']}>{value}</s>
      <span className={css['left-out-by']}>
        <DataText text={`Left out by ${by}${reason === null ? '' : `: ${reason}`}`} />
      </span>
    </>
  );
}

/** Before on the left, after on the right: signs, words and patterns carry the difference, colour comes third. */
export function FieldDiffTable({ rows, heads, label, object }: { rows: readonly FieldDiffRow[]; heads: { before: string; beforeNote?: string; after: string; afterNote?: string; why?: ReactNode }; label?: string; object?: string }) {
  const hasWhy = heads.why !== undefined;
  return (
    <table className={css['diff']} aria-label={label}>
      <colgroup>
        <col className={css['col-field']} />
        <col />
        <col />
        {hasWhy && <col className={css['col-rule']} />}
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">
            {heads.before} {heads.beforeNote !== undefined && <span className="faint">{heads.beforeNote}</span>}
          </th>
          <th scope="col">
            {heads.after} {heads.afterNote !== undefined && <span className="faint">{heads.afterNote}</span>}
          </th>
          {hasWhy && <th scope="col">{heads.why}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const isSame = row.change === 'equal';
          const isBlanked = row.change === 'blank' || row.change === 'cleared';
          return (
            <Fragment key={row.field}>
              <tr className={classNames(row.below !== undefined && css['is-open'])}>
                <th scope="row" title={object === undefined ? row.field : `${object}.${row.field}`}>
                  {row.label}
                  <span className="visually-hidden"> ({row.field})</span>
                </th>
                <td className={isSame ? css['same'] : css['before']}>
                  <span className={css['sign']} aria-hidden="true">
                    {isSame ? '' : '−'}
                  </span>
                  <span className={css['value']}>
                    <Value value={row.before} other={isSame ? row.before : row.after} side="before" />
                  </span>
                </td>
                <td className={isSame ? css['same'] : classNames(css['after'], isBlanked && css['blanked'])}>
                  <span className={css['sign']} aria-hidden="true">
                    {isSame ? '' : isBlanked ? '∅' : '+'}
                  </span>
                  <span className={css['value']}>
                    <After row={row} />
                  </span>
                </td>
                {hasWhy && <td className={css['rule']}>{row.why}</td>}
              </tr>
              {row.below !== undefined && (
                <tr className={css['why-row']}>
                  <td colSpan={hasWhy ? 4 : 3}>{row.below}</td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}
