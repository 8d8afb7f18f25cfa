import type { BatchDetail, ErrorGroup } from '../../../shared/domain/batch.ts';
import { formatFilter } from '../../../shared/domain/filter.ts';
import { addressOf, goTo } from '../../app/place.ts';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { classNames } from '../../components/class-names.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { OutcomeMark } from '../../components/Mark.tsx';
import { Panel } from '../../components/Panel.tsx';
import { errorGroupWords, number, plural } from '../../words.ts';
import css from './ErrorGroups.module.css';

function GroupActions({ group, batchId, retryable }: { group: ErrorGroup; batchId: string; retryable: number }) {
  return (
    <div className={css['actions']}>
      <Button size="small" onClick={() => goTo(addressOf('batches', { batch: batchId, outcome: group.outcome, code: group.code }))}>
        {group.outcome === 'stale' ? 'Compare' : 'Show'} {number(group.count)}
      </Button>
      {group.outcome === 'stale' && (
        <Button size="small" onClick={() => goTo(addressOf('review', { filter: formatFilter([{ name: 'decision', value: 'none', negated: false }]) }))}>
          Review {number(group.count)} again
        </Button>
      )}
      {group.retryable && group.count === retryable && <CommandButton id="retry-batch" size="small" />}
    </div>
  );
}

/** The groups without the chunk in flight: while a run sends, its records have no answer yet and need nobody. */
export function settledGroups({ errorGroups, runs }: BatchDetail): ErrorGroup[] {
  const isSending = runs.some((run) => run.state === 'running');
  return errorGroups.filter((group) => !isSending || group.outcome !== 'unknown');
}

/** What did not arrive, grouped by why, with what can be done. */
export function ErrorGroups({ detail }: { detail: BatchDetail }) {
  const { batch } = detail;
  const errorGroups = settledGroups(detail);
  const sum = (outcome: ErrorGroup['outcome']) => errorGroups.filter((group) => group.outcome === outcome).reduce((total, group) => total + group.count, 0);
  const retryable = sum('failed');
  return (
    <Panel label="Error groups" title="What needs you" meta={`${number(sum('failed'))} failed, ${number(sum('stale'))} stale, ${number(sum('unknown'))} unknown in ${plural(errorGroups.length, 'group')}`} isPadded={false}>
      <ul>
        {errorGroups.map((group) => {
          const words = errorGroupWords(group, batch.state === 'aborted');
          return (
            <li key={`${group.outcome} ${group.code}`} className={css['error-group']}>
              <OutcomeMark outcome={group.outcome} className={classNames(css['count'])}>
                {number(group.count)}
              </OutcomeMark>
              <div>
                <p className="strong">{words.title}</p>
                <p className="muted small">
                  {words.meaning}
                  {group.fields.length > 0 && ` Fields: ${group.fields.join(', ')}.`}
                </p>
                <code>
                  {group.code}
                  {group.message !== null && (
                    <>
                      : <DataText text={group.message} />
                    </>
                  )}
                </code>
              </div>
              <GroupActions group={group} batchId={batch.id} retryable={retryable} />
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
