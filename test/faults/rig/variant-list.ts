import type { Patch } from './bundle.ts';

/** An engine broken on purpose. */
export interface Variant {
  name: string;
  patches: readonly Patch[];
}

const push = (file: string, find: string, replace: string): Patch => ({ file: `electron/core/push/${file}.ts`, find, replace });
const ledger = (file: string, find: string, replace: string): Patch => ({ file: `electron/adapters/sqlite/ledger/${file}.ts`, find, replace });
const salesforce = (file: string, find: string, replace: string): Patch => ({ file: `electron/adapters/salesforce/${file}.ts`, find, replace });
const variant = (name: string, ...patches: readonly Patch[]): Variant => ({ name, patches });

const intents = push('send-chunk', 'await storeStep(session, chunk, { results: settled, intents: toSend });', 'await storeStep(session, chunk, { results: settled });');
const call = 'const answer = await callOrg(session, chunk, toSend);';

/** At least 20 ways in which an engine could lose, double or misreport a record. The rig must find each of them. */
export const variants: readonly Variant[] = [
  variant('no intent before a call', intents),
  variant('the intents are stored after the call', intents, push('send-chunk', call, `${call}\n  await storeStep(session, chunk, { intents: toSend });`)),
  variant(
    'a lost call is sent again without a look',
    push(
      'send-chunk',
      '?? (await look(session, items));',
      "?? (items.every((item) => item.maybeOurs) ? items.map((item) => ({ item, found: null, verdict: { verdict: 'send' as const, fields: Object.keys(item.record.fields) } })) : await look(session, items));",
    ),
  ),
  variant(
    'whatever is unknown counts as written',
    push('reconcile', 'sortLooked(session, await look(session, open));', "sortLooked(session, (await look(session, open)).map((each) => ({ ...each, verdict: { verdict: 'settled' as const, state: 'succeeded' as const, code: null, fields: [], salesforceId: each.found?.Id ?? 'a0P000000000000AAA', now: null } })));"),
  ),
  variant(
    'whatever is unknown counts as not written',
    push('reconcile', 'sortLooked(session, await look(session, open));', "sortLooked(session, (await look(session, open)).map((each) => ({ ...each, verdict: { verdict: 'send' as const, fields: Object.keys(each.item.record.fields) } })));"),
  ),
  variant(
    'an answer is believed by its order',
    push('send-chunk', "if (chunk.operation === 'update') return answer.every((said, index) => !said.ok || isSameId(said.id, intents[index]?.item.record.recordId));", "if (chunk.operation === 'update') return true;"),
    push('read-back', 'if (isShuffled(session, written, found)) {', 'if (isShuffled(session, written, found) && written.length === 0) {'),
  ),
  variant('an answer of another length is believed', push('send-chunk', 'if (answer.length !== intents.length) return false;', '')),
  variant('a job upserts what it should create', push('push-by-job', "operation: isCreate ? 'insert' : 'update'", "operation: (isCreate ? 'upsert' : 'update') as 'insert'")),
  variant('the ledger is written with synchronous=NORMAL', { file: 'electron/adapters/sqlite/open-database.ts', find: 'full: 2, normal: 1', replace: 'full: 1, normal: 1' }),
  variant('the hash of the plan is not looked at', { file: 'electron/core/batch/assert-pushable.ts', find: 'refuseChangedPlan(batch, isPlanWhole);', replace: '' }),
  variant('a plan can be used again', push('run', "if (batch.state !== 'approved') {", "if (batch.state === 'draft') {"), ledger('run-rows', 'if (retryOf === null && db.prepare(', 'if (retryOf !== null && db.prepare(')),
  variant('what changed since the review is overwritten', push('compare', 'if (changed.length > 0) return settled(', 'if (changed.length > fields.length) return settled(')),
  variant('a create goes over the record of somebody else', push('compare', "if (differing.length > 0) return settled('stale', 'ALREADY_EXISTS', { fields: differing, salesforceId, now: pickValues(found, fields) });", "if (differing.length > 0) return { verdict: 'send', fields: planned };")),
  variant(
    'nothing is read back',
    push('read-back', 'const found = await readWritten(session, written);', 'const found: (OrgRecord | null)[] = written.map(({ item, sent, salesforceId }) => ({ [session.mapping.keyField]: item.record.key, ...sent, Id: salesforceId }));'),
  ),
  variant('what could not be read back counts as succeeded', push('read-back', "state: 'unknown', code: 'NOT_READ_BACK'", "state: 'succeeded', code: 'NOT_READ_BACK'")),
  variant('locked rows are never tried again', push('record-answer', 'const mostContendedTries = 3;', 'const mostContendedTries = 0;')),
  variant('locked rows are tried for ever', push('record-answer', 'const mostContendedTries = 3;', 'const mostContendedTries = Infinity;')),
  variant('a refusal counts as skipped', push('record-answer', "isStale ? 'stale' : 'failed'", "isStale ? 'stale' : 'skipped'")),
  variant('the before-image is what is sent', push('intent', 'beforeImage: { ...pickValues(found ?? {}, fields), ...stamps }', 'beforeImage: { ...values, ...stamps }')),
  variant('a stop is not heard', push('stop-reason', 'if (stop.aborted) return stopRequested(stop);', '')),
  variant(
    'an expired session is tried three times',
    salesforce('org-calls', '    const renewed = await sessions.renew(session, signal);\n', '    const first = await sessions.renew(session, signal);\n    await sendBy(first, request, write, signal).catch(() => null);\n    const renewed = await sessions.renew(first, signal);\n'),
  ),
  variant('the rows of a job are joined by their order', push('job-results', "const item = byName.get(nameOf(row.values[isCreate ? mapping.keyField : 'Id']));", 'const item = chunk.items[rows.size];')),
  variant('a job that was closed is thought never to have been', push('recover-job', "if (jobId === null || ((stored.state === 'open' || !(await mayHaveBegun(session, jobId))) && (await giveUpJob(session, jobId)))) {", "if (jobId === null || !(await mayHaveBegun(session, jobId)) || stored.state === 'closing') {")),
  variant(
    'the id of a job is not kept',
    push('push-by-job', "jobStep(session, chunk, { jobId: id, state: 'open' })", "jobStep(session, chunk, { jobId: null, state: 'creating' })"),
    push('push-by-job', "jobStep(session, chunk, { jobId: made.id, state: 'closing' })", "jobStep(session, chunk, { jobId: null, state: 'creating' })"),
  ),
  variant('rows that a job never reached count as succeeded', push('job-results', "if (row?.outcome === 'succeeded') written.push({ ...intent, salesforceId: row.id });", "if (row !== undefined && row.outcome !== 'failed') await storeStep(session, chunk, { results: [{ item, result: { state: 'succeeded', code: null, message: null, fields: [], salesforceId: item.record.recordId, now: null } }] });")),
  variant('a job leaves a field as it is instead of blanking it', salesforce('bulk/write-csv', "const blank = '#N/A';", "const blank = '';")),
  variant('a late effect is not waited for', push('session', 'return item.lostUntil > deps.clock.elapsedMs();', 'return item.lostUntil < 0 * deps.clock.elapsedMs();')),
  variant('a late effect is not waited for after a crash', push('session', 'return clock.elapsedMs() + Math.max(0, org.lateEffectMs - age);', 'return 0 * clock.elapsedMs() * Math.max(0, org.lateEffectMs - age);')),
  variant('open intents of a dead process are planned again without a look', push('session', "const isOpen = record.state === 'sending' || record.state === 'unknown';", 'const isOpen = false;'), push('session', 'maybeOurs: isOpen || record.sent !== null,', 'maybeOurs: false,')),
  variant('chunks are cut anew when a run is resumed', push('chunks', 'states: recordStates, after, limit: chunk.records', "states: recordStates.filter((state) => state === 'planned' || state === 'sending' || state === 'unknown'), after, limit: chunk.records")),
  variant('tries are not counted', ledger('run-rows', 'attempts = attempts + 1', 'attempts = 1')),
  variant('an event is not chained', ledger('audit-rows', 'prev: hash };', 'prev: chainStart };')),
  variant('an outcome is not told to the audit log', push('store', "const told = results.filter(({ result }) => result.state !== 'planned');", "const told = results.filter(({ result }) => result.state !== 'planned' && result.state !== 'stale');")),
  variant('what was set aside is forgotten', push('work-on-run', 'if (end.stop === null && end.hot.length > 0) aside.push(', 'if (end.stop === null && end.hot.length > 10_000) aside.push(')),
  variant('a run always ends as a success', push('work-on-run', 'const isClean = counts.failed + counts.stale + counts.unknown + counts.notSent === 0;', 'const isClean = counts.planned >= 0;'), push('work-on-run', 'const isBatchClean = isClean && whole.failed + whole.stale + whole.unknown + whole.notSent === 0;', 'const isBatchClean = isClean && whole.planned >= 0;')),
  variant('a strict update goes without its precondition', push('send-chunk', "unmodifiedSince: String(intent.beforeImage?.['LastModifiedDate'] ?? '')", "unmodifiedSince: `2099-01-01T00:00:0${Object.keys(intent.sent).length % 10}.000Z`")),
  variant('another org is written to', push('begin', 'if (identity.orgId.slice(0, 15) !== plan.header.orgId.slice(0, 15)) {', "if (identity.orgId === 'none') {")),
  variant('a retry takes what has succeeded, too', ledger('run-rows', `FROM run_record WHERE run_id = ? AND state = 'failed' AND superseded = 0`, 'FROM run_record WHERE run_id = ? AND superseded = 0')),
  variant('a pause is not heard while a job is at work', push('stop-reason', "if (paused !== null) return {", "if (paused !== null && run.mode !== 'bulk') return {")),
  variant('a record that was certainly not written counts as ours', push('settled', 'isForgotten: !isLost(session, item)', 'isForgotten: isLost(session, item)')),
  variant('a job stands over records that a lost call may still write', push('push-chunk', ' && !items.some((item) => isHot(session, item))', ''), push('job-results', 'if (item.isOpen) markLost(session, item, session.deps.clock.elapsedMs());', '')),
  variant('a failure is final while the lost call may still write', push('settled', 'return !isLost(session, item) || finalCodes.has(result.code);', 'return true;')),
  variant('a job that is not found for a moment is taken for gone', push('job-steps', 'const mostTimesUnknown = 12;', 'const mostTimesUnknown = 1;')),
  variant('a new job goes by an old look', push('push-by-job', 'await look(session, items)', 'await (items.every((item) => item.record.attempts > 0) ? items.map((item) => ({ item, found: null, verdict: { verdict: "send" as const, fields: Object.keys(item.record.fields) } })) : look(session, items))')),
  variant('the rows of what is settled already are strange to a job', push('job-results', 'const byName = new Map(chunk.items.map((item) =>', 'const byName = new Map(chunk.items.filter((item) => item.isOpen).map((item) =>')),
  variant('a job that cannot be aborted is waited for without end', push('job-steps', "if (job.state !== 'Open') return false;", 'if (refused !== null) return false;')),
];
