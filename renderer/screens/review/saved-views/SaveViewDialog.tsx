import { useRef, useState } from 'react';
import { errorOf, useCommandCall, useQueryCall } from '../../../api/query-call.ts';
import { useNotifications } from '../../../app/notifications.tsx';
import { Callout } from '../../../components/Banner.tsx';
import { Button } from '../../../components/Button.tsx';
import { DataText } from '../../../components/DataText.tsx';
import { Dialog, TextField } from '../../../components/Dialog.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';

const longestName = 80;

/** Asks for the name of what is on screen; one of the same name is replaced, which is said before. */
export function SaveViewDialog({ address, onClose }: { address: string; onClose: () => void }) {
  const [name, setName] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const views = useQueryCall('savedViews.list', {}).data?.views ?? [];
  const save = useCommandCall('savedViews.save');
  const { notify } = useNotifications();
  const wanted = name.trim();
  const same = views.find((view) => view.name === wanted);
  const off = wanted === '' ? 'Give a name.' : wanted.length > longestName ? `A name has at most ${longestName} characters.` : save.isPending ? 'It is being saved.' : null;
  const words = same ? 'Replace view' : 'Save view';
  const confirm = () => {
    if (off !== null) return;
    save.mutate(
      { name: wanted, address },
      {
        onSuccess: () => {
          onClose();
          notify(`${same ? 'Replaced' : 'Saved'} the view ${wanted}.`);
        },
      },
    );
  };
  return (
    <Dialog
      title="Save this view"
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={off} onClick={confirm}>
            {words}
          </Button>
        </>
      }
    >
      <p>Keeps the filter, the order and the kind of view under a name, for everybody who works with this workspace. Records that come later and match are in it too.</p>
      <TextField label="Name" value={name} onChange={setName} inputRef={field} placeholder="P2 without blockers" />
      {same && (
        <Callout severity="warning">
          There is a view <DataText text={same.name} /> by <DataText text={same.by} />. Saving replaces it.
        </Callout>
      )}
      {save.error && <FailureCallout error={errorOf(save.error)} />}
    </Dialog>
  );
}
