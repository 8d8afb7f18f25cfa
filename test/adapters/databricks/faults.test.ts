import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppFailure } from '../../../electron/core/app-failure.ts';
import type { WarehouseRow } from '../../../electron/core/ports.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { WarehouseProgress } from '../../../shared/domain/warehouse.ts';
import { aRow } from '../audit-table-contract.ts';
import { openStandInSite, quickLimits, type StandInSite } from '../../stand-in/open-site.ts';
import { property, writeSource } from '../../warehouse-views/view-fixture.ts';

/** 25,000 rows are three answers of the warehouse. */
const rowCount = 25_000;
const ids = Array.from({ length: rowCount }, (_, at) => `p${String(at).padStart(6, '0')}`);
const never = new AbortController().signal;

describe.each(['columns', 'arrow'] as const)('a warehouse that fails, over the real driver (%s)', (format) => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-faults-'));
  let under: StandInSite;
  let told: WarehouseProgress[] = [];
  let stopListening = (): void => {};
  const auditName = (): string => under.names['property_sync_audit_log'] ?? '';

  beforeAll(async () => {
    under = await openStandInSite({ format }, { ...quickLimits, startMs: 20_000, transientMs: 20_000, answerMs: 3_000 });
    writeSource(folder, { properties: ids.map((id) => property(id)) });
    under.load(folder);
    await under.deploy();
    stopListening = under.site.warehouseAccess.onProgress((progress) => told.push(progress));
    // The rows of the views are built once; what follows measures no computing.
    await under.site.warehouse.countView('properties_to_create', never);
  });
  afterEach(() => {
    under.standIn.faults.clear();
    told = [];
  });
  afterAll(async () => {
    stopListening();
    await under.close();
    rmSync(folder, { recursive: true });
  });

  const readIds = async (signal = never): Promise<unknown[]> => {
    const rows: WarehouseRow[] = [];
    for await (const batch of under.site.warehouse.readView('properties_to_create', { signal })) rows.push(...batch);
    return rows.map((row) => row['snappt_property_id']);
  };
  const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
    try {
      await work;
    } catch (error) {
      return (error as AppFailure).error;
    }
    throw new Error('It should have failed.');
  };
  /** Resolves when one more call of this name has come. */
  const seesNew = async (call: string): Promise<void> => {
    const count = (): number => under.standIn.seen.filter((one) => one.call === call).length;
    const before = count();
    await expect.poll(count).toBeGreaterThan(before);
  };
  const countTo = (signal = never): Promise<number> => under.site.warehouse.countView('properties_to_create', signal);

  it('is waited for while it starts, and the waiting is told', async () => {
    await under.site.warehouse.close();
    under.standIn.faults.add(
      { call: 'OpenSession', fault: { kind: 'http', status: 503, retryAfterSeconds: 0 }, times: 2 },
      { call: 'ExecuteStatement', fault: { kind: 'refuse', message: 'requirement failed: Session handle has not been initialized or had already closed' }, times: 2 },
    );
    expect(await countTo()).toBe(rowCount);
    expect(told.filter(({ nextInSeconds }) => nextInSeconds !== null).map(({ state, attempt }) => [state, attempt])).toEqual([['starting', 1], ['starting', 2], ['starting', 3], ['starting', 4]]);
    expect(told.at(-1)).toMatchObject({ state: 'ready' });
  });

  it('that never starts is given up in the end, with its own words', async () => {
    await under.site.warehouse.close();
    const impatient = under.open({ limits: { delaysMs: [10], startMs: 100, transientMs: 100, answerMs: 2_000 } });
    under.standIn.faults.add({ call: 'OpenSession', fault: { kind: 'http', status: 503 }, times: 1_000 });
    const failure = await failureOf(impatient.warehouse.countView('properties_to_create', never));
    expect(failure).toMatchObject({ code: 'source-unavailable', details: { problem: 'starting', effect: 'none', verbatim: expect.stringContaining('503') as string } });
    expect(failure.message).toContain('did not start in time');
  });

  it('whose session has expired gets a new one, and the read is repeated', async () => {
    const sessions = under.standIn.seen.filter(({ call }) => call === 'OpenSession').length;
    under.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'expire-sessions' } });
    expect(await countTo()).toBe(rowCount);
    expect(under.standIn.seen.filter(({ call }) => call === 'OpenSession').length).toBeGreaterThan(sessions);
  });

  it.each([
    ['a busy warehouse (429) with a time to wait', { kind: 'http', status: 429, retryAfterSeconds: 0 }],
    ['a gateway that fails (502)', { kind: 'http', status: 502 }],
    ['a connection that is dropped before the statement', { kind: 'drop', effect: 'before' }],
    ['a connection that is dropped after the statement', { kind: 'drop', effect: 'after' }],
    ['an answer that ends in the middle', { kind: 'half' }],
    ['a warehouse that says nothing at all', { kind: 'silence' }],
  ] as const)('is read again after %s', async (_, fault) => {
    under.standIn.faults.add({ call: 'ExecuteStatement', fault });
    expect(await countTo()).toBe(rowCount);
    expect(told.some(({ state, reason }) => state === 'retrying' && reason !== null)).toBe(true);
  });

  it('is waited for while a statement is RUNNING', async () => {
    under.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'slow', ms: 800 } });
    expect(await countTo()).toBe(rowCount);
    expect(under.standIn.seen.filter(({ call }) => call === 'GetOperationStatus').length).toBeGreaterThan(2);
  });

  it.each(['before', 'after'] as const)('that drops the connection %s an answer with rows is taken up where it broke off: each row once', async (effect) => {
    under.standIn.faults.add({ call: 'FetchResults', fault: { kind: 'drop', effect }, after: effect === 'before' ? 0 : 1 });
    expect(await readIds()).toEqual(ids);
    expect(told.some(({ state }) => state === 'retrying')).toBe(true);
  });

  it('that breaks off again and again is still read, each row once', async () => {
    under.standIn.faults.add({ call: 'FetchResults', fault: { kind: 'drop', effect: 'after' }, times: 3 }, { call: 'ExecuteStatement', fault: { kind: 'http', status: 429 }, times: 2 });
    expect(await readIds()).toEqual(ids);
  });

  it('whose rows changed in the middle of what was read already is not mixed up either', async () => {
    let seen = 0;
    const reading = (async () => {
      for await (const rows of under.site.warehouse.readView('properties_to_create', { signal: never })) {
        if (seen === 0) {
          under.standIn.faults.add({ call: 'FetchResults', fault: { kind: 'drop', effect: 'before' }, times: 2 });
          writeSource(folder, { properties: ids.map((id, at) => property(id, at === 10 ? { name: 'Changed' } : {})) });
          under.load(folder);
        }
        seen += rows.length;
      }
    })();
    const failure = await failureOf(reading);
    writeSource(folder, { properties: ids.map((id) => property(id)) });
    under.load(folder);
    expect(failure).toMatchObject({ code: 'source-unavailable', details: { problem: 'changed' } });
  });

  it('that fails one statement does not take the session from the others', async () => {
    await countTo();
    under.standIn.calls.executed.length = 0;
    under.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'slow', ms: 1_500 }, sql: /properties_to_update/u }, { call: 'ExecuteStatement', fault: { kind: 'drop', effect: 'before' }, sql: /properties_to_create/u });
    const slow = under.site.warehouse.countView('properties_to_update', never);
    await seesNew('GetOperationStatus');
    expect(await countTo()).toBe(rowCount);
    expect(await slow).toBe(0);
    expect(under.standIn.calls.executed.filter((sql) => sql.includes('properties_to_update')).length).toBe(1);
  });

  it('that is still being opened can be left at once', async () => {
    // So patient that waiting for an answer would outlast the test.
    const patient = under.open({ limits: { ...quickLimits, answerMs: 300_000 } });
    for (const rule of [{ call: 'OpenSession', fault: { kind: 'silence' } }, { call: 'ExecuteStatement', fault: { kind: 'slow', ms: 60_000 }, sql: /SET TIME ZONE/u }] as const) {
      const controller = new AbortController();
      under.standIn.faults.add(rule);
      const counting = failureOf(patient.warehouse.countView('properties_to_create', controller.signal));
      await seesNew(rule.call === 'OpenSession' ? 'OpenSession' : 'GetOperationStatus');
      controller.abort();
      expect(await counting).toMatchObject({ code: 'cancelled' });
    }
    expect(await patient.warehouse.countView('properties_to_create', never)).toBe(rowCount);
  });

  it('that does not even answer to being cancelled keeps nobody waiting', async () => {
    const controller = new AbortController();
    const patient = under.open({ limits: { ...quickLimits, answerMs: 300_000 } });
    await patient.warehouse.countView('properties_to_create', never);
    under.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'slow', ms: 60_000 } }, { call: 'CancelOperation', fault: { kind: 'half' } });
    const counting = failureOf(patient.warehouse.countView('properties_to_create', controller.signal));
    await seesNew('GetOperationStatus');
    controller.abort();
    expect(await counting).toMatchObject({ code: 'cancelled' });
  });

  it('whose token has expired (403) gets a new one, and the statement is repeated', async () => {
    const before = under.standIn.oidc.granted;
    const principal = under.open({ env: { DATABRICKS_CLIENT_ID: 'service-principal', DATABRICKS_CLIENT_SECRET: 'its-secret' } });
    under.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'http', status: 403 }, sql: /properties_to_create/u });
    expect(await principal.warehouse.countView('properties_to_create', never)).toBe(rowCount);
    expect(under.standIn.oidc.granted - before).toBe(2);
  });

  it('whose refusal speaks of a network is told as what it is', async () => {
    under.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'refuse', message: "[CAST_INVALID_INPUT] The value 'Network House' of the type \"STRING\" cannot be cast." } });
    expect(await failureOf(countTo())).toMatchObject({ code: 'source-invalid', details: { problem: 'statement' } });
  });

  it('whose rows changed between the break and the next try is not mixed up: the refresh is refused', async () => {
    const reading = (async () => {
      const seen: unknown[] = [];
      for await (const rows of under.site.warehouse.readView('properties_to_create', { signal: never })) {
        if (seen.length === 0) {
          under.standIn.faults.add({ call: 'FetchResults', fault: { kind: 'drop', effect: 'before' }, times: 2 });
          writeSource(folder, { properties: ids.slice(5).map((id) => property(id)) });
          under.load(folder);
        }
        seen.push(...rows);
      }
    })();
    const failure = await failureOf(reading);
    writeSource(folder, { properties: ids.map((id) => property(id)) });
    under.load(folder);
    expect(failure).toMatchObject({ code: 'source-unavailable', details: { problem: 'changed' } });
    expect(failure.message).toContain('have changed since');
  });

  it('is told to cancel the statement when the reader gives up, and holds nothing open', async () => {
    const controller = new AbortController();
    const before = under.standIn.calls.cancelled;
    const reading = (async () => {
      for await (const _ of under.site.warehouse.readView('properties_to_create', { signal: controller.signal })) controller.abort();
    })();
    expect(await failureOf(reading)).toMatchObject({ code: 'cancelled' });
    await expect.poll(() => under.standIn.calls.operations.size).toBe(0);
    expect(under.standIn.calls.cancelled).toBeGreaterThan(before);
  });

  it('can be left while it starts or works: the caller does not wait for it', async () => {
    for (const fault of [{ kind: 'silence' }, { kind: 'slow', ms: 60_000 }] as const) {
      const controller = new AbortController();
      under.standIn.faults.add({ call: 'ExecuteStatement', fault });
      const counting = failureOf(countTo(controller.signal));
      await seesNew(fault.kind === 'silence' ? 'ExecuteStatement' : 'GetOperationStatus');
      controller.abort();
      expect(await counting).toMatchObject({ code: 'cancelled' });
    }
  });

  it('that does not know the token says so, once, and nothing is tried for minutes', async () => {
    const stranger = under.open({ env: { DATABRICKS_TOKEN: 'an-old-token' } });
    expect(await failureOf(stranger.warehouse.countView('properties_to_create', never))).toMatchObject({ code: 'not-signed-in', details: { problem: 'not-signed-in', effect: 'none' } });
    expect(under.standIn.seen.filter(({ token }) => token === 'an-old-token').map(({ call }) => call)).toEqual(['OpenSession', 'OpenSession']);
  });

  it('that does not let this user in at all (403) is told as a missing permission', async () => {
    await under.site.warehouse.close();
    under.standIn.faults.add({ call: 'OpenSession', fault: { kind: 'http', status: 403 }, times: 2 });
    expect(await failureOf(countTo())).toMatchObject({ code: 'permission-denied', details: { problem: 'permission' } });
  });

  it.each([
    ['[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b`.`c` cannot be found.', 'source-invalid', 'missing', 'views deploy'],
    ['[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT on Table c.', 'permission-denied', 'permission', 'warehouse test'],
    ["[PARSE_SYNTAX_ERROR] Syntax error at or near 'FORM'.", 'source-invalid', 'statement', 'FORM'],
    ['[STATEMENT_TIMEOUT] The statement timed out.', 'source-unavailable', 'timeout', 'longer than the warehouse allows'],
    ['[SOMETHING_NEW] Nobody has seen this yet.', 'source-invalid', 'statement', 'Nobody has seen this yet'],
    ['no class at all', 'source-unavailable', 'unexpected', 'no class at all'],
  ])('that refuses with %j is told as %s', async (message, code, problem, words) => {
    for (const fault of [{ kind: 'refuse', message }, { kind: 'fail-running', message }] as const) {
      under.standIn.faults.add({ call: 'ExecuteStatement', fault });
      const failure = await failureOf(countTo());
      // A statement that fails while it runs was understood: what it says is of the statement.
      const isRunning = fault.kind === 'fail-running' && problem === 'unexpected';
      expect([failure.code, failure.details['problem'], failure.details['verbatim']]).toEqual(isRunning ? ['source-invalid', 'statement', message] : [code, problem, message]);
      expect(failure.message).toContain(words);
    }
  });

  it('cannot be reached at all: the sentence names the host and what still holds', async () => {
    const gone = under.open({ config: { ...under.config, host: 'localhost:1' }, limits: { ...quickLimits, transientMs: 50 } });
    const failure = await failureOf(gone.warehouse.countView('properties_to_create', never));
    expect(failure).toMatchObject({ code: 'source-unavailable', details: { problem: 'network', effect: 'none', host: 'localhost' } });
    expect(failure.message).toContain('What you see is the last snapshot');
  });

  it('with a certificate that nobody vouches for is refused, and the token is not sent', async () => {
    const { caFile: _, ...config } = under.config;
    const before = under.standIn.seen.length;
    const failure = await failureOf(under.open({ config }).warehouse.countView('properties_to_create', never));
    expect(failure).toMatchObject({ code: 'source-unavailable', details: { problem: 'certificate' } });
    expect(failure.message).toContain('caFile');
    expect(under.standIn.seen.length).toBe(before);
  });

  it('under another path is told as a wrong address', async () => {
    const lost = under.open({ config: { ...under.config, httpPath: '/sql/1.0/warehouses/another' } });
    expect(await failureOf(lost.warehouse.countView('properties_to_create', never))).toMatchObject({ code: 'source-unavailable', details: { problem: 'address' } });
  });

  it('whose values cannot be kept is refused with the column and the value', async () => {
    writeSource(folder, { properties: [property('p1')] });
    under.load(folder);
    const view = under.names['properties_to_create'] ?? '';
    const text = under.standIn.engine.textOf(view);
    under.standIn.engine.execute(`CREATE OR REPLACE VIEW ${view} AS ${text.replace('e.feature_count', '9007199254740993 AS feature_count')}`, {});
    const failure = await failureOf(readIds());
    under.standIn.engine.execute(`CREATE OR REPLACE VIEW ${view} AS ${text}`, {});
    writeSource(folder, { properties: ids.map((id) => property(id)) });
    under.load(folder);
    expect(failure).toMatchObject({ code: 'source-invalid' });
    expect(failure.message).toContain('The column feature_count');
    expect(failure.message).toContain('9007199254740993');
  });

  describe('while the audit log is copied', () => {
    const rowsOf = (workspace: string): number => under.standIn.engine.rowsOf(auditName()).filter((row) => row['workspace_id'] === workspace).length;

    it.each([
      ['dropped before it has an effect', { kind: 'drop', effect: 'before' }, 0],
      ['dropped after it had one', { kind: 'drop', effect: 'after' }, 1],
      ['answered by a gateway that fails', { kind: 'http', status: 504, effect: 'after' }, 1],
      ['answered in half', { kind: 'half' }, 1],
      ['answered by silence', { kind: 'silence' }, 0],
    ] as const)('an append that is %s is not repeated blindly: whoever asks is told that it may have happened', async (name, fault, there) => {
      under.standIn.faults.add({ call: 'ExecuteStatement', fault, sql: /INSERT INTO/u });
      const row = aRow({ workspace_id: name });
      expect(await failureOf(under.site.auditTable.append([row], never))).toMatchObject({ details: { effect: 'unknown' } });
      expect(await under.site.auditTable.present([row.event_id], never)).toEqual(new Set(there === 1 ? [row.event_id] : []));
      await under.site.auditTable.append([row], never);
      expect(rowsOf(name)).toBe(1);
    });

    it('an append whose operation is lost while it runs may have happened, and is not repeated', async () => {
      under.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'slow', ms: 60_000 }, sql: /INSERT INTO/u }, { call: 'GetOperationStatus', fault: { kind: 'expire-operations' }, after: 1 });
      const row = aRow({ workspace_id: 'lost operation' });
      expect(await failureOf(under.site.auditTable.append([row], never))).toMatchObject({ details: { effect: 'unknown' } });
      expect(rowsOf('lost operation')).toBe(1);
    });

    it.each([
      ['busy (429)', { kind: 'http', status: 429 }],
      ['without the session', { kind: 'expire-sessions' }],
      ['in a conflict', { kind: 'refuse', message: '[DELTA_CONCURRENT_APPEND] ConcurrentAppendException: files were added by a concurrent update.' }],
      ['starting', { kind: 'refuse', message: "Couldn't create directory /local_disk0/tmp" }],
    ] as const)('an append to a warehouse that is %s certainly had no effect, and is repeated', async (name, fault) => {
      under.standIn.faults.add({ call: 'ExecuteStatement', fault, sql: /INSERT INTO/u });
      await under.site.auditTable.append([aRow({ workspace_id: name })], never);
      expect(rowsOf(name)).toBe(1);
    });

    it('an append that a constraint refuses is told with the constraint, and leaves nothing', async () => {
      const failure = await failureOf(under.site.auditTable.append([aRow({ workspace_id: 'refused' }), aRow({ workspace_id: 'refused', event_hash: 'short' })], never));
      expect(failure).toMatchObject({ code: 'source-invalid', details: { effect: 'none' } });
      expect(failure.message).toContain('event_hash_is_sha256');
      expect(rowsOf('refused')).toBe(0);
    });
  });
});
