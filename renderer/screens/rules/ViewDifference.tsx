import type { ViewReport } from '../../../shared/domain/warehouse.ts';
import { classNames } from '../../components/class-names.ts';
import { SideBySideTable } from './SideBySideTable.tsx';
import { sideBySide } from './side-by-side.ts';
import css from './Difference.module.css';

/** What is deployed beside what this version would deploy; each line that is in one of them only has a sign and a word. */
export function ViewDifference({ report }: { report: ViewReport }) {
  if (report.deployed === null) return null;
  return (
    <section className={css['difference']} aria-label={`Difference of ${report.name}`}>
      <h3>Deployed and this version, side by side</h3>
      <p className="muted small">
        <span className={classNames(css['key'], css['deployed'])}>−</span> only in what is deployed <span className={classNames(css['key'], css['expected'])}>+</span> only in this version
      </p>
      <SideBySideTable rows={sideBySide(report)} left={{ head: 'Deployed', only: 'Only deployed:' }} right={{ head: 'This version', only: 'Only in this version:' }} />
    </section>
  );
}
