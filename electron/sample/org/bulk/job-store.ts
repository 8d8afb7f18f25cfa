import { notFound } from '../org-refusal.ts';
import type { OrgStore } from '../org-store.ts';
import { formatInstant } from '../org-value.ts';

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

export interface JobSettings {
  operation: string;
  object: string;
  columnDelimiter: string;
  lineEnding: string;
  apiVersion: number;
  externalIdFieldName?: string;
  query?: string;
  /** Of a job of Bulk API 1.0: that its caller closed it. */
  closed?: boolean;
}

export interface Job {
  id: string;
  kind: 'ingest' | 'query';
  state: JobState;
  createdAt: number;
  userId: string;
  settings: JobSettings;
  columns: string[] | null;
  error: string | null;
}

/** A row of a job: what was given, and what became of it. */
export interface JobRow {
  position: number;
  cells: string[];
  recordId: string | null;
  created: boolean;
  error: string | null;
}

interface RawJob {
  id: string;
  kind: 'ingest' | 'query';
  state: JobState;
  created_at: number;
  user_id: string;
  settings: string;
  columns: string | null;
  error: string | null;
}

interface RawRow {
  position: number;
  cells: string;
  record_id: string | null;
  created: number | null;
  error: string | null;
}

/** The rows a result list holds: those that succeeded, failed, or were never reached. */
export type RowGroup = 'successful' | 'failed' | 'unprocessed' | 'all';

const groupConditions: Readonly<Record<RowGroup, string>> = {
  successful: 'record_id IS NOT NULL',
  failed: 'error IS NOT NULL',
  unprocessed: 'record_id IS NULL AND error IS NULL',
  all: '1',
};

export interface JobStore {
  create: (kind: Job['kind'], userId: string, settings: JobSettings) => Job;
  /** Refuses an unknown id. */
  get: (kind: Job['kind'], id: string) => Job;
  find: (id: string) => Job | undefined;
  list: (kind: Job['kind']) => Job[];
  unfinished: () => Job[];
  setState: (job: Job, state: JobState, error?: string) => Job;
  setSettings: (job: Job, settings: JobSettings) => Job;
  setColumns: (job: Job, columns: readonly string[]) => void;
  addRows: (job: Job, first: number, rows: readonly (readonly string[])[]) => void;
  /** The rows not yet reached, from a position on. */
  nextRows: (job: Job, from: number, limit: number) => JobRow[];
  settleRow: (job: Job, position: number, outcome: { recordId: string; created: boolean } | { error: string }) => void;
  /** Rows of a group; results come in an order that is not that of the input, but always the same. */
  rows: (job: Job, group: RowGroup) => JobRow[];
  rowsFrom: (job: Job, first: number, limit: number) => JobRow[];
  count: (job: Job, group: RowGroup) => number;
  clearRows: (job: Job) => void;
  remove: (job: Job) => void;
  /** The job as the API answers it. */
  toJson: (job: Job) => Record<string, unknown>;
}

const toRow = (raw: RawRow): JobRow => ({
  position: raw.position,
  cells: JSON.parse(raw.cells) as string[],
  recordId: raw.record_id,
  created: raw.created === 1,
  error: raw.error,
});

/** Makes the keeper of bulk jobs over the org's file, so that jobs outlive the server process. */
export function createJobStore(store: OrgStore): JobStore {
  const { prepare } = store;
  const toJob = (raw: RawJob): Job => ({
    id: raw.id,
    kind: raw.kind,
    state: raw.state,
    createdAt: raw.created_at,
    userId: raw.user_id,
    settings: JSON.parse(raw.settings) as JobSettings,
    columns: raw.columns === null ? null : (JSON.parse(raw.columns) as string[]),
    error: raw.error,
  });
  const shuffled = 'ORDER BY (position * 2654435761) % 4294967296, position';
  const countRows = (job: Job, group: RowGroup): number =>
    (prepare(`SELECT COUNT(*) AS n FROM job_row WHERE job_id = ? AND ${groupConditions[group]}`).get(job.id) as { n: number }).n;
  const clearRows = (job: Job): void => {
    prepare('DELETE FROM job_row WHERE job_id = ?').run(job.id);
  };
  return {
    create: (kind, userId, settings) => {
      const id = store.nextId('750');
      prepare('INSERT INTO job (id, kind, state, created_at, user_id, settings) VALUES (?, ?, ?, ?, ?, ?)').run(
        id,
        kind,
        kind === 'ingest' ? 'Open' : 'UploadComplete',
        store.clock(),
        userId,
        JSON.stringify(settings),
      );
      return toJob(prepare('SELECT * FROM job WHERE id = ?').get(id) as RawJob);
    },
    get: (kind, id) => {
      const raw = prepare('SELECT * FROM job WHERE kind = ? AND substr(id, 1, 15) = substr(?, 1, 15)').get(kind, id) as RawJob | undefined;
      if (!raw) throw notFound();
      return toJob(raw);
    },
    find: (id) => {
      const raw = prepare('SELECT * FROM job WHERE id = ?').get(id) as RawJob | undefined;
      return raw && toJob(raw);
    },
    list: (kind) => (prepare('SELECT * FROM job WHERE kind = ? ORDER BY id').all(kind) as RawJob[]).map(toJob),
    unfinished: () =>
      (prepare("SELECT * FROM job WHERE state IN ('InProgress', 'UploadComplete') ORDER BY id").all() as RawJob[]).map(toJob),
    setState: (job, state, error) => {
      prepare('UPDATE job SET state = ?, error = ? WHERE id = ?').run(state, error ?? null, job.id);
      return { ...job, state, error: error ?? null };
    },
    setSettings: (job, settings) => {
      prepare('UPDATE job SET settings = ? WHERE id = ?').run(JSON.stringify(settings), job.id);
      return { ...job, settings };
    },
    setColumns: (job, columns) => {
      prepare('UPDATE job SET columns = ? WHERE id = ?').run(JSON.stringify(columns), job.id);
    },
    addRows: (job, first, rows) => {
      const insert = prepare('INSERT INTO job_row (job_id, position, cells) VALUES (?, ?, ?)');
      rows.forEach((row, index) => insert.run(job.id, first + index, JSON.stringify(row)));
    },
    nextRows: (job, from, limit) =>
      (
        prepare(`SELECT * FROM job_row WHERE job_id = ? AND position >= ? AND ${groupConditions.unprocessed} ORDER BY position LIMIT ?`).all(
          job.id,
          from,
          limit,
        ) as RawRow[]
      ).map(toRow),
    settleRow: (job, position, outcome) => {
      const settled = 'error' in outcome ? [null, null, outcome.error] : [outcome.recordId, outcome.created ? 1 : 0, null];
      prepare('UPDATE job_row SET record_id = ?, created = ?, error = ? WHERE job_id = ? AND position = ?').run(...settled, job.id, position);
    },
    rows: (job, group) =>
      (prepare(`SELECT * FROM job_row WHERE job_id = ? AND ${groupConditions[group]} ${shuffled}`).all(job.id) as RawRow[]).map(toRow),
    rowsFrom: (job, first, limit) =>
      (prepare('SELECT * FROM job_row WHERE job_id = ? AND position >= ? ORDER BY position LIMIT ?').all(job.id, first, limit) as RawRow[]).map(
        toRow,
      ),
    count: countRows,
    clearRows,
    remove: (job) => {
      clearRows(job);
      prepare('DELETE FROM job WHERE id = ?').run(job.id);
    },
    toJson: (job) => {
      const { apiVersion, closed: _, ...settings } = job.settings;
      const at = formatInstant(job.createdAt);
      const processed = job.kind === 'query' ? countRows(job, 'all') : countRows(job, 'successful') + countRows(job, 'failed');
      const path = `services/data/v${apiVersion.toFixed(1)}/jobs/ingest/${job.id}/batches`;
      return {
        id: job.id,
        ...settings,
        createdById: job.userId,
        createdDate: at,
        systemModstamp: at,
        state: job.state,
        concurrencyMode: 'Parallel',
        contentType: 'CSV',
        apiVersion,
        ...(job.kind === 'ingest' ? { contentUrl: path } : {}),
        jobType: job.kind === 'ingest' ? 'V2Ingest' : 'V2Query',
        numberRecordsProcessed: processed,
        ...(job.kind === 'ingest' ? { numberRecordsFailed: countRows(job, 'failed') } : {}),
        retries: 0,
        totalProcessingTime: processed,
        apiActiveProcessingTime: processed,
        apexProcessingTime: 0,
        ...(job.error === null ? {} : { errorMessage: job.error }),
      };
    },
  };
}
