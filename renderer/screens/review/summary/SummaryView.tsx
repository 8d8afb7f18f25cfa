import type { Facets } from '../../../../shared/contract.ts';
import { errorOf, useQueryCall } from '../../../api/query-call.ts';
import { addressOf } from '../../../app/place.ts';
import { Banner } from '../../../components/Banner.tsx';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { FailureBanner } from '../../../components/Failure.tsx';
import { Link } from '../../../components/Link.tsx';
import { PageBody } from '../../../components/PageHead.tsx';
import { decisionWords, kindWords, number, plural, priorityWords, sentenceCase, severityWords } from '../../../words.ts';
import { markWords } from '../../../words/filters.ts';
import { riskWords } from '../../../words/risk.ts';
import { UnreadableActions } from '../filter-terms/UnreadableActions.tsx';
import { useFilterTerms } from '../filter-terms/use-filter-terms.tsx';
import { useFilter } from '../use-filter.ts';
import { NoMatch } from '../NoMatch.tsx';
import { ViewFilter } from '../ViewFilter.tsx';
import { CountsPanel, type Count } from './CountsPanel.tsx';
import { FieldsPanel } from './FieldsPanel.tsx';
import css from './Summary.module.css';

function countsOf(facts: Facets['kind'], words: Readonly<Record<string, string>>): Count[] {
  return facts.map(({ value, count }) => ({ value, words: words[value] ?? value, count }));
}

/** Numbers before records: how all that matches a filter changes. Each number opens exactly its records. */
export function SummaryView() {
  const filter = useFilter();
  const { terms } = filter;
  useFilterTerms();
  const expression = filter.list.filter;
  const call = useQueryCall('pending.summary', { filter: expression }, { keepPrevious: true });
  const facets = useQueryCall('pending.facets', { filter: expression }, { keepPrevious: true });
  const checks = useQueryCall('checks.list', {}).data?.checks ?? [];
  const summary = call.data;
  const facts = facets.data;
  const meaningOf = (id: string) => checks.find((check) => check.id === id)?.meaning ?? sentenceCase(id.replaceAll('-', ' '));
  const counts = summary && facts ? `${number(summary.records)} of ${plural(facts.total, 'pending change')}` : 'counting…';
  return (
    <div className={css['view']}>
      {terms.length > 0 && <ViewFilter filter={filter} count={counts} />}
      {call.error && <FailureBanner what="The changes could not be counted" error={errorOf(call.error)} onRetry={() => void call.refetch()} />}
      {facets.error && <FailureBanner what="The filters could not be counted" error={errorOf(facets.error)} onRetry={() => void facets.refetch()} />}
      {filter.problem !== null && (
        <Banner severity="warning" title="The filter cannot be read." actions={<UnreadableActions filter={filter} />}>
          {filter.problem} All pending changes are counted.
        </Banner>
      )}
      <PageBody>
        {!summary && !call.error && (
          <EmptyState icon="overview" title="Counting the changes">
            The numbers come all at once. With many records it takes some seconds.
          </EmptyState>
        )}
        {!summary && call.error && (
          <EmptyState icon="overview" title="No numbers to show">
            Decisions that were made before are kept. Try again, or review record by record.
          </EmptyState>
        )}
        {summary && summary.records === 0 && <NoMatch filter={filter} />}
        {summary && summary.records > 0 && (
          <>
            <p className="muted">
              How {terms.length > 0 ? `these ${plural(summary.records, 'record')}` : `all ${plural(summary.records, 'pending change')}`} change. Each number opens its records. <Link to={addressOf('review', { filter: expression })}>Show {plural(summary.records, 'record')}</Link>
            </p>
            <div className={css['summary']}>
              <FieldsPanel summary={summary} filter={expression} terms={terms} />
              {facts && (
                <div className={css['side']}>
                  <CountsPanel title="Priority" name="priority" counts={countsOf(facts.priority, priorityWords)} total={summary.records} terms={terms} />
                  <CountsPanel title="Kind" name="kind" counts={countsOf(facts.kind, kindWords)} total={summary.records} terms={terms} />
                  <CountsPanel title="Contributors" name="contributors" counts={summary.contributors.map(({ value, count }) => ({ value, words: value === '5+' ? '5 or more' : value, count }))} total={summary.records} terms={terms} />
                  <CountsPanel title="Risk" name="risk" counts={countsOf(facts.risk, riskWords)} total={summary.records} terms={terms} note="Each record counts once, under its greatest risk." />
                  <CountsPanel title="Checks" name="severity" counts={countsOf(facts.severity, severityWords)} total={summary.records} terms={terms} note="A record with both counts under blockers and under warnings." />
                  {facts.check.some((fact) => fact.count > 0) && <CountsPanel title="Found by a check" name="check" counts={facts.check.filter((fact) => fact.count > 0).map(({ value, count }) => ({ value, words: meaningOf(value), count }))} total={summary.records} terms={terms} />}
                  <CountsPanel title="Decision" name="decision" counts={countsOf(facts.decision, decisionWords)} total={summary.records} terms={terms} />
                  <CountsPanel title="Review progress" name="progress" counts={countsOf(facts.progress, markWords)} total={summary.records} terms={terms} />
                </div>
              )}
            </div>
          </>
        )}
      </PageBody>
    </div>
  );
}
