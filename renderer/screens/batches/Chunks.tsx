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
          const name = `Chunk ${chunk.number}, ${plural(chunk.records, 'record')}, ${words}`;
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

/** One square for each call's worth of records. */
export function Chunks({ chunks: stored, isSending }: { chunks: readonly Chunk[]; isSending: boolean }) {
  const chunks = stored.map((chunk) => (chunk.state === 'sending' && !isSending ? { ...chunk, state: 'unknown' as const } : chunk));
  const over = chunks.filter((chunk) => chunk.state !== 'waiting' && chunk.state !== 'sending').length;
  const legend = ['done', 'failed', 'stale', 'unknown'] as const;
  return (
    <Panel
      title="Chunks"
      meta={`${over} of ${chunks.length} done`}
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
      </div>
    </Panel>
  );
}
