import type { AccessCheck, AccessReport } from '../../../shared/domain/warehouse.ts';
import { useCopy } from '../../app/use-copy.ts';
import { useNow } from '../../app/use-now.ts';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { SeverityMark, type SeverityLook } from '../../components/Mark.tsx';
import { plural } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import { accessWords, needWords } from '../../words/warehouse.ts';
import css from './Connections.module.css';

const looks: Record<AccessCheck['state'], SeverityLook> = { ok: 'ok', missing: 'blocker', failed: 'blocker', 'not-checked': 'unchecked' };

function Grant({ need, grant }: { need: string; grant: string }) {
  const copy = useCopy();
  return (
    <div className={css['grant']}>
      <code>
        <DataText text={grant} />
      </code>
      <Button size="small" icon="copy" label={`Copy the statement for: ${need}`} onClick={() => void copy(grant, 'Copied the statement.')}>
        Copy
      </Button>
    </div>
  );
}

function Need({ check }: { check: AccessCheck }) {
  return (
    <li>
      <SeverityMark severity={looks[check.state]}>{needWords[check.state]}</SeverityMark>
      <div>
        <p>
          <DataText text={check.need} />
        </p>
        {check.detail !== null && (
          <p className={check.state === 'missing' ? 'mono muted' : 'muted small'}>
            <DataText text={check.detail} />
          </p>
        )}
        {check.grant !== null && check.state !== 'ok' && <Grant need={check.need} grant={check.grant} />}
      </div>
    </li>
  );
}

/** What a test of the connection has found: each need, and for a missing one the statement to ask for. */
export function AccessReportView({ report, testedAtMs }: { report: AccessReport; testedAtMs: number }) {
  const now = useNow();
  const copy = useCopy();
  const words = accessWords(report);
  const grants = [...new Set(report.checks.flatMap((check) => (check.grant !== null && check.state === 'missing' ? [check.grant] : [])))];
  return (
    <section className={css['report']} aria-label="Result of the test">
      <div className={css['verdict']} role="status">
        <SeverityMark severity={report.ok ? 'ok' : 'blocker'}>
          <b className="strong">{words.title}</b>
        </SeverityMark>
        {words.meaning !== '' && <p>{words.meaning}</p>}
        <p className="muted small">
          {report.user !== null && (
            <>
              The warehouse takes us for{' '}
              <span className="mono">
                <DataText text={report.user} />
              </span>
              .{' '}
            </>
          )}
          Tested {momentOf(new Date(testedAtMs).toISOString(), now)}, in {report.seconds.toFixed(1)} s.
        </p>
      </div>
      {report.checks.length > 0 && (
        <ul className={css['needs']} aria-label="Needs">
          {report.checks.map((check) => (
            <Need key={check.id} check={check} />
          ))}
        </ul>
      )}
      {grants.length > 1 && (
        <Button size="small" icon="copy" onClick={() => void copy(`${grants.map((grant) => grant.replace(/;?\s*$/u, ';')).join('\n')}\n`, `Copied ${plural(grants.length, 'statement')}.`)}>
          Copy all {plural(grants.length, 'statement')}
        </Button>
      )}
    </section>
  );
}
