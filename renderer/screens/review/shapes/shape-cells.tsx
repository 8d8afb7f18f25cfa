import type { Mapping } from '../../../../shared/domain/mapping.ts';
import { Bar } from '../../../components/Bar.tsx';
import { classNames } from '../../../components/class-names.ts';
import { Icon } from '../../../components/Icon.tsx';
import { SeverityMark } from '../../../components/Mark.tsx';
import { number, percent, plural } from '../../../words.ts';
import { shapeName, shapeRules } from '../../../words/shapes.ts';
import { ShapeDecisionMark } from './ShapeDecisionMark.tsx';
import type { Priority, ShapeRow } from './shape-rows.ts';
import gridCss from '../../../components/Grid.module.css';
import css from './Shapes.module.css';

const groupTitles: Record<Priority, string> = { P1: 'P1, creates with features', P2: 'P2, updates that change a feature flag', P3: 'P3, the rest' };

/** Head of the grid of change shapes. */
export function ShapeHead() {
  const end = classNames(css['head-end'], 'num');
  return (
    <>
      <span role="columnheader">Shape</span>
      <span role="columnheader" className={css['secondary']}>
        Rules
      </span>
      <span role="columnheader" className={end} aria-sort="descending">
        Records
      </span>
      <span role="columnheader" className={css['secondary']} aria-hidden="true" />
      <span role="columnheader" className={classNames(end, css['secondary'])}>
        Share
      </span>
      <span role="columnheader" className={end}>
        Outliers
      </span>
      <span role="columnheader" className={end}>
        Viewed
      </span>
      <span role="columnheader" className={css['decision']}>
        <span data-word>Decision</span>
      </span>
    </>
  );
}

/** What shapes hold together, for a row of one or of several. */
function sumOf(row: Extract<ShapeRow, { kind: 'shape' | 'fold' }>) {
  const shapes = row.kind === 'shape' ? [row.shape] : row.shapes;
  const sum = (of: (shape: (typeof shapes)[number]) => number) => shapes.reduce((total, shape) => total + of(shape), 0);
  const decided = { none: sum((one) => one.decided.none), approve: sum((one) => one.decided.approve), hold: sum((one) => one.decided.hold), exclude: sum((one) => one.decided.exclude) };
  return { count: sum((one) => one.count), outliers: sum((one) => one.outliers), viewed: sum((one) => one.viewed), decided };
}

/** The cells of one row; `total` is what the shares are shares of. */
export function ShapeCells({ row, mapping, total }: { row: ShapeRow; mapping: Mapping; total: number }) {
  if (row.kind === 'group') {
    return (
      <span role="rowheader" aria-colspan={8} className={css['group']}>
        {groupTitles[row.priority]}, <b>{number(row.records)}</b>
      </span>
    );
  }
  const { count, outliers, viewed, decided } = sumOf(row);
  const name = row.kind === 'shape' ? shapeName(row.shape, mapping) : `Single records, ${plural(row.shapes.length, 'shape')}`;
  return (
    <>
      <span role="rowheader" className={classNames(css['name'], gridCss['cell-name'])} title={name}>
        <Icon name={row.kind === 'shape' ? 'shape' : 'list'} size="sm" />
        <span className="clip">{name}</span>
      </span>
      <span role="gridcell" className={classNames(css['secondary'], 'mono muted')}>
        {row.kind === 'shape' ? shapeRules(row.shape) : 'mixed'}
      </span>
      <span role="gridcell" className="num strong">
        {number(count)}
      </span>
      <span role="gridcell" className={css['secondary']} aria-hidden="true">
        <Bar className={css['share']} label={`${percent(count / Math.max(1, total))} of the records`} total={total} parts={[{ fill: 'ink', count }]} />
      </span>
      <span role="gridcell" className={classNames(css['secondary'], 'num muted')}>
        {percent(count / Math.max(1, total))}
      </span>
      <span role="gridcell" className="num">
        {outliers === 0 ? <span className="faint">0</span> : <SeverityMark severity="warning">{number(outliers)}</SeverityMark>}
      </span>
      <span role="gridcell" className="num muted">
        {number(viewed)}
      </span>
      <span role="gridcell" className={css['decision']}>
        <ShapeDecisionMark shape={{ count, decided }} />
      </span>
    </>
  );
}
