import type { WhatIf } from '../../../../shared/domain/what-if.ts';
import { errorOf, useCommandCall } from '../../../api/query-call.ts';
import { useNotifications } from '../../../app/notifications.tsx';
import { useQueryValue } from '../../../app/place.ts';
import { CommandButton } from '../../../commands/CommandButton.tsx';
import { useBindCommands } from '../../../commands/store.tsx';
import { Callout } from '../../../components/Banner.tsx';
import { Button } from '../../../components/Button.tsx';
import { FailureBanner } from '../../../components/Failure.tsx';
import { Icon } from '../../../components/Icon.tsx';
import { Tag } from '../../../components/Mark.tsx';
import { number, plural } from '../../../words.ts';
import { asIsWords, consequenceOf, draftWords, isSame } from '../../../words/what-if.ts';
import { Difference } from './Difference.tsx';
import { DifferingRecords } from './DifferingRecords.tsx';
import { PlanTexts } from './PlanTexts.tsx';
import type { PlanB } from './use-plan-b.ts';
import { ViewRows } from './ViewRows.tsx';
import { WhatWouldChange } from './WhatWouldChange.tsx';
import css from './WhatIf.module.css';

/** The heading that takes the focus after a run. */
export const resultHeadingId = 'what-if-result';

function Plan({ name, tag, words, counts }: { name: string; tag: string; words: string; counts: WhatIf['a'] }) {
  return (
    <div>
      <h3>
        {name} <Tag>{tag}</Tag>
      </h3>
      <p>{words}</p>
      <p>
        <b className="strong">{plural(counts.total, 'record')}</b>, {number(counts.p1)} P1, {number(counts.p2)} P2
      </p>
    </div>
  );
}

/** What a comparison has found. */
export function Result({ result, plan }: { result: WhatIf; plan: PlanB }) {
  const [shown, setShown] = useQueryValue('records');
  const { notify } = useNotifications();
  const exporting = useCommandCall('whatIf.export');
  const differs = !isSame(result);
  const exportComparison = () => exporting.mutate({ id: result.id }, { onSuccess: ({ file, records }) => notify(`Exported ${plural(records, 'record')} to ${file}.`) });
  const exportError = exporting.error ? errorOf(exporting.error) : null;
  useBindCommands({ 'export-comparison': { run: exportComparison, off: exporting.isPending ? 'The comparison is being written.' : differs ? null : 'Nothing differs, so there is nothing to export.' } });
  const isOfAnother = plan.draft !== null && JSON.stringify(plan.draft) !== JSON.stringify(result.draft);
  return (
    <>
      <h2 id={resultHeadingId} tabIndex={-1} className={css['result-head']}>
        Plan B: {draftWords(result.draft, plan.mapped)}
      </h2>
      {isOfAnother && <p className="muted small">This is the last plan B that was run. What is chosen above has not been run yet.</p>}
      <div className={css['versus']}>
        <Plan name="Plan A" tag="deployed" words={asIsWords(result.draft, plan.mapped)} counts={result.a} />
        <div className={css['vs']} aria-hidden="true">
          <Icon name="arrow-right" />
        </div>
        <Plan name="Plan B" tag="draft" words={draftWords(result.draft, plan.mapped)} counts={result.b} />
      </div>
      <Difference result={result} />
      {!differs ? (
        <Callout icon="equals">
          <b className="strong">Plan B gives the same {plural(result.a.total, 'record')}, value for value.</b>
        </Callout>
      ) : (
        <>
          <Callout icon="arrow-right">
            <b className="strong">{consequenceOf(result)}</b>
            {result.unknown > 0 && <p className="muted small">Of {plural(result.unknown, 'record')} it is not known here what Salesforce has now; plan B counts {result.unknown === 1 ? 'it' : 'them'} as pending.</p>}
          </Callout>
          <WhatWouldChange
            result={result}
            actions={
              <Button size="small" expanded={shown !== null} onClick={() => setShown(shown === null ? 'all' : null, { replace: true })}>
                {shown === null ? 'Show records' : 'Hide records'}
              </Button>
            }
          />
          {shown !== null && <DifferingRecords key={result.id} result={result} />}
        </>
      )}
      <ViewRows result={result} />
      <PlanTexts result={result} />
      {exportError && exportError.code !== 'cancelled' && <FailureBanner what="The comparison could not be exported" error={exportError} onRetry={exportComparison} />}
      <div className="cluster">
        <CommandButton id="export-comparison" icon="download" />
        <span className="muted small">Every record that differs, a line for each field, as CSV.</span>
      </div>
    </>
  );
}
