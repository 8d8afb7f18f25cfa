import { useRef, useState } from 'react';
import type { Draw } from '../../shared/domain/batch.ts';
import { parseFilter } from '../../shared/domain/filter.ts';
import { addressOf, goTo, usePlace } from '../app/place.ts';
import { useNotifications } from '../app/notifications.tsx';
import { errorOf, useCommandCall, useQueryCall } from '../api/query-call.ts';
import { Button } from '../components/Button.tsx';
import { ChoiceGroup } from '../components/ChoiceGroup.tsx';
import { Dialog, TextField } from '../components/Dialog.tsx';
import { FailureCallout } from '../components/Failure.tsx';
import { number } from '../words.ts';

type DrawChoice = 'pilot' | 'all-approved' | 'filter';

function wholeNumber(text: string): number {
  const value = Number.parseInt(text, 10);
  return Number.isFinite(value) && value >= 0 ? value : 0;
}

/** Makes a draft: a drawn pilot, everything approved, or what the filter shows. */
export function NewBatchDialog({ onClose, startWith = 'pilot' }: { onClose: () => void; startWith?: DrawChoice }) {
  const place = usePlace();
  const filter = place.screen === 'review' ? (place.query.get('filter') ?? '') : '';
  const hasFilter = filter !== '' && parseFilter(filter).ok;
  const facets = useQueryCall('pending.facets', { filter: '' });
  const batches = useQueryCall('batches.list', {});
  const [by, setBy] = useState<DrawChoice>(startWith);
  const pilots = batches.data?.batches.filter((batch) => batch.isPilot).length ?? 0;
  const others = (batches.data?.batches.length ?? 0) - pilots;
  const suggested = by === 'pilot' ? `Pilot ${pilots + 1}` : `Full ${others + 1}`;
  const [ownName, setOwnName] = useState<string | null>(null);
  const [creates, setCreates] = useState('50');
  const [updates, setUpdates] = useState('50');
  const [seed, setSeed] = useState('1');
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const create = useCommandCall('batch.create');
  const name = ownName ?? suggested;
  const approved = facets.data?.decision.find((fact) => fact.value === 'approve')?.count ?? 0;
  const draw: Draw = by === 'pilot' ? { by, creates: wholeNumber(creates), updates: wholeNumber(updates), seed } : by === 'filter' ? { by, filter } : { by };
  const confirm = () => {
    create.mutate(
      { name, draw },
      {
        onSuccess: (batch) => {
          onClose();
          notify(`${batch.name} is a draft with ${number(batch.creates + batch.updates)} records.`);
          goTo(addressOf('batches', { batch: batch.id }));
        },
      },
    );
  };
  return (
    <Dialog
      title="New batch"
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      note="A draft sends nothing."
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={name.trim() === '' ? 'Give it a name.' : create.isPending ? 'The draft is being made.' : null} onClick={confirm}>
            {by === 'pilot' ? 'Draw pilot' : 'Make draft'}
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setOwnName} inputRef={field} />
      <ChoiceGroup
        legend="Members"
        value={by}
        onChange={setBy}
        choices={[
          { value: 'pilot', label: 'Pilot: a stratified draw', hint: 'From every stratum, the same for the same seed. Records without a decision are approved by drawing them.' },
          { value: 'all-approved', label: `All approved (${number(approved)})`, hint: 'Every approved change without blockers that is in no other open batch.' },
          ...(hasFilter ? [{ value: 'filter' as const, label: 'What the filter shows', hint: filter }] : []),
        ]}
      />
      {by === 'pilot' && (
        <div className="cluster">
          <TextField label="Creates" type="number" value={creates} onChange={setCreates} />
          <TextField label="Updates" type="number" value={updates} onChange={setUpdates} />
          <TextField label="Seed" value={seed} onChange={setSeed} />
        </div>
      )}
      {create.error && <FailureCallout error={errorOf(create.error)} />}
    </Dialog>
  );
}
