import { filterNames, formatFilter, parseFilter, type FilterName, type FilterTerm } from '../../../../shared/domain/filter.ts';
import type { PendingDetail, PendingItem, PendingKey } from '../../../../shared/domain/pending-change.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import { splitKeys, usageFailure, type CommandArguments } from '../arguments.ts';
import type { Command, CommandApp } from '../command.ts';
import { plainText, textTable } from '../text-table.ts';

const largestPage = 5_000;

const pending: Command = {
  name: 'pending',
  usage: '[--kind create|update] [--priority P1] [--field F] [--multi] [--search T] [--filter EXPR] [--full] [--limit N] [--after CURSOR]',
  summary: 'A page of pending changes',
  options: {
    kind: { type: 'string' },
    priority: { type: 'string' },
    field: { type: 'string' },
    multi: { type: 'boolean' },
    search: { type: 'string' },
    filter: { type: 'string' },
    full: { type: 'boolean' },
    limit: { type: 'string' },
    after: { type: 'string' },
  },
  async run({ args, open }) {
    const filter = filterOf(args);
    const limit = Math.min(args.number('limit', 1) ?? 100, largestPage);
    const after = args.text('after');
    const input = { filter, limit, ...(after === undefined ? {} : { after }) };
    const app = await open('read');
    const page = args.flag('full') ? await app.call('pending.full', input) : await app.call('pending.page', input);
    const text = [...listText(page.items), `${page.items.length} of ${page.total} pending changes.`];
    if (page.next !== null) text.push(`Next page: --after ${page.next}`);
    return { json: page, text };
  },
};

const show: Command = {
  name: 'show',
  usage: 'KEY [--kind create|update]',
  summary: 'One pending change field by field, with its contributors and rules',
  options: { kind: { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const key = args.word(0, 'The key');
    const kind = kindOf(args);
    const app = await open('read');
    const detail = await app.call('pending.show', { key, ...(kind === undefined ? {} : { kind }) });
    return { json: detail, text: detailText(detail) };
  },
};

const checks: Command = {
  name: 'checks',
  usage: '',
  summary: 'The validation suite on the current snapshot; exit code 3 when there are blockers',
  async run({ open }) {
    const app = await open('read');
    const result = await app.call('checks.list', {});
    const rows = result.checks.map((check) => [check.passed ? 'passed' : check.severity, check.count, check.id, check.meaning]);
    const text = [...textTable(['Result', 'Count', 'Check', 'Meaning'], rows), `${result.blockers} blockers, ${result.warnings} warnings. Not checked: ${result.notChecked.join('; ')}.`];
    return { json: result, text, exit: result.blockers > 0 ? 3 : 0 };
  },
};

const decide: Command = {
  name: 'decide',
  usage: '(--keys K,… | --filter EXPR) (--approve | --hold | --exclude | --leave-out FIELD | --take-in FIELD) [--reason T]',
  summary: 'Approve, hold or exclude pending changes, or leave one field out of them and take it in again; approving never pushes',
  options: {
    keys: { type: 'string', multiple: true },
    filter: { type: 'string' },
    approve: { type: 'boolean' },
    hold: { type: 'boolean' },
    exclude: { type: 'boolean' },
    'leave-out': { type: 'string', multiple: true },
    'take-in': { type: 'string', multiple: true },
    reason: { type: 'string' },
  },
  async run({ args, open }) {
    const step = stepOf(args);
    const filter = args.text('filter');
    const keys = splitKeys(args.texts('keys'));
    if ((filter === undefined) === (keys.length === 0)) throw usageFailure('Give either --keys or --filter.');
    const reason = args.text('reason');
    const app = await open('write');
    const selection = filter === undefined ? { items: await findItems(app, keys) } : { filter };
    const because = reason === undefined ? {} : { reason };
    const decided = 'field' in step ? { ...(await app.call('pending.excludeField', { selection, ...step, ...because })), blocked: 0 } : await app.call('pending.decide', { selection, ...step, ...because });
    const blocked = decided.blocked > 0 ? ` ${decided.blocked} left out because of blockers.` : '';
    return { json: decided, text: [`${decided.label}.${blocked}`, `Undo with: countersign undo ${decided.undoId}`] };
  },
};

type Step = { decision: 'approve' | 'hold' | 'exclude' } | { field: string; isExcluded: boolean };

/** The one thing that `decide` is asked to do. Errors: `invalid-input` when it is none, or several. */
function stepOf(args: CommandArguments): Step {
  const steps: Step[] = [
    ...(['approve', 'hold', 'exclude'] as const).filter((name) => args.flag(name)).map((decision) => ({ decision })),
    ...args.texts('leave-out').map((field) => ({ field, isExcluded: true })),
    ...args.texts('take-in').map((field) => ({ field, isExcluded: false })),
  ];
  const step = steps[0];
  if (step === undefined || steps.length > 1) throw usageFailure('Give exactly one of --approve, --hold, --exclude, --leave-out FIELD, --take-in FIELD.');
  return step;
}

const undo: Command = {
  name: 'undo',
  usage: 'ID',
  summary: 'Undo a decision by its id',
  words: 1,
  async run({ args, open }) {
    const undoId = args.word(0, 'The id to undo');
    const app = await open('write');
    const undone = await app.call('decision.undo', { undoId });
    return { json: undone, text: [`${undone.label}: ${undone.undone} pending changes are as before.`] };
  },
};

function kindOf(args: CommandArguments): 'create' | 'update' | undefined {
  const kind = args.text('kind');
  if (kind !== undefined && kind !== 'create' && kind !== 'update') throw usageFailure('--kind takes create or update.', { option: 'kind' });
  return kind;
}

function filterOf(args: CommandArguments): string {
  const expression = args.text('filter') ?? '';
  const parsed = parseFilter(expression);
  if (!parsed.ok) throw usageFailure(parsed.isUnknownTerm === true ? `${parsed.problem} Known terms: ${filterNames.join(', ')}.` : parsed.problem, { option: 'filter' });
  const terms: FilterTerm[] = [];
  const add = (option: string, name: FilterName, value: string | undefined): void => {
    if (value === undefined) return;
    if (parsed.terms.some((term) => term.name === name && !term.negated)) throw usageFailure(`Give ${name} either as --${option} or in --filter.`, { option });
    terms.push({ name, value, negated: false });
  };
  add('kind', 'kind', kindOf(args));
  add('priority', 'priority', args.text('priority'));
  add('field', 'field', args.text('field'));
  add('multi', 'multi', args.flag('multi') ? 'true' : undefined);
  add('search', 'name', args.text('search'));
  const whole = formatFilter([...terms, ...parsed.terms]);
  const checked = parseFilter(whole);
  if (!checked.ok) throw usageFailure(checked.problem);
  return whole;
}

/** The pending changes of some keys. Errors: `not-found` naming the first key that is not pending. */
async function findItems(app: CommandApp, keys: readonly string[]): Promise<PendingKey[]> {
  const items: PendingKey[] = [];
  const step = 500;
  for (let start = 0; start < keys.length; start += step) {
    const some = keys.slice(start, start + step);
    const filter = formatFilter(some.map((value) => ({ name: 'key', value, negated: false })));
    const page = await app.call('pending.page', { filter, limit: largestPage });
    const found = new Set(page.items.map((item) => item.key));
    const missing = some.find((key) => !found.has(key));
    if (missing !== undefined) throw new AppFailure('not-found', `There is no pending change with the key "${missing}".`, { key: missing });
    items.push(...page.items.map(({ key, kind }) => ({ key, kind })));
  }
  return items;
}

function listText(items: readonly PendingItem[]): string[] {
  const rows = items.map((item) => [item.key, item.kind, item.priority, item.name, item.changedFields.length, item.contributorCount, item.checks.length, item.decision]);
  return textTable(['Key', 'Kind', 'Priority', 'Name', 'Fields', 'Contributors', 'Checks', 'Decision'], rows);
}

function detailText(detail: PendingDetail): string[] {
  const fields = detail.fields.filter((field) => field.change !== 'equal').map((field) => [field.field, field.before, field.after, field.change, field.rule, field.winner]);
  const people = [...detail.contributors.map((property) => [property.id, property.isPrimary ? 'primary' : 'contributor', property.status, property.name]), ...detail.ignored.map((property) => [property.id, 'ignored', property.status, property.name])];
  return [
    `${plainText(detail.name)} (${detail.kind} ${detail.key}, ${detail.priority}, decision: ${detail.decision})`,
    '',
    ...textTable(['Field', 'Before', 'After', 'Change', 'Rule', 'Winner'], fields),
    '',
    ...textTable(['Property', 'Part', 'Status', 'Name'], people),
    ...detail.recordChecks.map((check) => `${check.severity}: ${check.meaning}${check.detail === null ? '' : ` (${plainText(check.detail)})`}`),
  ];
}

export const reviewCommands: readonly Command[] = [pending, show, checks, decide, undo];
