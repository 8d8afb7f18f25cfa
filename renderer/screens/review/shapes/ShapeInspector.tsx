import { formatFilter } from '../../../../shared/domain/filter.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import { shapeFilter, type Shape } from '../../../../shared/domain/shape.ts';
import { errorOf, useQueryCall } from '../../../api/query-call.ts';
import { addressOf } from '../../../app/place.ts';
import { Button } from '../../../components/Button.tsx';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { FailureBanner } from '../../../components/Failure.tsx';
import { KindMark, Tag } from '../../../components/Mark.tsx';
import { Link } from '../../../components/Link.tsx';
import { number, plural } from '../../../words.ts';
import { shapeName } from '../../../words/shapes.ts';
import { CoverageSection } from './CoverageSection.tsx';
import { OutliersSection } from './OutliersSection.tsx';
import { PatternSection } from './PatternSection.tsx';
import { SampleSection } from './SampleSection.tsx';
import { ShapeDecision } from './ShapeDecision.tsx';
import type { ShapeRow } from './shape-rows.ts';
import inspectorCss from '../Inspector.module.css';
import css from './Shapes.module.css';

export interface ShapeInspectorProps {
  row: ShapeRow | undefined;
  /** The shapes are not there yet. */
  isLoading: boolean;
  mapping: Mapping;
  isFiltered: boolean;
  onUnfold: (priority: string, first: string | undefined) => void;
  onBack: () => void;
}

/** Everything about one change shape, and the decision on it. */
export function ShapeInspector({ row, isLoading, mapping, isFiltered, onUnfold, onBack }: ShapeInspectorProps) {
  return (
    <section className={inspectorCss['inspector']} aria-label="Shape" data-letters="" data-region="" onKeyDown={(event) => event.key === 'Escape' && onBack()}>
      {row?.kind === 'shape' && <OneShape key={row.id} shape={row.shape} mapping={mapping} isFiltered={isFiltered} />}
      {row?.kind === 'fold' && <Folded row={row} onUnfold={onUnfold} />}
      {(row === undefined || row.kind === 'group') && (
        <EmptyState icon="shape" title={isLoading ? 'Loading the shapes' : 'No shape chosen'}>
          A shape that is chosen in the list is shown here with its pattern and its outliers.
        </EmptyState>
      )}
    </section>
  );
}

function Folded({ row, onUnfold }: { row: Extract<ShapeRow, { kind: 'fold' }>; onUnfold: ShapeInspectorProps['onUnfold'] }) {
  const all = formatFilter(row.shapes.map((shape) => ({ name: 'shape', value: shape.id, negated: false })));
  return (
    <EmptyState
      icon="shape"
      title={`${plural(row.shapes.length, 'shape')} of one record each`}
      actions={
        <>
          <Button look="primary" onClick={() => onUnfold(row.priority, row.shapes[0]?.id)}>
            Show {plural(row.shapes.length, 'shape')}
          </Button>
          <Link to={addressOf('review', { filter: all })}>Show all {number(row.shapes.length)} records</Link>
        </>
      }
    >
      Nothing else in this snapshot changes as these do. Look at each of them by itself.
    </EmptyState>
  );
}

function OneShape({ shape, mapping, isFiltered }: { shape: Shape; mapping: Mapping; isFiltered: boolean }) {
  const show = useQueryCall('shapes.show', { id: shape.id });
  const detail = show.data;
  const whole = detail ?? shape;
  const name = shapeName(whole, mapping);
  const alike = whole.count - whole.outliers;
  return (
    <>
      <header className={inspectorCss['inspector-head']}>
        <h2 className={css['title']}>{name}</h2>
        <div className={inspectorCss['inspector-facts']}>
          <Tag priority={whole.priority}>{whole.priority}</Tag>
          <KindMark kind={whole.kind} />
          <span>
            {number(alike)} alike, {plural(whole.outliers, 'outlier')}
          </span>
          {isFiltered && detail && (
            <span>
              {number(shape.count)} of {number(detail.count)} match the filter
            </span>
          )}
          <Link to={addressOf('review', { filter: shapeFilter(shape.id) })}>Show all {number(whole.count)}</Link>
        </div>
      </header>
      {show.error && <FailureBanner what="The shape could not be read" error={errorOf(show.error)} onRetry={() => void show.refetch()} />}
      <div className={inspectorCss['inspector-body']} tabIndex={0} role="group" aria-label="Shape details" aria-busy={show.isPending}>
        {detail && (
          <>
            <PatternSection detail={detail} mapping={mapping} />
            <OutliersSection detail={detail} />
            <CoverageSection detail={detail} />
            {detail.sample && <SampleSection sample={detail.sample} />}
          </>
        )}
        {show.isPending && <EmptyState icon="shape" title="Loading the shape" />}
      </div>
      {detail && <ShapeDecision detail={detail} name={name} />}
    </>
  );
}
