import { useEffect, useRef } from 'react';
import { whatIfViews, type WhatIfDraft } from '../../../../shared/domain/what-if.ts';
import { useDialogs } from '../../../app/dialogs.tsx';
import { useInfo } from '../../../app/use-info.ts';
import { CommandButton } from '../../../commands/CommandButton.tsx';
import { useBindCommands } from '../../../commands/store.tsx';
import { Banner } from '../../../components/Banner.tsx';
import { Button } from '../../../components/Button.tsx';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { FailureBanner } from '../../../components/Failure.tsx';
import type { View } from '../view-words.ts';
import { EditPlanDialog } from './EditPlanDialog.tsx';
import { lineOf } from './line-of.ts';
import { PlanChoice } from './PlanChoice.tsx';
import { Result, resultHeadingId } from './Result.tsx';
import { RunSteps } from './RunSteps.tsx';
import { useComparison } from './use-comparison.ts';
import { usePlanB } from './use-plan-b.ts';
import css from './WhatIf.module.css';

/** Tries another rule on the cached rows and shows what would become of the plan. Nothing here changes a view, a decision or a record. */
export function WhatIf({ view }: { view: View }) {
  const snapshot = useInfo()?.snapshot;
  const plan = usePlanB();
  const comparison = useComparison();
  const { open } = useDialogs();
  const runButton = useRef<HTMLButtonElement>(null);
  const wantsFocus = useRef(false);
  const { result, isRunning, failed } = comparison;
  const running = isRunning ? 'Plan B is being compared.' : null;
  const noSnapshot = snapshot === null ? 'There is no snapshot yet: nothing to compare.' : null;

  const run = async (draft: WhatIfDraft) => {
    wantsFocus.current = true;
    if (!(await comparison.run(draft))) wantsFocus.current = false;
  };
  useEffect(() => {
    if (!wantsFocus.current || result === null) return;
    wantsFocus.current = false;
    document.getElementById(resultHeadingId)?.focus();
  }, [result]);

  const edit = (of = view.name) => open((close) => <EditPlanDialog viewName={of} failedBefore={failed} onClose={close} />);
  const editOff = whatIfViews.some((one) => one === view.name) ? null : `${view.name} cannot be tried with another text. Choose ${whatIfViews.slice(0, -1).join(', ')} or ${whatIfViews.at(-1)} in the list of views.`;
  useBindCommands({
    'try-rule': { run: () => plan.draft && void run(plan.draft), off: noSnapshot ?? running ?? plan.off },
    'edit-plan-b': { run: () => edit(), off: noSnapshot ?? running ?? editOff },
  });
  const failedLine = failed && 'view' in failed.draft ? { view: failed.draft.view, line: lineOf(failed.error) } : null;

  return (
    <section className={css['what-if']} aria-label="What if" data-region="" tabIndex={0}>
      <div className="cluster">
        <h2>What if</h2>
        <span className="muted small">{snapshot ? `computed here on the cached rows of ${snapshot.id}; nothing is sent` : 'computed here on the cached rows; nothing is sent'}</span>
      </div>
      {snapshot === null ? (
        <EmptyState icon="snapshot" title="No snapshot yet" actions={<CommandButton id="refresh" icon="refresh" look="primary" />}>
          Another rule is tried on the rows of a snapshot. Refresh first.
        </EmptyState>
      ) : (
        <>
          <PlanChoice plan={plan} runButton={runButton} />
          {isRunning && (
            <RunSteps
              progress={comparison.progress}
              onCancel={() => {
                comparison.cancel();
                runButton.current?.focus();
              }}
            />
          )}
          {failed && !isRunning && (
            <div role="alert">
              <FailureBanner
                what="The plans could not be compared"
                error={failed.error}
                onRetry={() => void run(failed.draft)}
                actions={
                  failedLine && (
                    <Button size="small" popup="dialog" onClick={() => edit(failedLine.view)}>
                      {failedLine.line === null ? 'Edit the text…' : `Show line ${failedLine.line}…`}
                    </Button>
                  )
                }
              />
            </div>
          )}
          {result && snapshot && result.snapshotId !== snapshot.id && !isRunning && (
            <Banner
              severity="warning"
              icon="stale"
              title={`This result is of ${result.snapshotId}; the snapshot is ${snapshot.id} now.`}
              actions={
                <Button size="small" onClick={() => void run(result.draft)}>
                  Run again
                </Button>
              }
            >
              Its numbers and records are those of then.
            </Banner>
          )}
          {result ? <Result result={result} plan={plan} /> : !isRunning && !failed && <p className="muted">Choose another rule, then run it. Both plans are made from the same rows and compared record by record; the pending changes, decisions and views stay as they are.</p>}
        </>
      )}
    </section>
  );
}
