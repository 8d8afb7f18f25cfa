import type { BatchDetail, PreflightItem } from '../../../shared/domain/batch.ts';
import { addressOf } from '../../app/place.ts';
import { useNow } from '../../app/use-now.ts';
import { CheckList } from '../../components/CheckList.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Link } from '../../components/Link.tsx';
import type { SeverityLook } from '../../components/Mark.tsx';
import { Panel } from '../../components/Panel.tsx';
import { Timeline } from '../../components/Timeline.tsx';
import { plural } from '../../words.ts';
import { momentOf, withMoments } from '../../words/dates.ts';
import css from './Batches.module.css';

const looks: Record<PreflightItem['state'], SeverityLook> = { passed: 'ok', warning: 'warning', blocker: 'blocker', 'not-checked': 'unchecked' };

/** What was checked before a push, and what cannot be. */
export function PreflightPanel({ detail }: { detail: BatchDetail }) {
  const of = (state: PreflightItem['state']) => detail.preflight.filter((item) => item.state === state);
  const notChecked = of('not-checked');
  const blockers = of('blocker').length;
  const warnings = of('warning').length;
  const now = useNow();
  const meta = [blockers > 0 ? plural(blockers, 'blocker') : '', `${of('passed').length} passed`, warnings > 0 ? plural(warnings, 'warning') : '', `${notChecked.length} not checked`].filter((part) => part !== '').join(', ');
  const items = detail.preflight.filter((item) => item.state !== 'not-checked').map((item) => ({ id: item.id, severity: looks[item.state], text: <DataText text={withMoments(item.text, now)} /> }));
  const unchecked = notChecked.length > 0 ? [{ id: 'not-checked', severity: 'unchecked' as const, text: <b className="strong">Not checked</b>, detail: notChecked.map((item) => `${item.text.replace(/\.$/u, '')}.`).join(' ') }] : [];
  return (
    <Panel title="Preflight" meta={meta} isPadded={false}>
      <div className={css['preflight']}>
        <CheckList items={[...items, ...unchecked]} />
      </div>
    </Panel>
  );
}

/** What happened to the batch, newest first. */
export function RunTimeline({ detail }: { detail: BatchDetail }) {
  const now = useNow();
  const entries = [...detail.timeline].sort((a, b) => b.seq - a.seq).slice(0, 40);
  return (
    <Panel title="Run timeline" actions={<Link to={addressOf('audit', { of: detail.batch.id })}>Audit log</Link>}>
      <Timeline label="Events of the batch" entries={entries.map((entry) => ({ id: entry.seq, time: momentOf(entry.at, now), title: entry.at, text: <DataText text={`${entry.summary} (${entry.actor})`} /> }))} />
    </Panel>
  );
}
