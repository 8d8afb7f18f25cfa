import { useState, type ReactNode } from 'react';
import type { PlanFileSummary } from '../../shared/domain/plan-file.ts';
import { Button } from '../components/Button.tsx';
import { DataText } from '../components/DataText.tsx';
import { FieldDiffTable } from '../components/FieldDiffTable.tsx';
import { Hash } from '../components/Hash.tsx';
import { KindMark } from '../components/Mark.tsx';
import { createsAndUpdates, number, plural } from '../words.ts';
import { momentOf } from '../words/dates.ts';
import tableCss from '../components/Table.module.css';
import css from './PlanFileContent.module.css';

/** What a plan file says of itself: where it goes, what it holds, who proposed it, who approved it already. */
export function planFileFacts(summary: PlanFileSummary, now: Date): { name: string; value: ReactNode }[] {
  const { batch, approvals, approvalsNeeded } = summary;
  return [
    {
      name: 'Org',
      value: (
        <>
          <b className="strong">
            <DataText text={summary.orgName} />
          </b>{' '}
          <span className="mono">{summary.orgId}</span>
          {summary.user && (
            <>
              , as <DataText text={summary.user.username} />
            </>
          )}
        </>
      ),
    },
    {
      name: 'Batch',
      value: (
        <>
          <DataText text={batch.name} />, from snapshot {batch.snapshotId}
        </>
      ),
    },
    { name: 'Plan', value: <Hash hash={summary.hash} label="Plan" /> },
    { name: 'Contains', value: `${createsAndUpdates(summary.creates, summary.updates)}, ${plural(summary.fields, 'field')}` },
    {
      name: 'Proposed by',
      value: (
        <>
          <DataText text={batch.submittedBy} />, {momentOf(batch.submittedAt, now)}
        </>
      ),
    },
    { name: 'Approvals', value: `${approvals.length} of ${approvalsNeeded}${approvals.length === 0 ? '' : `: ${approvals.map(({ by }) => by).join(', ')}`}` },
    {
      name: 'Exported by',
      value: (
        <>
          <DataText text={summary.exportedBy} />, {momentOf(summary.exportedAt, now)}, with the key <Hash hash={summary.fingerprint} label="Key" />
        </>
      ),
    },
  ];
}

/** The fields and the first records of a plan file. */
export function PlanFileContent({ summary }: { summary: PlanFileSummary }) {
  const [open, setOpen] = useState<string | null>(null);
  const labels = new Map(summary.byField.map(({ field, label }) => [field, label]));
  return (
    <>
      <h3>{plural(summary.byField.length, 'field')} would be written</h3>
      <ul className={css['fields']} aria-label="Fields">
        {summary.byField.map(({ field, label, records }) => (
          <li key={field} title={field}>
            <DataText text={label} />: {plural(records, 'record')}
          </li>
        ))}
      </ul>
      <h3>
        {summary.records.length < summary.creates + summary.updates ? `The first ${number(summary.records.length)} of ` : ''}
        {plural(summary.creates + summary.updates, 'record')}
      </h3>
      <div className={css['records']} tabIndex={0} role="group" aria-label="Records of the plan">
        <table className={tableCss['table']}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Key</th>
              <th scope="col">Kind</th>
              <th scope="col">Fields</th>
            </tr>
          </thead>
          <tbody>
            {summary.records.map((record) => {
              const id = `${record.kind} ${record.key}`;
              const rows = Object.entries(record.fields).map(([field, { before, after }]) => ({ field, label: labels.get(field) ?? field, before, after, change: 'changed' as const }));
              return [
                <tr key={id}>
                  <th scope="row">
                    <DataText text={record.name} />
                  </th>
                  <td className="mono">
                    <DataText text={record.key} />
                  </td>
                  <td>
                    <KindMark kind={record.kind} />
                  </td>
                  <td>
                    <Button size="small" look="quiet" expanded={open === id} onClick={() => setOpen(open === id ? null : id)}>
                      {plural(rows.length, 'field')}
                    </Button>
                  </td>
                </tr>,
                ...(open === id
                  ? [
                      <tr key={`${id} values`}>
                        <td colSpan={4}>
                          <FieldDiffTable heads={{ before: 'Before', after: 'Planned' }} rows={rows} label={`Values of ${record.name ?? record.key}`} />
                        </td>
                      </tr>,
                    ]
                  : []),
              ];
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
