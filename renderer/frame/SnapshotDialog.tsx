import { useRefresh } from '../app/refresh.tsx';
import { useInfo } from '../app/use-info.ts';
import { Button } from '../components/Button.tsx';
import { Dialog, SummaryTable } from '../components/Dialog.tsx';
import { FailureCallout } from '../components/Failure.tsx';
import { number, plural } from '../words.ts';
import { longDayOf, clockOf } from '../words/dates.ts';
import { RefreshSteps } from './RefreshSteps.tsx';

/** What the snapshot holds, and the refresh with its progress. */
export function SnapshotDialog({ onClose }: { onClose: () => void }) {
  const info = useInfo();
  const refresh = useRefresh();
  const snapshot = info?.snapshot ?? null;
  const rows =
    snapshot === null
      ? []
      : [
          { name: 'Taken', value: `${longDayOf(snapshot.takenAt)}, ${clockOf(snapshot.takenAt)}, in ${snapshot.seconds.toFixed(1)} s` },
          { name: 'Pending', value: `${number(snapshot.creates + snapshot.updates)}: ${plural(snapshot.creates, 'create')}, ${plural(snapshot.updates, 'update')}; ${number(snapshot.unchanged)} already equal` },
          { name: 'Since the last one', value: `${number(snapshot.added)} added, ${number(snapshot.changed)} changed, ${number(snapshot.removed)} removed` },
          { name: 'Read', value: `${number(snapshot.rows.properties)} properties, ${number(snapshot.rows.propertyFeatures)} features, ${number(snapshot.rows.productProperty)} staging records, ${number(snapshot.rows.orgRecords)} org records` },
          { name: 'Multi-property', value: `${plural(snapshot.multiPropertyGroups, 'group')} with ${plural(snapshot.multiPropertyMembers, 'property', 'properties')}` },
        ];
  return (
    <Dialog
      title={snapshot === null ? 'No snapshot yet' : `Snapshot ${snapshot.id}`}
      onClose={onClose}
      size="wide"
      note="A refresh writes nothing to Salesforce."
      buttons={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" icon="refresh" off={info?.readOnly === true ? 'Read only: this Countersign cannot refresh.' : refresh.isRunning ? 'A refresh is running.' : null} onClick={refresh.start}>
            Refresh snapshot
          </Button>
        </>
      }
    >
      {snapshot !== null && <SummaryTable rows={rows} />}
      {snapshot !== null && snapshot.notices.length > 0 && (
        <ul className="small muted">
          {snapshot.notices.map((notice) => (
            <li key={notice}>{notice}</li>
          ))}
        </ul>
      )}
      {refresh.error && <FailureCallout error={refresh.error} />}
      <RefreshSteps />
    </Dialog>
  );
}
