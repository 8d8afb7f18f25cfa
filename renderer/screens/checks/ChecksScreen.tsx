import { useRef } from 'react';
import { formatFilter } from '../../../shared/domain/filter.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { addressOf, changeQuery, goTo, usePlace } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { Grid, type GridHandle } from '../../components/Grid.tsx';
import { SeverityMark } from '../../components/Mark.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { number, plural } from '../../words.ts';
import { nextRow, rowsOf, type CheckRow } from './check-rows.ts';
import asideCss from '../../components/Aside.module.css';
import gridCss from '../../components/Grid.module.css';
import css from './Checks.module.css';

const subjects = { pending: ['pending change', 'pending changes'], property: ['property', 'properties'], record: ['staging record', 'staging records'], field: ['field', 'fields'] } as const;

function CheckCells({ row }: { row: CheckRow }) {
  if (row.kind === 'group') {
    return (
      <span role="gridcell" className={css['group']}>
        {row.title} ({row.count})
      </span>
    );
  }
  const isCheck = row.kind === 'check';
  return (
    <>
      <span role="gridcell" className={gridCss['cell-flex']}>
        <SeverityMark severity={isCheck ? row.look : 'unchecked'} />
      </span>
      <span role="rowheader" title={isCheck ? row.check.meaning : row.text}>
        {isCheck ? row.check.meaning : row.text}
      </span>
      <span role="gridcell" className="num">
        {isCheck ? number(row.check.count) : ''}
      </span>
      <span role="gridcell" className="muted" title={isCheck && !row.check.passed ? row.check.fix : undefined}>
        {isCheck ? (row.check.passed ? '' : row.check.fix) : 'Only Salesforce can evaluate this, during the push.'}
      </span>
    </>
  );
}

function CheckPanel({ row, onBack }: { row: CheckRow | undefined; onBack: () => void }) {
  const facets = useQueryCall('pending.facets', { filter: '' }, { keepPrevious: true }).data;
  if (!row || row.kind === 'group') return <aside className={asideCss['aside']} aria-label="Check" />;
  if (row.kind === 'not-checked') {
    return (
      <aside className={asideCss['aside']} aria-label="Check">
        <section>
          <h2>{row.text}</h2>
          <p className="muted">Not checked. Only Salesforce can evaluate this, during the push; what it refuses becomes a failed outcome and nothing is written for that record.</p>
        </section>
      </aside>
    );
  }
  const { check } = row;
  const [one, many] = subjects[check.subject];
  const records = facets?.check.find((fact) => fact.value === check.id)?.count ?? 0;
  const show = () => goTo(addressOf('review', { filter: formatFilter([{ name: 'check', value: check.id, negated: false }]) }));
  return (
    <aside className={asideCss['aside']} aria-label="Check" tabIndex={-1} data-region="" onKeyDown={(event) => event.key === 'Escape' && onBack()}>
      <section>
        <h2>{check.meaning}</h2>
        <p>
          <SeverityMark severity={row.look}>{check.passed ? 'Passed' : `${check.severity === 'blocker' ? 'Blocker' : 'Warning'}: ${plural(check.count, one, many)}`}</SeverityMark> <span className="mono muted small">{check.id}</span>
        </p>
        {!check.passed && <p className={css['fix']}>{check.fix}</p>}
        {records > 0 && (
          <Button look="primary" onClick={show}>
            Show {plural(records, 'record')}
          </Button>
        )}
      </section>
      {check.keys.length > 0 && (
        <section aria-label="First records">
          <h3>{check.keys.length < check.count ? `First ${number(Math.min(check.keys.length, 200))} of ${plural(check.count, one, many)}` : plural(check.count, one, many)}</h3>
          <ul className={css['keys']}>
            {check.keys.slice(0, 200).map((key, index) => (
              <li key={key}>
                <span className="mono">
                  <DataText text={key} />
                </span>
                {check.details[index] !== null && check.details[index] !== undefined && (
                  <small>
                    <DataText text={check.details[index] ?? ''} />
                  </small>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}

/** What was tested, what was found, and what was not checked. */
export function ChecksScreen() {
  const info = useInfo();
  const call = useQueryCall('checks.list', {}, { keepPrevious: true, enabled: info?.snapshot !== null });
  const { query } = usePlace();
  const grid = useRef<GridHandle>(null);
  const rows = call.data ? rowsOf(call.data) : [];
  const chosen = query.get('check');
  const found = rows.findIndex((row) => row.kind !== 'group' && row.id === chosen);
  const current = found === -1 ? Math.min(1, Math.max(0, rows.length - 1)) : found;
  const move = (to: number) => {
    const row = rows[nextRow(rows, current, to)];
    if (row) changeQuery({ check: row.id }, { replace: true });
  };
  const passed = call.data?.checks.filter((check) => check.passed).length ?? 0;
  return (
    <>
      <PageHead title="Checks" actions={<CommandButton id="refresh" icon="refresh" />}>
        {call.data && (
          <span className="muted small">
            {plural(call.data.blockers, 'blocker')}, {plural(call.data.warnings, 'warning')}, {passed} of {plural(call.data.checks.length, 'check')} passed, {call.data.notChecked.length} not checked. They run with each refresh.
          </span>
        )}
      </PageHead>
      {call.error && <FailureBanner what="The checks could not be read" error={errorOf(call.error)} onRetry={() => void call.refetch()} />}
      {info && !info.snapshot ? (
        <EmptyState icon="checks" title="Nothing to check yet" actions={<CommandButton id="refresh" look="primary" icon="refresh" />}>
          The checks look at a snapshot. Load the first one.
        </EmptyState>
      ) : call.error && !call.data ? (
        <EmptyState icon="checks" title="No results to show">
          What the checks found could not be read. Blockers stop a push all the same.
        </EmptyState>
      ) : (
        <div className={css['checks']}>
          <section className={gridCss['grid-pane']} aria-label="Results">
            <Grid
              label="Checks"
              rowCount={rows.length}
              columnCount={4}
              className={css['grid-columns']}
              handle={grid}
              head={
                <>
                  <span role="columnheader">
                    <span className="visually-hidden">Severity</span>
                  </span>
                  <span role="columnheader">What it tests</span>
                  <span role="columnheader" className="num">
                    Found
                  </span>
                  <span role="columnheader">How to fix</span>
                </>
              }
              current={current}
              onMove={move}
              row={(index) => {
                const row = rows[index];
                return row ? { key: row.id, cells: <CheckCells row={row} /> } : null;
              }}
            />
          </section>
          <CheckPanel row={rows[current]} onBack={() => grid.current?.focus()} />
        </div>
      )}
    </>
  );
}
