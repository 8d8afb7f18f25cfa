import { useInfo } from '../../app/use-info.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';

/** Salesforce holds all that the warehouse asked for when the snapshot was taken. */
export function NothingPending() {
  const snapshot = useInfo()?.snapshot;
  return (
    <EmptyState icon="check-circle" title="Nothing is pending" actions={<CommandButton id="refresh" icon="refresh" />}>
      Salesforce holds what the warehouse asks for{snapshot ? `, as of snapshot ${snapshot.id}` : ''}. Refresh it to look again.
    </EmptyState>
  );
}
