#!/usr/bin/env node
/**
 * A second verifier of Countersign's audit log. It shares no code with the app and needs nothing but Node 20 or newer, so that it can be
 * copied to another machine, read in one sitting, and believed without believing the app.
 *
 *   node verify-audit-log.mjs FILE [--anchor SEQ:HEAD]... [--anchor-file F] [--public-key BASE64] [--checkpoints F] [--json]
 *
 * FILE is an exported `.jsonl`, or a `ledger.db` (needs `node:sqlite`, so Node 22.13 or newer; it is only read).
 * Exit codes: 0 the log holds, 6 it does not, 2 wrong usage.
 *
 * The format that is checked:
 *   event       one line, canonical JSON (RFC 8785) in UTF-8, of exactly these members: actor, at, batchId, data, hash, id, keys, lineage,
 *               prev, runId, seq, type, v. `hash` is the SHA-256 of the same bytes without the member `hash`; `prev` is the hash of the
 *               event before (64 zeros at first); `seq` counts from 1; `lineage` is the same all through. The first event is
 *               `ledger.created` and names the public key; the last of an export is `audit.exported` in format `jsonl`.
 *   checkpoint  {seq, head, at} with the Ed25519 signature of the canonical JSON of {at, head, lineage, seq}. One stands at every hundredth
 *               event and at every `ledger.created`, `batch.approved`, `run.started` and `run.finished`. In an export they are in
 *               the file beside it, NAME.checkpoints.jsonl, one a line, with lineage and publicKey.
 *   anchor      {seq, head} that somebody else has kept: in the warehouse's table `property_sync_audit_log`, or on paper.
 */
import { createHash, createPublicKey, verify as isSignedBy } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const zeros = '0'.repeat(64);
const memberNames = 'actor at batchId data hash id keys lineage prev runId seq type v';
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;
const hashForm = /^[0-9a-f]{64}$/u;
const typeForm = /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/u;
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u;
const signedTypes = ['ledger.created', 'batch.approved', 'run.started', 'run.finished'];
const longestLine = 256 * 1024 * 1024;

/* 1. Canonical JSON: read strictly, so that a text that is not spelled in the one canonical way is refused while it is read. */

const numberAt = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?/uy;
const escapes = /\\(?:["\\bfnrt]|u00(?:0[0-7be]|0f|1[0-9a-f]))/gu;
// eslint-disable-next-line no-control-regex
const rawControl = /[\u0000-\u001f]/u;

/**
 * Reads canonical JSON (RFC 8785).
 *
 * Shape:  answers with the value, its objects as Maps, and with where each member of the outermost object begins and ends in the text.
 * Errors: throws a SyntaxError for any other text: white space, another order of names or one twice, another spelling of a number
 *         or of an escape, half a surrogate pair.
 */
export function readCanonical(text) {
  let at = 0;
  const spans = new Map();
  const fail = (what) => {
    throw new SyntaxError(`${what} at character ${at}`);
  };
  const word = (spelled, value) => {
    if (!text.startsWith(spelled, at)) fail('no canonical value');
    at += spelled.length;
    return value;
  };
  const string = () => {
    if (text[at] !== '"') fail('no string');
    let end = at;
    let isQuoted;
    do {
      end = text.indexOf('"', end + 1);
      if (end < 0) fail('a string without an end');
      let before = end;
      while (text[before - 1] === '\\') before -= 1;
      isQuoted = (end - before) % 2 === 1;
    } while (isQuoted);
    const raw = text.slice(at, end + 1);
    const hasEscapes = raw.includes('\\');
    if (rawControl.test(raw) || (hasEscapes && raw.replace(escapes, '').includes('\\')) || !raw.isWellFormed()) fail('a string that is not canonical');
    at = end + 1;
    return hasEscapes ? JSON.parse(raw) : raw.slice(1, -1);
  };
  const number = () => {
    numberAt.lastIndex = at;
    const [spelled] = numberAt.exec(text) ?? fail('no canonical value');
    if (String(Number(spelled)) !== spelled) fail('a number that is not canonical');
    at += spelled.length;
    return Number(spelled);
  };
  const list = () => {
    const items = [];
    at += 1;
    while (text[at] !== ']') {
      if (items.length > 0) word(',');
      items.push(value(false));
    }
    at += 1;
    return items;
  };
  const object = (isOutermost) => {
    const members = new Map();
    let last = null;
    at += 1;
    while (text[at] !== '}') {
      const begin = at;
      if (members.size > 0) word(',');
      const name = string();
      // Strings are compared by their UTF-16 code units, as the RFC demands.
      if (last !== null && name <= last) fail('names that are not in order');
      last = name;
      word(':');
      members.set(name, value(false));
      if (isOutermost) spans.set(name, [begin, at]);
    }
    at += 1;
    return members;
  };
  const value = (isOutermost) => {
    switch (text[at]) {
      case '{': return object(isOutermost);
      case '[': return list();
      case '"': return string();
      case 't': return word('true', true);
      case 'f': return word('false', false);
      case 'n': return word('null', null);
      default: return number();
    }
  };
  const result = value(true);
  if (at !== text.length) fail('something after the value');
  return { value: result, spans };
}

/** Writes a text without anything to escape but what JSON demands, which JSON.stringify does for whole texts as RFC 8785 has it. */
const quoted = (text) => JSON.stringify(text);

/* 2. One event. */

/** Reads one event and works out its hash; null when it is not an event exactly as the app writes it. */
export function readEvent(line) {
  let read;
  try {
    read = readCanonical(line);
  } catch {
    return null;
  }
  const { value, spans } = read;
  if (!(value instanceof Map) || [...value.keys()].join(' ') !== memberNames) return null;
  const event = Object.fromEntries(value);
  if (!hasRightShape(event)) return null;
  const [begin, end] = spans.get('hash');
  const ownHash = createHash('sha256').update(line.slice(0, begin)).update(line.slice(end)).digest('hex');
  return { ...event, ownHash };
}

function hasRightShape({ actor, at, batchId, data, hash, id, keys, lineage, prev, runId, seq, type, v }) {
  const isNullOrText = (value) => value === null || typeof value === 'string';
  const matches = (form, value) => typeof value === 'string' && form.test(value);
  return (
    v === 1 && Number.isSafeInteger(seq) && matches(uuidForm, id) && matches(uuidForm, lineage) && isTime(at) && matches(typeForm, type) && typeof actor === 'string' &&
    isNullOrText(batchId) && isNullOrText(runId) && Array.isArray(keys) && keys.every((key) => typeof key === 'string') && data instanceof Map && matches(hashForm, prev) && matches(hashForm, hash)
  );
}

function isTime(text) {
  return typeof text === 'string' && timeForm.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;
}

/* 3. Signatures. */

/** The Ed25519 key in a base64 text (SPKI, DER); null when there is none in it. */
function readKey(base64) {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

function isSigned(key, lineage, { seq, head, at, signature }) {
  if (key === null || !Number.isSafeInteger(seq) || [head, at, signature].some((value) => typeof value !== 'string') || !isTime(at)) return false;
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.length !== 64 || bytes.toString('base64') !== signature) return false;
  const text = `{"at":${quoted(at)},"head":${quoted(head)},"lineage":${quoted(lineage)},"seq":${seq}}`;
  return isSignedBy(null, Buffer.from(text), key, bytes);
}

/* 4. The whole log, event by event. */

/**
 * Starts an audit.
 *
 * Shape:  anchors: `{seq, head}`, with `lineage`, `at`, `publicKey` and `signature` where they are known. checkpoints: null where
 *         there are none to be had. `take(line, filed)` takes the next event as text (null: no text at all), and what a table files it under,
 *         and answers with the event, or null when it is not in its place; `finish` gives the report. Memory grows with checkpoints and anchors only.
 */
export function startAudit({ kind, anchors = [], checkpoints = null, publicKey = null }) {
  const bySeq = groupBySeq(checkpoints ?? []);
  const anchorsBySeq = groupBySeq(anchors);
  const found = [];
  const notSigned = [];
  let first = null;
  let last = null;
  let named = null;
  let key = null;
  let isBroken = false;
  let jumps = 0;
  let firstJump = null;
  let newestCheckpoint = null;
  let newestAnchor = null;
  let missing = null;
  let misfiled = null;

  const bad = (seq, problem, text) => found.push({ seq, problem, text });
  const breakAt = (seq, problem, text) => {
    isBroken = true;
    if (problem === 'missing') missing = seq;
    bad(seq, problem, text);
  };

  const placeProblem = (seq, event) => {
    if (event === null) return ['altered', `Line or row ${seq} is not an event in the one form in which it is written.`];
    if (event.ownHash !== event.hash) return ['altered', `Event ${seq} has another content than its hash was made of.`];
    if (last !== null && event.lineage !== last.lineage) return ['foreign', `Event ${seq} belongs to the ledger ${event.lineage}, not to ${last.lineage}.`];
    if (event.seq < seq) return ['reordered', `Event ${event.seq} stands where event ${seq} belongs.`];
    if (event.seq > seq) return ['missing', `Event ${seq} is not there; event ${event.seq} follows.`];
    if (event.prev !== (last === null ? zeros : last.hash)) return ['altered', `Event ${seq} was not written after the event that stands before it.`];
    if ((seq === 1) !== (event.type === 'ledger.created')) return seq === 1 ? ['altered', 'The first event is not the creation of a ledger.'] : ['foreign', `A ledger begins anew at event ${seq}.`];
    return null;
  };

  const beginWith = (event) => {
    first = event;
    named = event.data.get('publicKey');
    key = typeof named === 'string' ? readKey(named) : null;
    if (key === null) bad(1, 'signature', 'The first event names no Ed25519 key.');
    else if (publicKey !== null && publicKey !== named) bad(1, 'signature', 'The log begins with another key than the one that was given.');
    const foreign = anchors.find((anchor) => anchor.lineage !== undefined && anchor.lineage !== event.lineage);
    if (foreign !== undefined) bad(1, 'foreign', `The anchor of event ${foreign.seq} is one of the ledger ${foreign.lineage}; this log is one of ${event.lineage}.`);
  };

  const checkSignatures = (event) => {
    const here = bySeq.get(event.seq) ?? [];
    for (const checkpoint of here) {
      const isOurs = (checkpoint.lineage ?? event.lineage) === event.lineage && (checkpoint.publicKey ?? named) === named;
      if (!isOurs || !isSigned(key, event.lineage, checkpoint)) bad(event.seq, 'signature', `The checkpoint at event ${event.seq} was not signed with the key of this log.`);
      else if (checkpoint.head !== event.hash) bad(event.seq, 'altered', `Another event was signed at place ${event.seq}.`);
      else newestCheckpoint = checkpoint;
    }
    if (here.length > 1) bad(event.seq, 'signature', `There are ${here.length} checkpoints at event ${event.seq}.`);
    const mustBeSigned = event.seq % 100 === 0 || signedTypes.includes(event.type);
    if (checkpoints !== null && mustBeSigned && here.length === 0 && notSigned.length === 0) {
      notSigned.push(event.seq);
      bad(event.seq, 'signature', `No checkpoint stands at event ${event.seq}, where one must.`);
    }
  };

  const checkAnchors = (event) => {
    for (const anchor of anchorsBySeq.get(event.seq) ?? []) {
      if (anchor.head !== event.hash) bad(event.seq, 'forked', `Event ${event.seq} is another one than the one that was anchored outside.`);
      else if (anchor.signature !== undefined && !isSigned(key, event.lineage, anchor)) bad(event.seq, 'signature', `The anchor of event ${event.seq} was not signed with the key of this log.`);
      else newestAnchor = anchor;
    }
  };

  const take = (line, filed = null) => {
    if (isBroken) {
      if (missing === null || readEvent(line ?? '')?.seq !== missing) return null;
      Object.assign(found.find(({ problem }) => problem === 'missing'), { problem: 'reordered', text: `Event ${missing} stands at another place.` });
      missing = null;
      return null;
    }
    const seq = (last?.seq ?? 0) + 1;
    const event = line === null ? null : readEvent(line);
    const problem = placeProblem(seq, event);
    if (problem !== null) {
      breakAt(seq, ...problem);
      return null;
    }
    if (last === null) beginWith(event);
    else if (event.at < last.at) {
      jumps += 1;
      firstJump ??= { seq, from: last.at, to: event.at };
    }
    last = event;
    if (filed !== null && !isFiledRight(filed, event)) breakAt(seq, 'altered', `Event ${seq} is filed under other facts than it states.`);
    checkSignatures(event);
    checkAnchors(event);
    return event;
  };

  const checkEnd = () => {
    const events = last?.seq ?? 0;
    if (isBroken) return;
    if (events === 0) bad(1, 'truncated', 'There is no event at all.');
    else if (kind === 'export' && !(last.type === 'audit.exported' && last.data.get('format') === 'jsonl')) bad(events + 1, 'truncated', `The file ends after event ${events}, before the event that records this export.`);
    const beyond = [...anchorsBySeq.keys(), ...bySeq.keys()].find((seq) => seq > events);
    if (beyond !== undefined) bad(events + 1, 'truncated', `Event ${beyond} was signed or anchored, but the log ends with event ${events}.`);
  };

  const finish = () => {
    checkEnd();
    const places = [...bySeq.keys(), ...anchorsBySeq.keys()].filter((seq) => !Number.isSafeInteger(seq) || seq < 1);
    if (places.length > 0) bad(1, 'signature', 'A checkpoint or an anchor stands at no place of a log.');
    for (const [seq, same] of anchorsBySeq) if (new Set(same.map(({ head }) => head)).size > 1) bad(seq, 'forked', `Two different events ${seq} were anchored: the ledger was copied, or cut back and written on.`);
    const [firstBad = misfiled] = found.toSorted((one, other) => one.seq - other.seq);
    const report = {
      ok: firstBad === null, kind, lineage: first?.lineage ?? null, publicKey: first?.data.get('publicKey') ?? null, events: last?.seq ?? 0, from: first?.at ?? null, until: last?.at ?? null, head: last?.hash ?? null,
      checkpoints: checkpoints === null ? null : { given: checkpoints.length, newest: newestCheckpoint?.seq ?? null }, keyWasGiven: publicKey !== null,
      anchors: { given: anchors.length, newest: newestAnchor?.seq ?? null }, firstBad,
      warnings: jumps === 0 ? [] : [`The clock of the log went back ${jumps === 1 ? 'once' : `${jumps} times`}, first at event ${firstJump.seq}, from ${firstJump.from} to ${firstJump.to}. The order of the events is that of their numbers.`],
    };
    return { ...report, ...whatItMeans(report) };
  };
  /** What only concerns the search, and is told only where the log itself holds. */
  const noteLast = (seq, problem, text) => {
    misfiled = { seq, problem, text };
  };
  return { take, note: bad, noteLast, finish, events: () => last?.seq ?? 0, isBroken: () => isBroken };
}

function groupBySeq(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.seq, [...(groups.get(entry.seq) ?? []), entry]);
  return groups;
}

function isFiledRight(filed, event) {
  return filed.seq === event.seq && filed.hash === event.hash && filed.id === event.id && filed.type === event.type && filed.actor === event.actor && filed.batch_id === event.batchId && filed.run_id === event.runId;
}

/** Says in plain words what follows from a report and, as important, what does not. */
function whatItMeans({ ok, events, checkpoints, anchors, keyWasGiven, kind }) {
  if (!ok) return { proved: [], notProved: [] };
  const proved = [`All ${events} events are in their places, and each is byte for byte what its hash and the event after it say.`];
  const notProved = [];
  const signed = checkpoints?.newest ?? 0;
  const anchored = anchors.newest ?? 0;
  if (anchored > 0) proved.push(`Events 1 to ${anchored} are those that were anchored outside: nobody can have changed them since, not even with the ledger's own key.`);
  if (signed > 0) proved.push(`Events 1 to ${signed} were signed with the key ${keyWasGiven ? 'that was given' : 'that the log itself names'}.`);
  if (checkpoints === null) notProved.push('Who wrote the log: no checkpoints were given, so no signature was checked.');
  else if (!keyWasGiven && anchored === 0) notProved.push('That the key is the right one: it was taken from the log itself. Give it with --public-key, from a source that you trust.');
  if (anchored === 0) notProved.push('That the log was not written anew by somebody who holds its key, nor cut back together with its checkpoints: that needs an anchor (--anchor or --anchor-file).');
  else if (anchored < events) notProved.push(`That events ${anchored + 1} to ${events} are the ones first written, and that none after them was cut off: they are newer than the newest anchor.`);
  if (anchored === events) notProved.push(`That nothing was written after event ${events} and cut off again.`);
  if (kind === 'export') notProved.push('That this is the newest export: an older one is as whole as a newer one.');
  notProved.push('That what happened was logged at all: compare with what Salesforce itself says of its records.');
  return { proved, notProved };
}

/* 5. The two forms in which a log is kept. */

/** Audits the lines of an export. A line that is no UTF-8 is null. Empty lines are allowed at the end only. */
export function verifyExportLines(lines, options = {}) {
  const audit = startAudit({ ...options, kind: 'export' });
  let empty = 0;
  for (const line of lines) {
    if (line === '') {
      empty += 1;
      continue;
    }
    if (empty > 0) audit.take(null);
    audit.take(line);
  }
  return audit.finish();
}

/** Audits an open ledger. `db` has `prepare(sql)` with `all`, `get` and `iterate`, as `node:sqlite` has. */
export function verifyLedger(db, options = {}) {
  const meta = new Map(db.prepare(`SELECT name, value FROM meta WHERE name IN ('lineage', 'public_key')`).all().map(({ name, value }) => [name, value]));
  const checkpoints = db.prepare('SELECT seq, head, at, signature FROM checkpoint').all();
  const audit = startAudit({ ...options, kind: 'ledger', checkpoints });
  const isFiled = db.prepare('SELECT 1 AS found FROM audit_event_key WHERE key = ? AND seq = ?');
  const countFiled = db.prepare('SELECT COUNT(*) AS filed FROM audit_event_key WHERE seq <= ?');
  const countOf = db.prepare('SELECT COUNT(*) AS filed FROM audit_event_key WHERE seq = ?');
  let keys = 0;
  let unfiled = null;
  for (const row of db.prepare('SELECT seq, bytes, hash, id, type, actor, batch_id, run_id FROM audit_event ORDER BY seq').iterate()) {
    const event = audit.take(row.bytes, row);
    if (event === null) continue;
    const distinct = new Set(event.keys);
    keys += distinct.size;
    // A decision on more records than an event names is found by all of them: by as many as it counts, the named ones among them.
    if (namesOnlySome(event)) keys += Math.min(countOf.get(event.seq).filed, event.data.get('count')) - distinct.size;
    if (unfiled === null && [...distinct].some((key) => isFiled.get(key, event.seq) === undefined)) unfiled = event.seq;
    if (event.seq !== 1) continue;
    if (event.lineage !== meta.get('lineage')) audit.note(1, 'foreign', 'The events belong to another ledger than the file.');
    if (event.data.get('publicKey') !== meta.get('public_key')) audit.note(1, 'signature', 'The file names another key than its first event.');
  }
  const { filed } = countFiled.get(audit.isBroken() ? audit.events() : Number.MAX_SAFE_INTEGER);
  if (unfiled !== null) audit.noteLast(unfiled, 'altered', `Event ${unfiled} is not found by all the records that it speaks of.`);
  else if (filed !== keys) audit.noteLast(firstWrongKey(db), 'altered', 'An event is filed under a record that it does not speak of.');
  return audit.finish();
}

/** True for an event that gives a digest of its records in place of all their keys. */
function namesOnlySome({ keys, data }) {
  return typeof data.get('digest') === 'string' && data.get('count') > new Set(keys).size;
}

/** The first event that is filed under a record it does not name. */
function firstWrongKey(db) {
  const bytesOf = db.prepare('SELECT bytes FROM audit_event WHERE seq = ?');
  let last = null;
  for (const { seq, key } of db.prepare('SELECT seq, key FROM audit_event_key ORDER BY seq').iterate()) {
    if (last?.seq !== seq) last = { seq, event: readEvent(bytesOf.get(seq)?.bytes ?? '') };
    if (last.event === null || last.event === undefined || (!namesOnlySome(last.event) && !last.event.keys.includes(key))) return seq;
  }
  return 1;
}

/** The lines of a file without their line feeds; null for one that is no UTF-8. Never holds more than one line and a piece of the next. */
export function* readLines(file) {
  const handle = openSync(file, 'r');
  try {
    const piece = Buffer.allocUnsafe(1024 * 1024);
    let rest = [];
    let held = 0;
    for (;;) {
      const size = readSync(handle, piece, 0, piece.length, null);
      if (size === 0) break;
      let begin = 0;
      for (let end = piece.indexOf(10); end >= 0 && end < size; end = piece.indexOf(10, begin)) {
        yield textOf(Buffer.concat([...rest, piece.subarray(begin, end)]));
        rest = [];
        held = 0;
        begin = end + 1;
      }
      held += size - begin;
      if (held > longestLine) {
        yield null;
        return;
      }
      if (begin < size) rest.push(Buffer.from(piece.subarray(begin, size)));
    }
    if (rest.length > 0) yield textOf(Buffer.concat(rest));
  } finally {
    closeSync(handle);
  }
}

function textOf(bytes) {
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

/* 6. The command. */

class Usage extends Error {}

const usage = `Usage: node verify-audit-log.mjs FILE [--anchor SEQ:HEAD]... [--anchor-file F] [--public-key BASE64] [--checkpoints F] [--json]
  FILE           an audit log exported as .jsonl, or a ledger.db
  --anchor       a head that was kept elsewhere: the number of the event, a colon, its hash
  --anchor-file  such heads as JSON, one a line: payloads of rows of property_sync_audit_log, or {"seq": …, "head": …}
  --public-key   the key of the ledger, from a source other than FILE
  --checkpoints  the signed checkpoints of an export; without it NAME.checkpoints.jsonl beside NAME.jsonl
  --json         one JSON document instead of sentences
Exit codes: 0 the log holds, 6 it does not, 2 wrong usage`;

/** Runs the command; answers with its exit code. */
export async function main(words, print = (text) => process.stdout.write(`${text}\n`)) {
  try {
    const { options, file, asJson } = readWords(words);
    const report = isSqlite(file) ? await auditLedgerFile(file, options) : auditExportFile(file, options);
    print(asJson ? JSON.stringify(report) : inWords(report).join('\n'));
    return report.ok ? 0 : 6;
  } catch (error) {
    if (!(error instanceof Usage)) throw error;
    print(error.message);
    return 2;
  }
}

function readWords(words) {
  let parsed;
  try {
    parsed = parseArgs({ args: words, allowPositionals: true, options: { anchor: { type: 'string', multiple: true }, 'anchor-file': { type: 'string' }, 'public-key': { type: 'string' }, checkpoints: { type: 'string' }, json: { type: 'boolean' } } });
  } catch (error) {
    throw new Usage(`${error.message}\n${usage}`);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 1) throw new Usage(usage);
  const publicKey = values['public-key'] ?? null;
  if (publicKey !== null && readKey(publicKey) === null) throw new Usage('--public-key is no Ed25519 key in base64 (SPKI, DER).');
  const [file] = positionals;
  const anchors = [...(values.anchor ?? []).map(readAnchorWord), ...(values['anchor-file'] === undefined ? [] : readAnchorFile(values['anchor-file']))];
  return { file, asJson: values.json === true, options: { anchors, publicKey, checkpointFile: values.checkpoints } };
}

function readAnchorWord(word) {
  const [, seq, head] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/u.exec(word) ?? [];
  if (seq === undefined) throw new Usage(`--anchor is the number of an event, a colon and its hash of 64 hexadecimal digits; ${word} is not.`);
  return { seq: Number(seq), head };
}

/** Reads anchors out of JSON: one value, or one a line. A row of the audit table, an event and a status that names its anchor all do. */
export function readAnchors(text) {
  const anchorsIn = (value) => {
    if (Array.isArray(value)) return value.flatMap(anchorsIn);
    if (typeof value !== 'object' || value === null) return [];
    if (typeof value.payload === 'string') return anchorsIn(JSON.parse(value.payload));
    const inner = value.anchor ?? value.shipping?.anchor;
    if (typeof inner === 'object' && inner !== null) return anchorsIn(inner);
    const { seq, lineage, at, signature } = value;
    const head = value.head ?? value.hash;
    if (!Number.isSafeInteger(seq) || typeof head !== 'string') return [];
    return [{ seq, head, ...(typeof lineage === 'string' ? { lineage } : {}), ...(typeof signature === 'string' ? { at, signature } : {}) }];
  };
  try {
    return anchorsIn(JSON.parse(text));
  } catch {
    // Not one value: then one a line.
    return text.split('\n').filter((line) => line.trim() !== '').flatMap((line) => anchorsIn(JSON.parse(line)));
  }
}

function readAnchorFile(file) {
  let anchors;
  try {
    anchors = readAnchors(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Usage(`The anchors in ${file} cannot be read: ${error.message}`);
  }
  if (anchors.length === 0) throw new Usage(`There is no anchor in ${file}.`);
  return anchors;
}

/** Reads the lines of a checkpoints file. One that cannot be read becomes a checkpoint that nobody signed. */
export function readCheckpoints(lines) {
  const checkpoints = [];
  for (const line of lines) {
    if (line === '') continue;
    const entry = checkpointIn(line);
    checkpoints.push(entry);
  }
  return checkpoints;
}

function checkpointIn(line) {
  try {
    const members = readCanonical(line ?? '').value;
    if (members instanceof Map && [...members.keys()].join(' ') === 'at head lineage publicKey seq signature v' && members.get('v') === 1) return Object.fromEntries(members);
  } catch {
    // As below.
  }
  return { seq: 0, head: '', at: '', lineage: '', signature: '' };
}

function isSqlite(file) {
  let handle;
  try {
    handle = openSync(file, 'r');
    const start = Buffer.alloc(16);
    readSync(handle, start, 0, 16, 0);
    return start.toString('latin1') === 'SQLite format 3\0';
  } catch (error) {
    throw new Usage(`${file} cannot be read: ${error.message}`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function auditExportFile(file, { anchors, publicKey, checkpointFile }) {
  const beside = `${file.replace(/\.jsonl$/iu, '')}.checkpoints.jsonl`;
  const from = checkpointFile ?? (existsSync(beside) ? beside : null);
  if (from !== null && !existsSync(from)) throw new Usage(`${from} cannot be read.`);
  const checkpoints = from === null ? null : readCheckpoints(readLines(from));
  return verifyExportLines(readLines(file), { anchors, publicKey, checkpoints });
}

async function auditLedgerFile(file, options) {
  const sqlite = await import('node:sqlite').catch(() => null);
  if (sqlite === null) throw new Usage(`This Node (${process.versions.node}) cannot read a ledger.db: use Node 22.13 or newer, or export the log as .jsonl.`);
  let db;
  try {
    db = new sqlite.DatabaseSync(file, { readOnly: true });
    return verifyLedger(db, options);
  } catch (error) {
    if (error?.code !== 'ERR_SQLITE_ERROR') throw error;
    throw new Usage(`${file} cannot be read as a ledger: ${error.message}`);
  } finally {
    db?.close();
  }
}

function inWords(report) {
  const { ok, firstBad, events, lineage, from, until, head, checkpoints, anchors, publicKey } = report;
  const facts = events === 0 ? [] : [`${ok ? 'Read' : 'Sound so far'}: ${events} events of ledger ${lineage}, from ${from} to ${until}.`, `Head: ${head}`, `Key: ${publicKey}`];
  facts.push(`Checkpoints: ${checkpoints === null ? 'none given' : checkpoints.given}. Anchors: ${anchors.given === 0 ? 'none given' : anchors.given}.`);
  const list = (title, lines) => (lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)]);
  if (!ok) return [`THE LOG DOES NOT HOLD. First bad event: ${firstBad.seq} (${firstBad.problem}). ${firstBad.text}`, ...facts, ...list('Noticed:', report.warnings)];
  return ['The log holds.', ...facts, ...list('This proves:', report.proved), ...list('This does not prove:', report.notProved), ...list('Noticed:', report.warnings)];
}

const started = process.argv[1];
if (started !== undefined && existsSync(started) && realpathSync(started) === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
