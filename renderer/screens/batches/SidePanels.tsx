import type { BatchDetail, PreflightItem } from '../../../shared/domain/batch.ts';
import { addressOf } from '../../app/place.ts';
import { useNow } from '../../app/use-now.ts';
import { CheckList } from '../../components/CheckList.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Link } from '../../components/Link.tsx';
import { Panel } from '../../components/Panel.tsx';
import { Timeline } from '../../components/Timeline.tsx';
import { plural } from '../../words.ts';
import { momentOf, withMoments } from '../../words/dates.ts';
import { severityLooks } from './preflight-looks.ts';
import css from './Batches.module.css';

/** What was checked before a push, and what cannot be. */
export function PreflightPanel({ detail }: { detail: BatchDetail }) {
  const of = (state: PreflightItem['state']) => detail.preflight.filter((item) => item.state === state);
  const notChecked = of('not-checked');
  const blockers = of('blocker').length;
  const warnings = of('warning').length;
  const now = useNow();
  const meta = [blockers > 0 ? plural(blockers, 'blocker') : '', `${of('passed').length} passed`, warnings > 0 ? plural(warnings, 'warning') : '', `${notChecked.length} not checked`].filter((part) => part !== '').join(', ');
  const entryOf = (item: PreflightItem) => ({ id: item.id, severity: severityLooks[item.state], text: <DataText text={withMoments(item.text, now)} /> });
  const checked = (['blocker', 'warning', 'passed'] as const).flatMap((state) => of(state).map(entryOf));
  return (
    <Panel title="Preflight" meta={meta} isPadded={false}>
      <div className={css['preflight']}>
        <CheckList items={checked} label="Checked" />
      </div>
      {notChecked.length > 0 && (
        <div className={css['not-checked']}>
          <h3>Not checked</h3>
          <p className="muted small">Nothing here is known to be right or wrong.</p>
          <CheckList items={notChecked.map(entryOf)} label="Not checked" />
        </div>
      )}
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
