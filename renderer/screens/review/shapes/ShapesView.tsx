import { useRef } from 'react';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { Snapshot } from '../../../../shared/domain/snapshot.ts';
import { errorOf, useQueryCall } from '../../../api/query-call.ts';
import { changeQuery, usePlace } from '../../../app/place.ts';
import { Banner } from '../../../components/Banner.tsx';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { FailureBanner } from '../../../components/Failure.tsx';
import { Grid, type GridHandle } from '../../../components/Grid.tsx';
import { PaneSeparator } from '../../../components/PaneSeparator.tsx';
import { number, plural } from '../../../words.ts';
import { UnreadableActions } from '../filter-terms/UnreadableActions.tsx';
import { useFilterTerms } from '../filter-terms/use-filter-terms.tsx';
import { useFilter } from '../use-filter.ts';
import { NoMatch } from '../NoMatch.tsx';
import { ViewFilter } from '../ViewFilter.tsx';
import { Arithmetic } from './Arithmetic.tsx';
import { arithmeticOf } from './arithmetic.ts';
import { ShapeCells, ShapeHead } from './shape-cells.tsx';
import { ShapeInspector } from './ShapeInspector.tsx';
import { nextShapeRow, shapeRows } from './shape-rows.ts';
import gridCss from '../../../components/Grid.module.css';
import css from './Shapes.module.css';

const rowsWhileLoading = 12;

/** Review classes of changes instead of single records, without leaving any out. */
export function ShapesView({ snapshot, mapping }: { snapshot: Snapshot; mapping: Mapping }) {
  const filter = useFilter();
  const { query } = usePlace();
  useFilterTerms();
  const call = useQueryCall('shapes.list', { filter: filter.list.filter }, { keepPrevious: true });
  const chosen = query.get('shape');
  const open = (query.get('open') ?? '').split(',').filter((priority) => priority !== '');
  const shapes = call.data?.shapes ?? [];
  const rows = shapeRows(shapes, open, chosen);
  const isFiltered = filter.list.filter !== '';
  const sums = arithmeticOf(shapes, call.data?.records ?? 0, isFiltered ? null : snapshot.creates + snapshot.updates);
  const found = rows.findIndex((row) => row.id === chosen);
  const current = found === -1 ? nextShapeRow(rows, 0, 0) : found;
  const row = rows[current];
  const grid = useRef<GridHandle>(null);
  const panes = useRef<HTMLDivElement>(null);
  const move = (to: number) => changeQuery({ shape: rows[nextShapeRow(rows, current, to)]?.id ?? null }, { replace: true });
  const unfold = (priority: string, first: string | undefined) => changeQuery({ open: [...open, priority].join(','), shape: first ?? null }, { replace: true });
  const inspect = () => {
    if (row?.kind === 'fold') unfold(row.priority, row.shapes[0]?.id);
    else panes.current?.querySelector<HTMLElement>('[aria-label="Shape details"]')?.focus();
  };
  return (
    <div className={css['shapes']} ref={panes}>
      <section className={gridCss['grid-pane']} aria-label="Shapes">
        {(isFiltered || filter.problem !== null) && <ViewFilter filter={filter} count={call.data ? `${number(call.data.records)} of ${plural(snapshot.creates + snapshot.updates, 'pending change')}` : 'counting…'} />}
        {call.error && <FailureBanner what="The change shapes could not be read" error={errorOf(call.error)} onRetry={() => void call.refetch()} />}
        {filter.problem !== null && (
          <Banner severity="warning" title="The filter cannot be read." actions={<UnreadableActions filter={filter} />}>
            {filter.problem} All pending changes are shown.
          </Banner>
        )}
        {call.data && rows.length === 0 ? (
          <div className={css['empty']}>
            <NoMatch filter={filter} />
          </div>
        ) : call.error && !call.data ? (
          <div className={css['empty']}>
            <EmptyState icon="shape" title="The shapes could not be read">
              Try again, or review record by record.
            </EmptyState>
          </div>
        ) : (
          <Grid
            label="Change shapes"
            rowCount={call.data ? rows.length : rowsWhileLoading}
            columnCount={8}
            className={css['columns']}
            handle={grid}
            head={<ShapeHead />}
            current={call.data ? current : 0}
            onMove={move}
            onOpen={inspect}
            row={(index) => {
              const drawn = rows[index];
              return drawn ? { key: drawn.id, cells: <ShapeCells row={drawn} mapping={mapping} total={sums.sum} /> } : null;
            }}
          />
        )}
        {call.data && rows.length > 0 && <Arithmetic sums={sums} isFiltered={isFiltered} />}
      </section>
      <PaneSeparator label="Resize inspector" pane="inspector" side="after" />
      <ShapeInspector row={row} isLoading={call.isPending} mapping={mapping} isFiltered={isFiltered} onUnfold={unfold} onBack={() => grid.current?.focus()} />
    </div>
  );
}
