import { useRef, useState } from 'react';
import type { AppInfo } from '../../../shared/contract.ts';
import { apiBudget, estimateCalls, isWithinBudget } from '../../../shared/domain/api-budget.ts';
import type { Batch, PreflightItem, PushMode, Run } from '../../../shared/domain/batch.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import { useQueryCall } from '../../api/query-call.ts';
import { usePushes } from '../../app/pushes.tsx';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Banner.tsx';
import { CheckList } from '../../components/CheckList.tsx';
import { ChoiceGroup, type Choice } from '../../components/ChoiceGroup.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Dialog, DialogColumns, SummaryTable } from '../../components/Dialog.tsx';
import { SeverityMark } from '../../components/Mark.tsx';
import { createsAndUpdates, number, plural } from '../../words.ts';
import { withMoments } from '../../words/dates.ts';
import { autoMeaning, budgetSentence, chunksOf, effectiveMode, modeWords } from '../../words/runs.ts';
import { severityLooks } from './preflight-looks.ts';
import { ConfirmField, usePushFacts } from './PushFacts.tsx';

/** What the dialog repeats of the preflight: all that stands in the way. The budget hangs on the mode and is said anew. */
function isSaid({ id, state }: PreflightItem): boolean {
  return id !== 'api-budget' && (state === 'blocker' || state === 'warning');
}

/** What the day's API calls allow, for a push in this mode. */
function budgetItem(batch: Batch, mode: Run['mode'], policy: Policy, api: AppInfo['api']): PreflightItem {
  const budget = apiBudget(estimateCalls(batch, mode, policy.chunkSize), { dailyUsed: api?.used ?? null, dailyLimit: api?.limit ?? null }, policy);
  return { id: 'api-budget', state: budget.left === null ? 'not-checked' : isWithinBudget(budget) ? 'passed' : 'blocker', text: budgetSentence(budget) };
}

/** The last step before anything is sent: org, number, way and consequence; production is typed. */
export function PushDialog({ batch, preflight, onClose }: { batch: Batch; preflight: readonly PreflightItem[]; onClose: () => void }) {
  const info = useInfo();
  const now = useNow();
  const pushes = usePushes();
  const policy = useQueryCall('settings.get', {}).data?.policy;
  const [mode, setMode] = useState<PushMode>('auto');
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const environment = info?.org?.environment;
  const isProduction = environment === 'production';
  const expected = `${batch.orgName}:${batch.creates}+${batch.updates}`;
  const records = batch.creates + batch.updates;
  const isConfirmed = !isProduction || typed === expected;
  const facts = usePushFacts(batch, `${number(records)}: ${createsAndUpdates(batch.creates, batch.updates)}${batch.fields === null ? '' : `, ${plural(batch.fields, 'field')}`}`);
  const effective = effectiveMode(mode, records, policy?.bulkThreshold ?? Infinity);
  const said = [...preflight.filter(isSaid), ...(policy ? [budgetItem(batch, effective, policy, info?.api ?? null)] : [])];
  const chunks = policy && plural(chunksOf(batch, effective, policy.chunkSize), 'chunk');
  const confirm = () => {
    if (!isConfirmed) return;
    onClose();
    pushes.push(batch, { mode, ...(isProduction ? { confirm: typed } : {}) });
  };
  const choices: Choice<PushMode>[] = [
    { value: 'auto', label: 'Auto', ...(policy ? { hint: autoMeaning(records, policy.bulkThreshold) } : {}) },
    ...(['collections', 'bulk', 'strict'] as const).map((value) => ({ value, label: modeWords[value].name, hint: modeWords[value].meaning })),
  ];
  return (
    <Dialog
      title="Push to Salesforce"
      onClose={onClose}
      environment={environment}
      size="widest"
      focus={isProduction ? field : cancel}
      onSubmit={confirm}
      note={isProduction && isConfirmed ? <SeverityMark severity="ok" icon="check">Matches</SeverityMark> : 'You can stop after any chunk.'}
      buttons={
        <>
          <Button onClick={onClose} buttonRef={cancel}>
            Cancel
          </Button>
          <Button look={isProduction ? 'production' : 'primary'} off={isConfirmed ? null : `Type ${expected} first.`} onClick={confirm}>
            Push {plural(records, 'record')}
          </Button>
        </>
      }
    >
      <DialogColumns>
        <div>
          <SummaryTable rows={[...facts, ...(chunks ? [{ name: 'Takes', value: `${chunks} by ${modeWords[effective].name.toLowerCase()}` }] : [])]} />
          {said.length > 0 && <CheckList label="Preflight" isInline items={said.map((item) => ({ id: item.id, severity: severityLooks[item.state], text: <DataText text={withMoments(item.text, now)} /> }))} />}
        </div>
        <ChoiceGroup legend="Mode" choices={choices} value={mode} onChange={setMode} />
      </DialogColumns>
      <Callout>
        <b className="strong">Not checked:</b> validation rules, triggers and flows in Salesforce. A record that changed since review is left alone. {modeWords[effective].gap}
      </Callout>
      {isProduction && <ConfirmField expected={expected} typed={typed} onType={setTyped} field={field} />}
    </Dialog>
  );
}
