import type { ViewReport, ViewsReport } from '../../../shared/domain/warehouse.ts';
import { addressOf } from '../../app/place.ts';
import { useWarehouseProgress } from '../../app/use-warehouse-progress.ts';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { Link } from '../../components/Link.tsx';
import { plural } from '../../words.ts';
import { progressWords } from '../../words/warehouse.ts';

/** From here on one banner names them all; the list marks each. */
const manyProblems = 2;

function problemOf({ name, state, differences }: ViewReport): string {
  if (state === 'missing') return `${name} is not deployed.`;
  if (state === 'unreadable') return `${name} cannot be compared: its text may not be read.`;
  return differences.length === 0 ? `${name} differs from the repo.` : `${name} differs from the repo in ${plural(differences.length, 'line')}.`;
}

/** While the views are compared: what is waited for, and Cancel. */
export function VerifyWait({ onCancel }: { onCancel: () => void }) {
  const progress = useWarehouseProgress();
  return (
    <Banner
      icon="clock"
      title={`Verifying deployed views${progress === null ? '' : `: ${progressWords(progress)}`}`}
      actions={
        <Button size="small" label="Cancel verifying" onClick={onCancel}>
          Cancel
        </Button>
      }
    >
      <span className="muted">What you see stays as it is.</span>
    </Banner>
  );
}

/** What verifying the deployed views has found: one line where all is well, one banner for each that is not. */
export function ViewsVerdict({ report }: { report: ViewsReport }) {
  const odd = report.views.filter((view) => view.state !== 'same');
  const total = report.views.length;
  const shown = odd.length > manyProblems ? [] : odd;
  return (
    <div role="status" aria-label="Deployed views">
      {odd.length > manyProblems && (
        <Banner severity="blocker" title={`${odd.length} of ${total} views are not as in the repo.`}>
          {odd.map(problemOf).join(' ')}
        </Banner>
      )}
      {odd.length === 0 ? (
        <Banner icon="check-circle" title={report.target === null ? 'All views run as they stand.' : `${total} of ${total} deployed views equal the repo.`}>
          <span className="muted">{report.target === null ? 'The embedded warehouse always runs the texts of this version; nothing is deployed.' : `Compared in ${report.target}.`}</span>
        </Banner>
      ) : (
        shown.map((view) => (
          <Banner key={view.name} severity={view.state === 'unreadable' ? 'warning' : 'blocker'} title={problemOf(view)} actions={<Link to={addressOf('rules', { view: view.name })} label={`Show ${view.name}`}>Show</Link>}>
            {view.state === 'differs' && 'The pending changes follow what is deployed, not what is written here.'}
            {view.state === 'missing' && 'What reads from it fails until it is deployed.'}
          </Banner>
        ))
      )}
    </div>
  );
}
