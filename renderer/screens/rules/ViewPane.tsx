import type { ViewReport } from '../../../shared/domain/warehouse.ts';
import { Callout } from '../../components/Banner.tsx';
import { DataText } from '../../components/DataText.tsx';
import { hashHead } from '../../components/short-hash.ts';
import { DeployedMark } from './DeployedMark.tsx';
import { ViewDifference } from './ViewDifference.tsx';
import { ViewSql } from './ViewSql.tsx';
import { plainWords, type View } from './view-words.ts';
import css from './Rules.module.css';

/** One view: whether it is deployed as it stands here, its rules in plain words, and its SQL. */
export function ViewPane({ view, report, isDeployedAnywhere }: { view: View; report: ViewReport | undefined; isDeployedAnywhere: boolean }) {
  const { summary, rules } = plainWords(view);
  return (
    <div className={css['view-pane']} data-region="" tabIndex={0} role="group" aria-label={`View ${view.name}`}>
      <div className={css['view-head']}>
        <h2 className="mono">{view.name}</h2>
        <p className="muted small cluster">
          {report ? <DeployedMark report={report} isDeployedAnywhere={isDeployedAnywhere} /> : <span>Not compared with what is deployed yet</span>}
          <span>
            Version <span className="mono">{hashHead(view.hash)}</span>
          </span>
        </p>
      </div>
      {report && report.state !== 'same' && report.detail !== null && (
        <div className={css['detail']}>
          <Callout severity={report.state === 'unreadable' ? 'warning' : 'blocker'}>
            <DataText text={report.detail} />
          </Callout>
        </div>
      )}
      {report?.state === 'differs' && <ViewDifference report={report} />}
      <section className={css['plain']} aria-label="In plain words">
        <h3>In plain words</h3>
        <p>{summary}</p>
        <ol>
          {rules.map((rule, index) => (
            <li key={rule}>
              <span className={css['n']} aria-hidden="true">
                {index + 1}
              </span>
              <span>{rule}</span>
            </li>
          ))}
        </ol>
      </section>
      <ViewSql sql={view.sql} />
    </div>
  );
}
