import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { useQueryCall } from '../../../api/query-call.ts';
import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';
import { plural } from '../../../words.ts';
import { lineOf } from './line-of.ts';
import { resultHeadingId } from './Result.tsx';
import { RunSteps } from './RunSteps.tsx';
import { SqlField, type SqlFieldHandle } from './SqlField.tsx';
import { keepTextDraft } from './text-draft.ts';
import { useComparison, type FailedRun } from './use-comparison.ts';
import { usePlanB } from './use-plan-b.ts';

/** What the signs before the lines say; the line that cannot be run has a pointer in the place of its +. */
function lineWords(lines: readonly number[], badLine: number | null): string {
  const marked = lines.filter((line) => line !== badLine).length;
  const bad = badLine === null ? [] : [`Line ${badLine} cannot be run.`];
  const added = marked > 0 ? [`${plural(marked, 'line')} marked with + ${marked === 1 ? 'is' : 'are'} not in plan A.`] : lines.length === 0 ? ['Lines of plan A are left out.'] : [];
  return [...added, ...bad].join(' ');
}

/** Plan B as a text to be edited. Every change is kept at once, so closing loses nothing. `failedBefore`: a run that brought one here. */
export function EditPlanDialog({ viewName, failedBefore, onClose }: { viewName: string; failedBefore: FailedRun | null; onClose: () => void }) {
  const plan = usePlanB();
  const comparison = useComparison();
  const field = useRef<HTMLTextAreaElement>(null);
  const lineFinder = useRef<SqlFieldHandle>(null);
  const views = useQueryCall('views.list', {}).data?.views;
  const asIs = views?.find((view) => view.name === viewName)?.sql ?? '';
  /** A rule that is chosen for a field is where editing its view begins. */
  const ofRule = useQueryCall('whatIf.draft', { draft: plan.draft ?? { view: viewName, sql: ' ' } }, { enabled: plan.draft !== null && 'field' in plan.draft && plan.off === null }).data;
  const kept = plan.text?.view === viewName ? plan.text.sql : null;
  const begin = ofRule?.view === viewName ? ofRule.sql : asIs;
  const isRule = plan.draft !== null && 'field' in plan.draft;
  const sql = (isRule ? null : kept) ?? begin;
  const late = useDeferredValue(sql);
  const lines = useQueryCall('whatIf.draft', { draft: { view: viewName, sql: late } }, { enabled: late !== '', keepPrevious: true }).data?.differences.filter(({ plan }) => plan === 'b').map(({ line }) => line) ?? [];

  const [startedFrom, setStartedFrom] = useState<string | null | undefined>(undefined);
  const newId = comparison.result?.id ?? null;
  const isDone = startedFrom !== undefined && newId !== startedFrom;
  useEffect(() => {
    if (isDone) onClose();
  }, [isDone, onClose]);

  const failed = comparison.failed ?? failedBefore;
  const isOfThis = failed !== null && !comparison.isRunning && 'view' in failed.draft && failed.draft.view === viewName && failed.draft.sql === sql;
  const badLine = isOfThis ? lineOf(failed.error) : null;

  const change = (next: string) => {
    keepTextDraft({ view: viewName, sql: next });
    plan.chooseText();
  };
  const reset = () => {
    keepTextDraft(null);
    plan.clear();
    field.current?.focus();
  };
  const isAsIs = sql === asIs;
  const off = isAsIs ? 'The text is that of plan A. Change it first.' : sql.trim() === '' ? 'There is no text to run.' : comparison.isRunning ? 'Plan B is being compared.' : null;
  const run = async () => {
    if (isRule) change(sql);
    setStartedFrom(newId);
    if (!(await comparison.run({ view: viewName, sql }))) setStartedFrom(undefined);
  };
  const close = () => {
    if (comparison.isRunning) comparison.cancel();
    onClose();
  };
  return (
    <Dialog
      title="Edit plan B"
      size="widest"
      onClose={close}
      focus={field}
      finalFocus={() => (isDone ? document.getElementById(resultHeadingId) : null)}
      note="Every change is kept until this window is closed. Nothing here can deploy or send."
      buttons={
        <>
          <Button onClick={reset} off={isAsIs ? 'The text is that of plan A.' : comparison.isRunning ? 'Plan B is being compared.' : null}>
            Reset to plan A
          </Button>
          <Button onClick={close}>Close</Button>
          <Button look="primary" off={off} onClick={() => void run()}>
            Run plan B
          </Button>
        </>
      }
    >
      <p>
        The text of <span className="mono">{viewName}</span> in plan B: one SELECT with the same columns. It is run on the cached rows of this machine only.
      </p>
      <SqlField field={field} handle={lineFinder} label={`Text of ${viewName}`} value={sql} onChange={change} changedLines={lines} badLine={badLine} isReadOnly={comparison.isRunning} />
      <p className="muted small" role="status">
        {isAsIs ? 'The text is that of plan A.' : lineWords(lines, badLine)}
      </p>
      {isOfThis && <FailureCallout error={failed.error} />}
      {isOfThis && badLine !== null && (
        <Button size="small" onClick={() => lineFinder.current?.goTo(badLine)}>
          Go to line {badLine}
        </Button>
      )}
      {comparison.isRunning && <RunSteps progress={comparison.progress} onCancel={comparison.cancel} />}
    </Dialog>
  );
}
