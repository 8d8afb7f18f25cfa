import { EmptyState } from '../../components/EmptyState.tsx';
import { PageHead } from '../../components/PageHead.tsx';

/** Says what will be here. */
export function CorrectionsScreen() {
  return (
    <>
      <PageHead title="Corrections" />
      <EmptyState icon="corrections" title="Corrections are not built yet">
        Here up to 99 records will be put right by hand during a rollback, field by field and with a reason. Until then, correct values in RDS and refresh, or exclude the records in Review.
      </EmptyState>
    </>
  );
}
