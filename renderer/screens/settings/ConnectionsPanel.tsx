import type { CallOutput } from '../../../shared/contract.ts';
import { Panel } from '../../components/Panel.tsx';
import { OrgCard } from './OrgCard.tsx';
import { WarehouseCard } from './WarehouseCard.tsx';
import css from './Connections.module.css';

/** What the workspace is connected to, one card each. */
export function ConnectionsPanel({ connections }: { connections: CallOutput<'settings.get'>['connections'] }) {
  return (
    <Panel title="Connections" meta="set in the configuration of the workspace; secrets are written once and never shown again">
      <div className={css['cards']}>
        {connections.map((connection) => (connection.id === 'warehouse' ? <WarehouseCard key="warehouse" connection={connection} /> : <OrgCard key="org" connection={connection} />))}
      </div>
    </Panel>
  );
}
