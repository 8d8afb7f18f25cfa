import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { Button } from '../../components/Button.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { Panel } from '../../components/Panel.tsx';
import { plural } from '../../words.ts';
import { clockOf } from '../../words/dates.ts';
import factsCss from '../../components/Facts.module.css';
import tableCss from '../../components/Table.module.css';
import css from './Settings.module.css';

/** Versions and the last calls, to be copied into a report of a problem. */
export function DiagnosticsPanel() {
  const call = useQueryCall('app.diagnostics', {}, { keepPrevious: true });
  const { notify } = useNotifications();
  const data = call.data;
  const copy = () => {
    if (!data) return;
    const lines = [...Object.entries(data.versions).map(([name, version]) => `${name} ${version}`), '', ...data.calls.map((one) => `${one.at} ${one.name} ${one.ms.toFixed(1)} ms ${one.outcome}`)];
    void navigator.clipboard.writeText(lines.join('\n')).then(() => notify('Copied the diagnostics as text.'));
  };
  return (
    <Panel
      title="Diagnostics"
      meta={data ? `the last ${plural(data.calls.length, 'call')}` : call.error ? 'not read' : 'loading'}
      isPadded={false}
      actions={
        <>
          <Button size="small" icon="refresh" onClick={() => void call.refetch()}>
            Read again
          </Button>
          <Button size="small" icon="copy" onClick={copy}>
            Copy as text
          </Button>
        </>
      }
    >
      {call.error && <FailureCallout what="Versions and calls could not be read" error={errorOf(call.error)} />}
      {data && (
        <div className={css['calls']} tabIndex={0} role="group" aria-label="Versions and calls">
          <dl className={factsCss['facts']}>
            {Object.entries(data.versions).map(([name, version]) => (
              <div key={name} className={css['version']}>
                <dt>{name}</dt>
                <dd className="mono">{version}</dd>
              </div>
            ))}
          </dl>
          <table className={tableCss['table']}>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Call</th>
                <th scope="col" className="num">
                  Took, ms
                </th>
                <th scope="col">Outcome</th>
              </tr>
            </thead>
            <tbody>
              {data.calls.toReversed().map((one) => (
                <tr key={`${one.at} ${one.name} ${one.ms}`}>
                  <td>{clockOf(one.at)}</td>
                  <td className="mono">{one.name}</td>
                  <td className="num">{one.ms.toFixed(1)}</td>
                  <td>{one.outcome}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
