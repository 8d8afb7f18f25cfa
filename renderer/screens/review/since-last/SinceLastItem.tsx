import { formatFilter } from '../../../../shared/domain/filter.ts';
import type { SinceLast } from '../../../../shared/domain/snapshot.ts';
import { addressOf } from '../../../app/place.ts';
import { useNow } from '../../../app/use-now.ts';
import { DataText } from '../../../components/DataText.tsx';
import { FieldDiffTable } from '../../../components/FieldDiffTable.tsx';
import { Icon } from '../../../components/Icon.tsx';
import { KindMark } from '../../../components/Mark.tsx';
import { Link } from '../../../components/Link.tsx';
import { fallenWords, partWords } from '../../../words/since-last.ts';
import { momentOf } from '../../../words/dates.ts';
import css from './SinceLast.module.css';

function Fallen({ fallen }: { fallen: NonNullable<SinceLast['fallen']> }) {
  const now = useNow();
  return (
    <p className={css['fallen']}>
      <Icon name="stale" size="sm" /> <DataText text={fallenWords(fallen, momentOf(fallen.at, now))} />
    </p>
  );
}

/** One record that the last refresh added, changed or took away; a changed one with the old proposal and the new. */
export function SinceLastItem({ item }: { item: SinceLast }) {
  const name = item.name ?? item.key;
  const isChanged = item.state === 'changed';
  return (
    <li className={isChanged ? css['changed'] : undefined}>
      <div className={css['line']}>
        <KindMark kind={item.kind} />
        <span className={css['name']}>
          <DataText text={name} />{' '}
          <span className="mono muted">
            <DataText text={item.key} />
          </span>
        </span>
        {item.state === 'removed' ? (
          <Link to={addressOf('audit', { key: item.key })} label={`History of ${name}`}>
            History
          </Link>
        ) : (
          <Link to={addressOf('review', { filter: formatFilter([{ name: 'key', value: item.key, negated: false }]), record: item.key, kind: item.kind })} label={`Show record ${name}`}>
            Show record
          </Link>
        )}
      </div>
      {item.fallen && <Fallen fallen={item.fallen} />}
      {isChanged && item.fields.length === 0 && <p className={css['fallen']}>The values of its fields are the same; something else about it is not.</p>}
      {[...Map.groupBy(item.fields, (field) => field.part)].map(([part, fields]) => (
        <div key={part} className={css['diff']}>
          <FieldDiffTable
            label={`What is different about ${name}: ${partWords[part]}`}
            heads={{ before: 'Last snapshot', beforeNote: partWords[part], after: 'Now', afterNote: partWords[part] }}
            rows={fields.map((field) => ({ field: field.field, label: field.label, before: field.was, after: field.now, change: 'changed' }))}
          />
        </div>
      ))}
    </li>
  );
}
