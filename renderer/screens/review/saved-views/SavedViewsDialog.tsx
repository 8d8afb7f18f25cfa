import { useRef, useState } from 'react';
import type { SavedView } from '../../../../shared/domain/review.ts';
import { errorOf, useCommandCall, useQueryCall } from '../../../api/query-call.ts';
import { goTo } from '../../../app/place.ts';
import { readOnlyReason } from '../../../app/off-reasons.ts';
import { useCopy } from '../../../app/use-copy.ts';
import { useInfo } from '../../../app/use-info.ts';
import { useNow } from '../../../app/use-now.ts';
import { Button } from '../../../components/Button.tsx';
import { DataText } from '../../../components/DataText.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';
import { momentOf } from '../../../words/dates.ts';
import { openAddress } from './view-address.ts';
import css from './SavedViews.module.css';

export interface SavedViewsDialogProps {
  onSave: () => void;
  onClose: () => void;
}

function ViewLine({ view, readOnly, onOpen, onDelete }: { view: SavedView; readOnly: string | null; onOpen: () => void; onDelete: () => void }) {
  const now = useNow();
  const copy = useCopy();
  return (
    <li>
      <span className={css['what']}>
        <DataText text={view.name} />
        <small>
          by <DataText text={view.by} />, {momentOf(view.at, now)}
        </small>
      </span>
      <Button size="small" label={`Open ${view.name}`} onClick={onOpen}>
        Open
      </Button>
      <Button size="small" label={`Copy link of ${view.name}`} icon="copy" onClick={() => void copy(new URL(openAddress(view.address), window.location.href).href, `Copied the link of ${view.name}.`)}>
        Copy link
      </Button>
      <Button size="small" look="quiet" label={`Delete ${view.name}`} off={readOnly} onClick={onDelete}>
        Delete
      </Button>
    </li>
  );
}

/** Filters and orders under names: open one, pass its address on, take one away and put it back. */
export function SavedViewsDialog({ onSave, onClose }: SavedViewsDialogProps) {
  const list = useQueryCall('savedViews.list', {});
  const remove = useCommandCall('savedViews.delete');
  const putBack = useCommandCall('savedViews.save');
  const readOnly = readOnlyReason(useInfo());
  const [deleted, setDeleted] = useState<SavedView | null>(null);
  const first = useRef<HTMLButtonElement>(null);
  const views = list.data?.views ?? [];
  return (
    <Dialog
      title="Saved views"
      onClose={onClose}
      focus={first}
      size="wide"
      buttons={
        <>
          <Button buttonRef={first} onClick={onClose}>
            Close
          </Button>
          <Button look="primary" off={readOnly} onClick={onSave} popup="dialog">
            Save this view…
          </Button>
        </>
      }
    >
      {list.error && <FailureCallout what="The saved views could not be read" error={errorOf(list.error)} onRetry={() => void list.refetch()} />}
      {remove.error && <FailureCallout what={`${remove.variables.name} could not be deleted`} error={errorOf(remove.error)} />}
      {putBack.error && <FailureCallout what={`${putBack.variables.name} could not be put back`} error={errorOf(putBack.error)} />}
      {list.data && views.length === 0 && deleted === null && <p>No view is saved yet. Choose filters and an order, then save them under a name.</p>}
      <ul className={css['views']} aria-label="Saved views">
        {views.map((view) => (
          <ViewLine
            key={view.name}
            view={view}
            readOnly={readOnly}
            onOpen={() => {
              onClose();
              goTo(openAddress(view.address));
            }}
            onDelete={() => remove.mutate({ name: view.name }, { onSuccess: () => (setDeleted(view), first.current?.focus()) })}
          />
        ))}
      </ul>
      {deleted && (
        <p role="status">
          Deleted <DataText text={deleted.name} />.{' '}
          <Button size="small" onClick={() => putBack.mutate({ name: deleted.name, address: deleted.address }, { onSuccess: () => (setDeleted(null), first.current?.focus()) })}>
            Put it back
          </Button>
        </p>
      )}
    </Dialog>
  );
}
