import { useRef, useState } from 'react';
import { readOnlyReason } from '../app/off-reasons.ts';
import { useInfo } from '../app/use-info.ts';
import { useNow } from '../app/use-now.ts';
import { useNotifications } from '../app/notifications.tsx';
import { errorOf, useCommandCall } from '../api/query-call.ts';
import { Button } from '../components/Button.tsx';
import { DataText } from '../components/DataText.tsx';
import { Dialog, TextField } from '../components/Dialog.tsx';
import { FailureCallout } from '../components/Failure.tsx';
import { momentOf } from '../words/dates.ts';

/** Stops runs after their chunk and refuses new pushes, with one line of why. */
export function PauseDialog({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const pause = useCommandCall('pushes.pause');
  const confirm = () => {
    if (reason.trim() === '') return;
    pause.mutate({ reason }, { onSuccess: () => (onClose(), notify('Pushes are paused.')) });
  };
  return (
    <Dialog
      title="Pause all pushes"
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="pause" off={reason.trim() === '' ? 'Say why, for everyone who sees the banner.' : null} onClick={confirm}>
            Pause all pushes
          </Button>
        </>
      }
    >
      <p>Stops a run after the chunk in flight and refuses every new push. Refresh and review go on.</p>
      <TextField label="Why" value={reason} onChange={setReason} inputRef={field} placeholder="One line for everyone who sees the banner" />
      {pause.error && <FailureCallout error={errorOf(pause.error)} />}
    </Dialog>
  );
}

/** Lets pushes go on; nothing is sent by it. */
export function ResumePushesDialog({ onClose }: { onClose: () => void }) {
  const info = useInfo();
  const now = useNow();
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const resume = useCommandCall('pushes.unpause');
  const confirm = () => resume.mutate(reason.trim() === '' ? {} : { reason }, { onSuccess: () => (onClose(), notify('Pushes can go on.')) });
  return (
    <Dialog
      title="Resume pushes"
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="play" onClick={confirm} off={readOnlyReason(info)}>
            Resume pushes
          </Button>
        </>
      }
    >
      {info?.paused && (
        <p>
          Paused by <DataText text={info.paused.by} /> at {momentOf(info.paused.at, now)}: “<DataText text={info.paused.reason} />”
        </p>
      )}
      <p>Nothing is sent by this. A stopped run goes on only when it is resumed.</p>
      <TextField label="Why, optional" value={reason} onChange={setReason} inputRef={field} />
      {resume.error && <FailureCallout error={errorOf(resume.error)} />}
    </Dialog>
  );
}
