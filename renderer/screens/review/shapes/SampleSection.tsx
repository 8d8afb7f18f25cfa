import type { PendingItem } from '../../../../shared/domain/pending-change.ts';
import type { Sample } from '../../../../shared/domain/shape.ts';
import { errorOf, useQueryCall } from '../../../api/query-call.ts';
import { addressOf } from '../../../app/place.ts';
import { DataText } from '../../../components/DataText.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';
import { Link } from '../../../components/Link.tsx';
import { plural } from '../../../words.ts';
import { valueWords } from '../../../words/values.ts';
import { InspectorSection } from '../InspectorSection.tsx';
import gridCss from '../../../components/Grid.module.css';
import css from './Shapes.module.css';

const shownAtOnce = 5;

function FirstChange({ item }: { item: PendingItem }) {
  const first = item.firstChange;
  if (!first) return <>nothing is sent</>;
  return (
    <>
      {first.label}: <DataText text={valueWords(first.before, first.after)} /> → <DataText text={valueWords(first.after, first.before)} />
    </>
  );
}

/** The next records of the draw that nobody has looked at. */
export function SampleSection({ sample }: { sample: Sample }) {
  const filter = `sample:${sample.id}`;
  // Lists of records do not follow marks, so that none goes away under the reader; here those that were looked at make way.
  const call = useQueryCall('pending.page', { filter: `${filter} progress:unseen`, sort: 'key', limit: shownAtOnce }, { keepPrevious: true, asOf: sample.viewed });
  const items = call.data?.items ?? [];
  const left = sample.drawn - sample.viewed;
  return (
    <InspectorSection title="Sample" meta={left === 0 ? 'all looked at' : `${plural(left, 'record')} not looked at yet`} actions={<Link to={addressOf('review', { filter })}>Show the draw</Link>}>
      {call.error && <FailureCallout what="The records of the draw could not be read" error={errorOf(call.error)} onRetry={() => void call.refetch()} />}
      {call.data && items.length === 0 && <p className={`${css['padded']} muted small`}>Every record of the draw was looked at.</p>}
      <ul className={css['sample']}>
        {items.map((item) => (
          <li key={`${item.kind} ${item.key}`}>
            <span className={gridCss['unseen']} role="img" aria-label="Not viewed" style={{ marginBlockStart: 6, flex: 'none' }} />
            <div className={css['what']}>
              <DataText text={item.name ?? item.key} />
              <small>
                <FirstChange item={item} />
              </small>
            </div>
            <span className="end">
              <Link to={addressOf('review', { filter, record: item.key, kind: item.kind })} label={`Open ${item.name ?? item.key}`}>
                Open
              </Link>
            </span>
          </li>
        ))}
      </ul>
    </InspectorSection>
  );
}
