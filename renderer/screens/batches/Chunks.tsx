import type { Chunk } from '../../../shared/domain/batch.ts';
import { classNames } from '../../components/class-names.ts';
import { Panel } from '../../components/Panel.tsx';
import { plural } from '../../words.ts';
import css from './Chunks.module.css';

const looks: Record<Chunk['state'], { sign: string | null; words: string; look: string }> = {
  waiting: { sign: null, words: 'waiting', look: 'waiting' },
  sending: { sign: '…', words: 'in flight', look: 'sending' },
  done: { sign: null, words: 'all succeeded', look: 'ok' },
  failed: { sign: '!', words: 'some failed', look: 'failed' },
  stale: { sign: '~', words: 'some stale', look: 'stale' },
  unknown: { sign: '?', words: 'some unknown', look: 'unknown' },
};

function ChunkRow({ label, chunks }: { label: string; chunks: readonly Chunk[] }) {
  if (chunks.length === 0) return null;
  return (
    <>
      <p className="muted small">
        {label}s, {plural(chunks.length, 'chunk')}
      </p>
      <ol className={css['chunks']} aria-label={`${label} chunks`}>
        {chunks.map((chunk) => {
          const { sign, words, look } = looks[chunk.state];
          const name = `Chunk ${chunk.number}, ${plural(chunk.records, 'record')}, ${words}${chunk.jobId === null ? '' : `, job ${chunk.jobId}`}`;
          return (
            <li key={chunk.number} className={css['chunk']} data-state={look} title={name}>
              <span aria-hidden="true">{sign ?? chunk.number}</span>
              <span className="visually-hidden">{name}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** The bulk jobs of the chunks that have one, as Salesforce lists them too. */
function Jobs({ chunks }: { chunks: readonly Chunk[] }) {
  const withJob = chunks.filter((chunk) => chunk.jobId !== null);
  if (withJob.length === 0) return null;
  return (
    <>
      <p className="muted small">Bulk jobs in Salesforce</p>
      <ul className={css['jobs']} aria-label="Bulk jobs">
        {withJob.map((chunk) => (
          <li key={chunk.number}>
            Chunk {chunk.number}: <span className="mono">{chunk.jobId}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** One square for each call's worth of records. */
export function Chunks({ chunks: stored, isSending }: { chunks: readonly Chunk[]; isSending: boolean }) {
  const chunks = stored.map((chunk) => (chunk.state === 'sending' && !isSending ? { ...chunk, state: 'unknown' as const } : chunk));
  const over = chunks.filter((chunk) => chunk.state !== 'waiting' && chunk.state !== 'sending' && chunk.state !== 'unknown').length;
  const inDoubt = chunks.filter((chunk) => chunk.state === 'unknown').length;
  const legend = ['done', 'failed', 'stale', 'unknown'] as const;
  return (
    <Panel
      title="Chunks"
      meta={`${over} of ${chunks.length} done${inDoubt === 0 ? '' : `, ${inDoubt} unknown`}`}
      actions={
        <span className={classNames(css['legend'], 'small', 'muted')} aria-hidden="true">
          {legend.map((state) => (
            <span key={state} className="hint">
              <span className={css['chunk']} data-state={looks[state].look}>
                {looks[state].sign ?? '1'}
              </span>
              {looks[state].words}
            </span>
          ))}
        </span>
      }
    >
      <div className="stack-2">
        <ChunkRow label="Create" chunks={chunks.filter((chunk) => chunk.operation === 'create')} />
        <ChunkRow label="Update" chunks={chunks.filter((chunk) => chunk.operation === 'update')} />
        <Jobs chunks={chunks} />
      </div>
    </Panel>
  );
}
