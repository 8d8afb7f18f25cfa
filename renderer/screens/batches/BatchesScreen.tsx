import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { useQueryValue } from '../../app/place.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { BatchList } from './BatchList.tsx';
import { BatchPane } from './BatchPane.tsx';
import css from './Batches.module.css';

/** Take approved changes to Salesforce and see what became of each. */
export function BatchesScreen() {
  const list = useQueryCall('batches.list', {}, { keepPrevious: true });
  const [chosen] = useQueryValue('batch');
  const batches = list.data?.batches ?? [];
  const id = chosen ?? batches[0]?.id ?? null;
  return (
    <>
      {list.error && <FailureBanner what="The batches could not be read" error={errorOf(list.error)} onRetry={() => void list.refetch()} />}
      {list.data && batches.length === 0 ? (
        <>
          <PageHead title="Batches" />
          <EmptyState icon="batches" title="No batches yet" actions={
              <>
                <CommandButton id="sign-plan" popup="dialog" />
                <CommandButton id="new-batch" look="primary" popup="dialog" />
              </>
            }>
            A batch is a named set of approved changes. It begins as a draft; nothing is sent before it is submitted, approved and pushed.
          </EmptyState>
        </>
      ) : (
        <div className={css['batches']}>
          <BatchList batches={batches} current={id} />
          <div className={css['batch-detail']} data-region="" tabIndex={-1}>
            {id === null ? <PageHead title="Batches" isBar={false} /> : <BatchPane key={id} id={id} />}
          </div>
        </div>
      )}
    </>
  );
}
