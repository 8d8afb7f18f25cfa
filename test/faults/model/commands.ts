import fc from 'fast-check';
import { keyOf, recordIdOf } from '../../core/push/push-workbench.ts';
import { writeActions } from '../scripted-org.ts';
import { creates, PushWorld, updates, type Life, type Order, type PushMode } from './push-model.ts';

/** All that the model knows: what a person may do next. */
interface Model {
  next: 'push' | 'resume' | 'retry' | 'nothing';
}

type Command = fc.AsyncCommand<Model, PushWorld>;

const nextOf: Readonly<Record<string, Model['next']>> = { stopped: 'resume', interrupted: 'resume', 'completed-with-errors': 'retry', completed: 'nothing', abandoned: 'nothing' };

async function learn(model: Model, world: PushWorld): Promise<void> {
  const run = await world.newestRun();
  const isRetryable = run !== null && run.counts.failed > 0;
  const next = run === null ? 'push' : (nextOf[run.state] ?? 'nothing');
  model.next = next === 'retry' && !isRetryable ? 'nothing' : next;
}

class Work implements Command {
  readonly order: Order;
  readonly life: Life;
  constructor(order: Order, life: Life) {
    this.order = order;
    this.life = life;
  }
  check = (model: Readonly<Model>): boolean => model.next === this.order;
  async run(model: Model, world: PushWorld): Promise<void> {
    await world.work(this.order, this.life);
    await learn(model, world);
  }
  toString = (): string => `${this.order}(${JSON.stringify(this.life)})`;
}

class Abandon implements Command {
  check = (model: Readonly<Model>): boolean => model.next === 'resume';
  async run(model: Model, world: PushWorld): Promise<void> {
    await world.abandon();
    await learn(model, world);
  }
  toString = (): string => 'abandon()';
}

/** Somebody else, or time. */
class Meanwhile implements Command {
  readonly name: string;
  readonly happen: (world: PushWorld) => void;
  constructor(name: string, happen: (world: PushWorld) => void) {
    this.name = name;
    this.happen = happen;
  }
  check = (): boolean => true;
  run = async (_model: Model, world: PushWorld): Promise<void> => this.happen(world);
  toString = (): string => this.name;
}

/** A life in which this and that goes wrong, or nothing at all. */
const life: fc.Arbitrary<Life> = fc.record({
  writes: fc.array(fc.constantFrom(...writeActions), { maxLength: 8 }),
  reads: fc.array(fc.integer({ min: 0, max: 5 }).map((number) => number > 0), { maxLength: 8 }),
  stopAt: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) }),
  killAt: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 40 }) }),
  edit: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.record({ at: fc.integer({ min: 1, max: 40 }), record: fc.integer({ min: 1, max: updates }) }) }),
});

const update = fc.integer({ min: 1, max: updates });
const create = fc.integer({ min: 1, max: creates });

const commands = fc.commands(
  [
    life.map((each) => new Work('push', each)),
    life.map((each) => new Work('resume', each)),
    life.map((each) => new Work('resume', each)),
    life.map((each) => new Work('retry', each)),
    fc.constant(new Abandon()),
    update.map((number) => new Meanwhile(`edit(${number})`, (world) => world.edit(number))),
    update.map((number) => new Meanwhile(`as-planned(${number})`, (world) => world.edit(number, { City__c: 'Denver' }))),
    update.map((number) => new Meanwhile(`remove(${number})`, (world) => world.scripted.remove(recordIdOf(number)))),
    create.map((number) => new Meanwhile(`create(${number})`, (world) => world.scripted.create({ Name: 'Somebody else', Snappt_Property_ID__c: keyOf('create', number) }))),
    fc.integer({ min: 1, max: 10_000 }).map((ms) => new Meanwhile(`wait(${ms})`, (world) => world.clock.advance(ms))),
  ],
  { maxCommands: 12, size: 'max' },
);

/**
 * Tries sequences of everything that people, Salesforce and time can do to a run, in one mode, and holds what took place against the plan.
 *
 * Errors: rejects with the shortest sequence that breaks a promise (`isBrief`: with the first one), and the seed to repeat it.
 */
export async function checkPushModel(mode: PushMode, options: { sequences: number; seed?: number; isBrief?: boolean }): Promise<void> {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const world = await PushWorld.open(mode);
      try {
        await fc.asyncModelRun(() => ({ model: { next: 'push' as const } as Model, real: world }), sequence);
        await world.settle();
      } finally {
        await world.close();
      }
    }),
    { numRuns: options.sequences, endOnFailure: options.isBrief ?? false, ...(options.seed === undefined ? {} : { seed: options.seed }) },
  );
}
