import type { WhatIf, WhatIfText } from '../../../../shared/domain/what-if.ts';
import { errorOf, useQueryCall } from '../../../api/query-call.ts';
import { FailureBanner } from '../../../components/Failure.tsx';
import { Panel } from '../../../components/Panel.tsx';
import { plural } from '../../../words.ts';
import { SideBySideTable } from '../SideBySideTable.tsx';
import { sideBySide, type SideBySideRow } from '../side-by-side.ts';
import css from './WhatIf.module.css';

/** Plan A on the left, plan B on the right. */
export function planRows({ asIs, sql, differences }: WhatIfText): SideBySideRow[] {
  return sideBySide({ deployed: asIs, expected: sql, differences: differences.map(({ line, plan, text }) => ({ line, text, side: plan === 'a' ? 'deployed' : 'expected' })) });
}

/** The changed lines of the view, plan A beside plan B. */
export function PlanTexts({ result }: { result: WhatIf }) {
  const call = useQueryCall('whatIf.draft', { draft: result.draft });
  if (call.error) return <FailureBanner what="The changed lines could not be read" error={errorOf(call.error)} onRetry={() => void call.refetch()} />;
  if (!call.data) return null;
  const lines = call.data.differences.filter(({ plan }) => plan === 'b').length;
  return (
    <Panel title="Changed lines" meta={`${plural(lines, 'line')} of ${result.view}`} isPadded={false}>
      <div className={css['lines']}>
        <SideBySideTable label={`Changed lines of ${result.view}`} rows={planRows(call.data)} left={{ head: 'Plan A', only: 'Only in plan A:' }} right={{ head: 'Plan B', only: 'Only in plan B:' }} />
      </div>
    </Panel>
  );
}
