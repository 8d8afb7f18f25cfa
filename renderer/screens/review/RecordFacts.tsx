import type { PendingDetail } from '../../../shared/domain/pending-change.ts';
import { addressOf } from '../../app/place.ts';
import { useCopy } from '../../app/use-copy.ts';
import { useInfo } from '../../app/use-info.ts';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Link } from '../../components/Link.tsx';
import css from './Inspector.module.css';

interface Fact {
  label: string;
  id: string;
  /** Where it is in Salesforce; null where it is no record or the org has no page for it. */
  page: string | null;
}

/** The page of a record; only an org on the web has one. */
function pageOf(url: string | undefined, id: string): string | null {
  return url?.startsWith('https://') === true ? `${url.replace(/\/$/u, '')}/${encodeURIComponent(id)}` : null;
}

function FactLine({ fact: { label, id, page } }: { fact: Fact }) {
  const copy = useCopy();
  const name = label.charAt(0).toLowerCase() + label.slice(1);
  return (
    <span>
      <span className="faint">{label}</span>
      <span className="mono">
        {page === null ? (
          <DataText text={id} />
        ) : (
          <a className={css['fact-link']} href={page} target="_blank" rel="noreferrer">
            <DataText text={id} /> <Icon name="external" size="sm" label="Open in Salesforce" />
          </a>
        )}
      </span>
      <Button icon="copy" look="quiet" size="small" label={`Copy ${name}`} onClick={() => void copy(id, `Copied the ${name}.`)} />
    </span>
  );
}

/** The ids of a record: each to copy, those of Salesforce to open there; and the way to its shape. */
export function RecordFacts({ detail }: { detail: PendingDetail }) {
  const url = useInfo()?.org?.url;
  const facts: Fact[] = [{ label: 'Key', id: detail.key, page: null }];
  if (detail.recordId !== null) facts.push({ label: 'Staging record', id: detail.recordId, page: pageOf(url, detail.recordId) });
  if (detail.productionId !== null) facts.push({ label: 'Production id', id: detail.productionId, page: pageOf(url, detail.productionId) });
  return (
    <div className={css['inspector-facts']}>
      {facts.map((fact) => (
        <FactLine key={fact.label} fact={fact} />
      ))}
      <Link to={addressOf('review', { view: 'shapes', shape: detail.shape })}>Show its shape</Link>
    </div>
  );
}
