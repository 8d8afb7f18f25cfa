import { useState } from 'react';
import type { PendingDetail } from '../../../shared/domain/pending-change.ts';
import { useInfo } from '../../app/use-info.ts';
import { useStoredFlag } from '../../app/use-stored-flag.ts';
import { Button } from '../../components/Button.tsx';
import { number } from '../../words.ts';
import { contributorsSentence } from '../../words/why.ts';
import { ContributorColumns } from './ContributorColumns.tsx';
import { contributorsOf } from './contributor-order.ts';
import { ContributorRows } from './ContributorRows.tsx';
import { InspectorSection } from './InspectorSection.tsx';
import css from './Contributors.module.css';

const shownAtOnce = 12;
const noFields: never[] = [];

/** The RDS properties of the record: a row or a column for each, and what is proposed from them. */
export function Contributors({ detail }: { detail: PendingDetail }) {
  const mapped = useInfo()?.mapping.fields ?? noFields;
  const [asColumns, setAsColumns] = useStoredFlag('countersign.properties-as-columns', false);
  const [showsAll, setShowsAll] = useState(false);
  const [wholeOf, setWholeOf] = useState<string | null>(null);
  const all = contributorsOf(detail);
  const isWhole = wholeOf === detail.key;
  const shown = isWhole ? all : all.slice(0, shownAtOnce);
  return (
    <InspectorSection
      title="Contributors"
      meta={contributorsSentence(detail)}
      actions={
        <>
          {asColumns && (
            <Button size="small" look="quiet" pressed={showsAll} onClick={() => setShowsAll(!showsAll)}>
              All fields
            </Button>
          )}
          <Button size="small" look="quiet" pressed={asColumns} onClick={() => setAsColumns(!asColumns)}>
            Properties as columns
          </Button>
        </>
      }
    >
      {asColumns ? <ContributorColumns detail={detail} contributors={shown} mapped={mapped} showsAll={showsAll} /> : <ContributorRows detail={detail} contributors={shown} mapped={mapped} />}
      {all.length > shownAtOnce && (
        <p className={css['more']}>
          <Button size="small" onClick={() => setWholeOf(isWhole ? null : detail.key)}>
            {isWhole ? `Show the first ${shownAtOnce}` : `Show ${number(all.length - shownAtOnce)} more`}
          </Button>
        </p>
      )}
    </InspectorSection>
  );
}
