import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { addressOf, usePlace } from '../../app/place.ts';
import { classNames } from '../../components/class-names.ts';
import { Callout } from '../../components/Banner.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { Link } from '../../components/Link.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { hashHead } from '../../components/short-hash.ts';
import { sentenceCase } from '../../words.ts';
import css from './Rules.module.css';

interface View {
  name: string;
  sql: string;
  words: string;
  hash: string;
}

/** The comment at the head of a view as a summary and its numbered rules, without the line breaks of the file. */
function plainWords({ name, words }: View): { summary: string; rules: string[] } {
  const parts = words.split(/^\s*\d+\.\s+/mu).map((part) => part.replace(/\s+/gu, ' ').trim());
  const [head = '', ...rules] = parts;
  const summary = head.replace(/ ?Rules$/u, '').replace(`${name}: `, '');
  return { summary: sentenceCase(summary), rules };
}

function ViewPane({ view }: { view: View }) {
  const { summary, rules } = plainWords(view);
  const lines = view.sql.split('\n').map((line, index) => ({ number: index + 1, line }));
  return (
    <div className={css['view-pane']} data-region="" tabIndex={0} role="group" aria-label={`View ${view.name}`}>
      <div className={css['view-head']}>
        <h2 className="mono">{view.name}</h2>
        <p className="muted small">
          Version <span className="mono">{hashHead(view.hash)}</span>
        </p>
      </div>
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
      <section aria-label="SQL">
        <pre className={css['sql']}>
          {lines.map(({ number, line }) => (
            <span key={number} className={classNames(line.trimStart().startsWith('--') && css['c'])}>
              {line === '' ? ' ' : line}
            </span>
          ))}
        </pre>
      </section>
    </div>
  );
}

/** The business rules as they are: in words and in SQL. */
export function RulesScreen() {
  const call = useQueryCall('views.list', {});
  const { query } = usePlace();
  const views = call.data?.views ?? [];
  const view = views.find((one) => one.name === query.get('view')) ?? views[0];
  return (
    <>
      <PageHead title="Rules">
        <span className="muted small">Nothing here can deploy or send. Trying a change without touching anything is not built yet.</span>
      </PageHead>
      {call.error && <FailureBanner error={errorOf(call.error)} onRetry={() => void call.refetch()} />}
      {view ? (
        <div className={css['rules']}>
          <nav className={css['rule-list']} aria-label="Views">
            <ul>
              {views.map((one) => (
                <li key={one.name}>
                  <Link to={addressOf('rules', { view: one.name })} current={one === view ? 'true' : undefined}>
                    <span className={css['name']}>{one.name}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <ViewPane view={view} />
        </div>
      ) : (
        !call.error && <Callout>Reading the views.</Callout>
      )}
    </>
  );
}
