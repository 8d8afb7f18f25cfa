import { randomUUID } from 'node:crypto';
import { generateSigningKeys, signCheckpoint } from '../../../electron/adapters/sqlite/ledger/checkpoint-signing.ts';
import { needsCheckpoint } from '../../../electron/core/audit/checkpoint.ts';
import { auditEventTypes, type AuditEvent } from '../../../shared/domain/audit-event.ts';
import { coverUp, efforts, readEvents, readHeads, toCheckpointLine, toLine, withOwnHash, type ForgedLog } from './forged-log.ts';
import { madeUpEvent, pick, type HonestLog, type Random } from './honest-log.ts';

/** Makes one forgery of a log, of events older than its anchor; null where chance gave something that is no change. */
export type Forge = (log: HonestLog, random: Random, other: HonestLog) => ForgedLog | null;

const zeros = '0'.repeat(64);

/** A place before the anchor, counted from 0. */
const placeIn = (log: HonestLog, random: Random): number => random(log.anchor.seq - 1);

/** Changes the text of one line and nothing else. */
const respelled =
  (change: (line: string, random: Random) => string): Forge =>
  (log, random) => {
    const place = placeIn(log, random);
    const line = log.lines[place] as string;
    const changed = change(line, random);
    return changed === line ? null : { lines: log.lines.with(place, changed), checkpoints: log.checkpoints };
  };

/** Puts a text in one of the places that a pattern finds. */
const putAt = (line: string, random: Random, pattern: RegExp, put: (found: string) => string): string => {
  const found = [...line.matchAll(pattern)];
  if (found.length === 0) return line;
  const { index, 0: text } = found[random(found.length)] as RegExpExecArray;
  return line.slice(0, index) + put(text) + line.slice(index + text.length);
};

function shuffled(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, shuffled(inner, random)] as const);
  return Object.fromEntries(entries.toSorted(() => random(3) - 1));
}

const spellings: Record<string, Forge> = {
  'white space': respelled((line, random) => putAt(line, random, /(?<=")[:,](?=["{[])|^|$/gu, (found) => found + pick(random, [' ', '\t', '\r', '  ']))),
  'order of members': respelled((line, random) => JSON.stringify(shuffled(JSON.parse(line), random))),
  'spelling of a number': respelled((line, random) => putAt(line, random, /(?<=":)-?\d[\d.e+-]*(?=[,}])/gu, (found) => pick(random, [`${found}.0`, `${found}e0`, `${found}E0`, `0${found}`, `-${found}`, `${found}0`, `+${found}`]))),
  'spelling of a letter': respelled((line, random) => putAt(line, random, /(?<=[a-z])[a-z](?=[a-z])/gu, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  'Unicode normalisation': respelled((line, random) => line.normalize(pick(random, ['NFD', 'NFKD', 'NFC', 'NFKC']))),
  'a member twice': respelled((line) => line.replace('{"actor"', '{"actor":"eve","actor"')),
  'a byte order mark': respelled((line) => `\uFEFF${line}`),
  'any one character': respelled((line, random) => {
    const at = random(line.length);
    return line.slice(0, at) + pick(random, ['0', 'x', ' ', '"', '}', '']) + line.slice(at + 1);
  }),
  'half a line': respelled((line, random) => line.slice(0, random(line.length - 1) + 1)),
  'an empty line': (log, random) => ({ lines: log.lines.toSpliced(placeIn(log, random), 0, ''), checkpoints: log.checkpoints }),
};

/** Another value for each member of an event. */
const edits: { [M in keyof AuditEvent]: (event: AuditEvent, random: Random) => AuditEvent[M] } = {
  v: () => 2 as never,
  seq: ({ seq }, random) => seq + 1 + random(3),
  id: () => randomUUID(),
  lineage: () => randomUUID(),
  at: ({ at }, random) => new Date(Date.parse(at) - 1 - random(1e9)).toISOString(),
  type: ({ type }, random) => pick(random, auditEventTypes.filter((other) => other !== type && other !== 'ledger.created')),
  actor: ({ actor }) => `${actor} `,
  batchId: ({ batchId }) => (batchId === null ? 'B-1' : null),
  runId: ({ runId }) => (runId === null ? 'R-1' : `${runId}0`),
  keys: ({ keys }) => (keys.length === 0 ? ['p1'] : keys.slice(1)),
  data: ({ data }, random) => ({ ...data, [pick(random, ['name', 'outcome', 'count', 'extra'])]: `forged ${random(1e6)}` }),
  prev: ({ prev }) => (prev === zeros ? 'f'.repeat(64) : zeros),
  hash: ({ hash }) => [...hash].toReversed().join(''),
};

const editOf = (member: keyof AuditEvent, finish: (event: AuditEvent) => AuditEvent): Forge => (log, random) => {
  const place = placeIn(log, random);
  const event = readEvents(log)[place] as AuditEvent;
  const changed = finish({ ...event, [member]: edits[member](event, random) });
  return { lines: log.lines.with(place, toLine(changed)), checkpoints: log.checkpoints };
};

const members = Object.keys(edits) as (keyof AuditEvent)[];
const plainEdits = Object.fromEntries(members.map((member) => [`edit of ${member}`, editOf(member, (event) => event)]));
const hashedEdits = Object.fromEntries(members.filter((member) => member !== 'hash').map((member) => [`edit of ${member}, its own hash put right`, editOf(member, withOwnHash)]));

/** Changes of the list of events. `null` where nothing has changed. */
const rearrangements: Record<string, (events: AuditEvent[], random: Random, log: HonestLog, other: HonestLog) => AuditEvent[] | null> = {
  'deletion': (events, random, log) => events.toSpliced(placeIn(log, random), 1),
  'deletion of several': (events, random, log) => events.toSpliced(placeIn(log, random), 2 + random(20)),
  'insertion': (events, random, log) => {
    const place = 1 + placeIn(log, random);
    const { seq, lineage, at, prev } = events[place] as AuditEvent;
    return events.toSpliced(place, 0, withOwnHash({ v: 1, seq, id: randomUUID(), lineage, at, ...madeUpEvent(random, 'record.pushed'), prev, hash: zeros }));
  },
  'duplication': (events, random, log) => {
    const place = placeIn(log, random);
    return events.toSpliced(place, 0, events[place] as AuditEvent);
  },
  'move': (events, random, log) => {
    const [from, to] = [placeIn(log, random), placeIn(log, random)];
    return from === to ? null : events.toSpliced(from, 1).toSpliced(to, 0, events[from] as AuditEvent);
  },
  'two contents swapped': (events, random, log) => {
    const [one, two] = [1 + random(log.anchor.seq - 2), 1 + random(log.anchor.seq - 2)];
    const [a, b] = [events[one] as AuditEvent, events[two] as AuditEvent];
    if (one === two) return null;
    return events.with(one, withOwnHash({ ...a, data: b.data, keys: b.keys, type: b.type, actor: b.actor })).with(two, withOwnHash({ ...b, data: a.data, keys: a.keys, type: a.type, actor: a.actor }));
  },
  'the start cut off': (events, random, log) => events.slice(1 + placeIn(log, random)),
  'a time moved back': (events, random, log) => {
    const place = placeIn(log, random);
    const event = events[place] as AuditEvent;
    return events.with(place, withOwnHash({ ...event, at: new Date(Date.parse(event.at) - 1 - random(1e10)).toISOString() }));
  },
  'a value': (events, random, log) => {
    const place = 1 + random(log.anchor.seq - 2);
    const event = events[place] as AuditEvent;
    return events.with(place, withOwnHash({ ...event, data: { ...event.data, outcome: `forged ${random(1e6)}` } }));
  },
  'an actor': (events, random, log) => {
    const place = placeIn(log, random);
    return events.with(place, withOwnHash({ ...(events[place] as AuditEvent), actor: 'eve' }));
  },
  'a fork': (events, random, log) => {
    const place = 1 + random(log.anchor.seq - 2);
    return events.map((event, at) => (at < place || at === events.length - 1 ? event : { ...event, id: randomUUID(), ...madeUpEvent(random, event.type === 'ledger.created' ? 'audit.verified' : event.type) }));
  },
  'events of another ledger': (events, random, log, other) => {
    const place = 1 + random(log.anchor.seq - 2);
    const length = 1 + random(5);
    return events.toSpliced(place, length, ...readEvents(other).slice(place, place + length));
  },
  'the lineage of all': (events) => {
    const lineage = randomUUID();
    return events.map((event) => withOwnHash({ ...event, lineage }));
  },
};

const asTheyAre = Object.fromEntries(
  Object.entries(rearrangements).map(([name, rearrange]): [string, Forge] => [
    name,
    (log, random, other) => {
      const changed = rearrange(readEvents(log), random, log, other);
      return changed && { lines: changed.map(toLine), checkpoints: log.checkpoints };
    },
  ]),
);

const coveredUp = Object.fromEntries(
  Object.entries(rearrangements).flatMap(([name, rearrange]) =>
    efforts.map((effort): [string, Forge] => [
      `${name}, ${effort}`,
      (log, random, other) => {
        const changed = rearrange(readEvents(log), random, log, other);
        // Chaining gives every event its place again: a log of which only the places were changed would be itself again.
        return changed && coverUp(log, changed, effort);
      },
    ]),
  ),
);

const cuts: Record<string, Forge> = {
  'the end cut off': (log, random) => ({ lines: log.lines.slice(0, 1 + placeIn(log, random)), checkpoints: log.checkpoints }),
  'the end cut off, its checkpoints too': (log, random) => {
    const lines = log.lines.slice(0, 1 + placeIn(log, random));
    return { lines, checkpoints: log.checkpoints.filter((_, at) => (readHeads(log)[at] as { seq: number }).seq <= lines.length) };
  },
  'cut back to an earlier export': (log, random) => {
    const earlier = readEvents(log).filter(({ type, seq }) => type === 'audit.exported' && seq < log.anchor.seq);
    if (earlier.length === 0) return null;
    const { seq: last } = pick(random, earlier);
    return { lines: log.lines.slice(0, last), checkpoints: log.checkpoints.filter((_, at) => (readHeads(log)[at] as { seq: number }).seq <= last) };
  },
  'another ledger as a whole': (_, __, other) => ({ lines: other.lines, checkpoints: other.checkpoints }),
};

type Head = ReturnType<typeof readHeads>[number];

/** Changes one checkpoint that must be there and is older than the anchor. */
const checkpointChange =
  (change: (head: Head, random: Random, log: HonestLog, other: HonestLog) => string | null): Forge =>
  (log, random, other) => {
    const events = readEvents(log);
    const places = readHeads(log).flatMap(({ seq }, place) => (seq < log.anchor.seq && needsCheckpoint(events[seq - 1] as AuditEvent) ? [place] : []));
    const place = pick(random, places);
    const changed = change(readHeads(log)[place] as Head, random, log, other);
    if (changed === log.checkpoints[place]) return null;
    return { lines: log.lines, checkpoints: changed === null ? log.checkpoints.toSpliced(place, 1) : log.checkpoints.with(place, changed) };
  };

const checkpointChanges: Record<string, Forge> = {
  'a checkpoint removed': checkpointChange(() => null),
  'the head of a checkpoint': checkpointChange((head) => toCheckpointLine({ ...head, head: 'a'.repeat(64) })),
  'the time of a checkpoint': checkpointChange((head) => toCheckpointLine({ ...head, at: new Date(Date.parse(head.at) - 1).toISOString() })),
  'the lineage of a checkpoint': checkpointChange((head) => toCheckpointLine({ ...head, lineage: randomUUID() })),
  'the signature of a checkpoint': checkpointChange((head, random) => {
    const bytes = Buffer.from(head.signature, 'base64');
    const at = random(bytes.length);
    return toCheckpointLine({ ...head, signature: Buffer.from(bytes.with(at, (bytes[at] as number) ^ 1)).toString('base64') });
  }),
  'a checkpoint moved': checkpointChange((head, random) => toCheckpointLine({ ...head, seq: head.seq + 1 + random(5) })),
  'a checkpoint of another place': checkpointChange((head, random, log) => toCheckpointLine(pick(random, readHeads(log).filter(({ seq }) => seq !== head.seq)))),
  'a checkpoint of another ledger': checkpointChange((head, random, _, other) => toCheckpointLine(readHeads(other).find(({ seq }) => seq === head.seq) ?? pick(random, readHeads(other)))),
  'a checkpoint of another key': checkpointChange((head) => {
    const keys = generateSigningKeys();
    return toCheckpointLine({ ...head, publicKey: keys.publicKey, signature: signCheckpoint(keys.privateKey, head.lineage, head) });
  }),
  "another head signed with the ledger's key": checkpointChange((head, random, log) => {
    const forged = { ...head, head: (readEvents(log)[random(log.lines.length)] as AuditEvent).hash };
    return forged.head === head.head ? toCheckpointLine(head) : toCheckpointLine({ ...forged, signature: signCheckpoint(log.privateKey, head.lineage, forged) });
  }),
};

/** Every way to forge a log that the corpus knows. */
export const forgeryKinds: Readonly<Record<string, Forge>> = { ...spellings, ...plainEdits, ...hashedEdits, ...asTheyAre, ...coveredUp, ...cuts, ...checkpointChanges };
