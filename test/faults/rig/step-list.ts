import { wirePoints, type KillPoint, type LifeOrders, type WirePoint } from './kill-point.ts';

type Mode = LifeOrders['mode'];
export type Operation = 'create' | 'update';

/** A point of the protocol at which a process can die. */
export interface Step {
  name: string;
  killAt: KillPoint;
  /** Reached only before anything has happened, or only by a process that takes over. */
  only?: 'first' | 'recovery';
}

const pointNames: Readonly<Record<WirePoint, string>> = {
  'socket-open': 'the socket is open, nothing is sent',
  'headers-sent': 'the headers are sent',
  'half-sent': 'half of the body is sent',
  'never-sent': 'the body has left and never arrives',
  'effect-later': 'the body is sent, the effect comes later',
  'effect-done': 'the effect is done, there is no answer',
  'half-answered': 'half of the answer has come',
  answered: 'the whole answer is on the wire',
};

const moment = (name: string, at: string, more: Pick<Step, 'only'> & { nth?: number } = {}): Step => ({
  name,
  killAt: { by: 'moment', moment: at, nth: more.nth ?? 1 },
  ...(more.only === undefined ? {} : { only: more.only }),
});

const onWire = (what: string, call: string): Step[] => wirePoints.map((point) => ({ name: `${what}: ${pointNames[point]}`, killAt: { by: 'wire', call, nth: 1, point } }));

const commit = (what: string, subject: string, more: Pick<Step, 'only'> = {}): Step[] => [
  moment(`before ${what} is committed`, `${subject}:before`, more),
  moment(`within the commit of ${what}`, `${subject}:within`, more),
  moment(`after ${what} is committed`, `${subject}:after`, more),
];

const writeCalls: Readonly<Record<'collections' | 'strict', Readonly<Record<Operation, { port: string; call: string }>>>> = {
  collections: { create: { port: 'insert', call: '^POST \\S+/composite/sobjects$' }, update: { port: 'update', call: '^PATCH \\S+/composite/sobjects$' } },
  strict: { create: { port: 'insertStrict', call: '^POST \\S+/composite$' }, update: { port: 'updateStrict', call: '^POST \\S+/composite$' } },
};

function callSteps(mode: 'collections' | 'strict', operation: Operation): Step[] {
  const { port, call } = writeCalls[mode][operation];
  return [...onWire('the call', call), moment('the answer is received', `${port}:answered`)];
}

function bulkSteps(): Step[] {
  return [
    ...commit('that a job is asked for', 'job-creating'),
    ...onWire('asking for a job', '^POST \\S+/jobs/ingest$'),
    moment('the id of the job is known, not stored', 'bulk.create:answered'),
    ...commit('the id of the job', 'job-open'),
    ...onWire('the upload', '^PUT \\S+/batches$'),
    moment('uploaded', 'bulk.upload:answered'),
    ...commit('that the job is being closed', 'job-closing'),
    ...onWire('closing the job', '^PATCH \\S+/jobs/ingest/\\w+$'),
    moment('closed', 'bulk.close:answered'),
    moment('the job is at work', 'bulk.job:under-way'),
    moment('the job is said to be complete', 'bulk.job:answered'),
    ...onWire('reading the results', '^GET \\S+/jobs/ingest/\\w+/successfulResults'),
    moment('half of the results are read', 'bulk.results:page'),
    moment('the results are read', 'bulk.results:answered'),
  ];
}

/** The named steps of the protocol in one mode, in their order. */
export function stepsOf(mode: Mode, operation: Operation): Step[] {
  return [
    ...commit('the run', 'start', { only: 'first' }),
    ...commit('that the run was cut off', 'stop', { only: 'recovery' }),
    ...commit('that the run goes on', 'resume', { only: 'recovery' }),
    moment('the records are looked at', operation === 'create' ? 'readByKeys:called' : 'readByIds:called'),
    moment('the records were looked at', operation === 'create' ? 'readByKeys:answered' : 'readByIds:answered'),
    ...commit('the intents', 'intent'),
    ...(mode === 'bulk' ? bulkSteps() : callSteps(mode, operation)),
    moment('in the read-back', 'readByIds:under-way', { nth: operation === 'create' ? 1 : 2 }),
    ...commit('the outcomes', 'outcome'),
    // The updates of a plan are one job, and the last one.
    ...(mode === 'bulk' && operation === 'update' ? [] : [moment('between two chunks', 'intent:before', { nth: 2 })]),
    ...commit('the end of the run', 'end'),
    moment('after the end of the run', 'ended'),
  ];
}

/** Where the life before a recovery dies: in the middle of the first call that writes. */
export function cutShort(mode: Mode, operation: Operation): KillPoint {
  const call = mode === 'bulk' ? '^PUT \\S+/batches$' : writeCalls[mode][operation].call;
  return { by: 'wire', call, nth: 1, point: 'half-sent' };
}
