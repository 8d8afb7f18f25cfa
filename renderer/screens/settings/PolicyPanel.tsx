import { useState } from 'react';
import { policySchema, type Policy } from '../../../shared/domain/policy.ts';
import { errorOf, useCommandCall, useQueryCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { readOnlyReason } from '../../app/off-reasons.ts';
import { useInfo } from '../../app/use-info.ts';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Banner.tsx';
import { ChoiceGroup } from '../../components/ChoiceGroup.tsx';
import { TextField } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { Panel } from '../../components/Panel.tsx';
import { plural } from '../../words.ts';
import css from './Settings.module.css';

interface Draft {
  approvals: '1' | '2';
  selfApproval: boolean;
  approvalHours: string;
  chunkSize: string;
  bulkThreshold: string;
  pilotGate: boolean;
  /** Blank: no limit. */
  auditBacklogLimit: string;
  apiReserve: string;
}

function draftOf(policy: Policy): Draft {
  return { approvals: policy.approvals === 2 ? '2' : '1', selfApproval: policy.selfApproval, approvalHours: String(policy.approvalHours), chunkSize: String(policy.chunkSize), bulkThreshold: String(policy.bulkThreshold), pilotGate: policy.pilotGate, auditBacklogLimit: policy.auditBacklogLimit === null ? '' : String(policy.auditBacklogLimit), apiReserve: String(policy.apiReserve) };
}

/** What the form does not show stays as it is. */
function policyOf(draft: Draft, policy: Policy): Policy | null {
  const parsed = policySchema.safeParse({ ...policy, ...draft, approvals: draft.approvals === '2' ? 2 : 1, approvalHours: Number(draft.approvalHours), chunkSize: Number(draft.chunkSize), bulkThreshold: Number(draft.bulkThreshold), auditBacklogLimit: draft.auditBacklogLimit.trim() === '' ? null : Number(draft.auditBacklogLimit), apiReserve: Number(draft.apiReserve) });
  return parsed.success ? parsed.data : null;
}

/** What must hold before anything is pushed; each save is an audit event and names its effect. */
export function PolicyPanel({ policy }: { policy: Policy }) {
  const info = useInfo();
  const [draft, setDraft] = useState(() => draftOf(policy));
  const { notify } = useNotifications();
  const save = useCommandCall('settings.savePolicy');
  const waiting = (useQueryCall('batches.list', {}).data?.batches ?? []).filter((batch) => batch.state === 'submitted' || batch.state === 'approved');
  const next = policyOf(draft, policy);
  const isChanged = next !== null && JSON.stringify(next) !== JSON.stringify(policySchema.parse(policy));
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const readOnly = readOnlyReason(info);
  const raises = next !== null && next.approvals > policy.approvals;
  return (
    <Panel
      title="Policy"
      meta="checked by the core for every caller"
      foot={
        <>
          <Button
            look="primary"
            off={readOnly ?? (next === null ? 'A number is out of range.' : isChanged ? null : 'Nothing is changed.')}
            onClick={() => next && save.mutate(next, { onSuccess: () => notify('Saved the policy. It is in the audit log.') })}
          >
            Save policy
          </Button>
          <Button off={isChanged || next === null ? null : 'Nothing is changed.'} onClick={() => setDraft(draftOf(policy))}>
            Discard
          </Button>
        </>
      }
    >
      <div className={css['form']}>
        <ChoiceGroup
          legend="Approvals needed"
          value={draft.approvals}
          onChange={(approvals) => change({ approvals })}
          choices={[
            { value: '1', label: '1 approval' },
            { value: '2', label: '2 approvals', hint: 'by two people' },
          ]}
        />
        <label className={css['check']}>
          <input className="box" type="checkbox" checked={draft.selfApproval} onChange={(event) => change({ selfApproval: event.target.checked })} />
          Who proposes a batch may approve it
        </label>
        <label className={css['check']}>
          <input className="box" type="checkbox" checked={draft.pilotGate} onChange={(event) => change({ pilotGate: event.target.checked })} />
          A full batch waits for green pilot gates
        </label>
        <TextField label="Approvals last, hours" type="number" value={draft.approvalHours} onChange={(approvalHours) => change({ approvalHours })} />
        <TextField label="Records in a chunk, 1 to 200" type="number" value={draft.chunkSize} onChange={(chunkSize) => change({ chunkSize })} />
        <TextField label="Bulk API above, records" type="number" value={draft.bulkThreshold} onChange={(bulkThreshold) => change({ bulkThreshold })} />
        <TextField
          label="Block new runs when more audit events wait than"
          value={draft.auditBacklogLimit}
          onChange={(auditBacklogLimit) => change({ auditBacklogLimit })}
          hint="Events that are not yet copied to the warehouse. Blank: no limit."
        />
        <TextField
          label="API calls left to others, a day"
          type="number"
          value={draft.apiReserve}
          onChange={(apiReserve) => change({ apiReserve })}
          hint="A run that needs more calls than the org has left beyond these is not started."
        />
        {raises && waiting.length > 0 && (
          <Callout severity="warning">
            {next.approvals} approvals: {plural(waiting.length, 'batch', 'batches')} that {waiting.length === 1 ? 'waits' : 'wait'} may need one more.
          </Callout>
        )}
        {save.error && <FailureCallout error={errorOf(save.error)} />}
      </div>
    </Panel>
  );
}
