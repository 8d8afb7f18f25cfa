import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineDifferences } from '../../electron/core/views/line-differences.ts';
import { offlineReason, readOnlyReason } from '../../renderer/app/off-reasons.ts';
import { sideBySide } from '../../renderer/screens/rules/side-by-side.ts';
import { anchorSentence, anchorVerdict, breakHeadline, shippingFailureWords } from '../../renderer/words/audit.ts';
import { failureWords, isOfWarehouse, verbatimOf } from '../../renderer/words/errors.ts';
import { accessWords, isWaiting, keptSentence, progressWords, reasonOf, signInPage } from '../../renderer/words/warehouse.ts';
import type { ChainReport } from '../../shared/domain/audit-event.ts';
import type { AccessCheck, Shipping, WarehouseProgress } from '../../shared/domain/warehouse.ts';

const progress = (change: Partial<WarehouseProgress> = {}): WarehouseProgress => ({ state: 'starting', attempt: 1, nextInSeconds: null, reason: null, ...change });

describe('what the warehouse is doing', () => {
  test('is said with the try and the time to the next one, where there is more than one', () => {
    expect([progress(), progress({ attempt: 2, nextInSeconds: 3.2 }), progress({ attempt: 2 }), progress({ nextInSeconds: -1 }), progress({ state: 'signing-in' })].map(progressWords)).toEqual([
      'The warehouse is starting',
      'The warehouse is starting (try 2, next in 4 s)',
      'The warehouse is starting (try 2)',
      'The warehouse is starting (try 1, next in 0 s)',
      'Waiting for the sign-in in the browser',
    ]);
    expect((['connecting', 'starting', 'retrying', 'signing-in', 'running', 'ready'] as const).map((state) => isWaiting(progress({ state })))).toEqual([true, true, true, true, false, false]);
  });

  test('is linked to only as a sign-in page over https, and such an address is no reason', () => {
    const at = (reason: string | null, state: WarehouseProgress['state'] = 'signing-in') => signInPage(progress({ state, reason }));
    expect(at('https://dbc.cloud.databricks.com/oidc')).toBe('https://dbc.cloud.databricks.com/oidc');
    expect([at('javascript:alert(1)'), at('http://dbc.cloud.databricks.com/'), at('data:text/html,x'), at('not an address'), at(null), at('https://a.example/', 'starting'), signInPage(null)]).toEqual([null, null, null, null, null, null, null]);
    expect([reasonOf(progress({ state: 'signing-in', reason: 'https://a.example/' })), reasonOf(progress({ reason: 'STARTING' }))]).toEqual([null, 'STARTING']);
  });

  test('names where the secret is kept', () => {
    const kept = (where: 'environment' | 'keystore' | 'session' | null) => keptSentence({ method: where === null ? 'none' : 'token', kept: where, canSignIn: true, canStoreToken: true });
    expect([kept('environment'), kept('keystore'), kept('session'), kept(null)]).toEqual(['From the environment', 'Stored in the system keystore', 'Kept until Countersign is closed', 'None']);
  });

  test('a test says in one sentence what is missing', () => {
    const words = (...states: AccessCheck['state'][]) => accessWords({ ok: states.every((state) => state === 'ok'), user: null, address: 'a', seconds: 1, checks: states.map((state, index) => ({ id: String(index), need: 'n', state, grant: null, detail: null })) });
    expect([words(), words('ok', 'ok'), words('missing', 'ok'), words('missing', 'missing', 'failed'), words('failed', 'ok')].map(({ title }) => title)).toEqual(['Nothing has to be granted.', 'Everything that is needed is there.', 'Of 2 needs 1 is missing.', 'Of 3 needs 2 are missing, 1 failed.', 'Of 2 needs 1 failed.']);
    expect(accessWords({ ok: true, user: null, address: 'a', seconds: 1, checks: [{ id: 'x', need: 'n', state: 'missing', grant: 'g', detail: null }] })).toEqual({ title: 'Everything that is needed is there.', meaning: '1 optional one is not; Countersign works without.' });
    expect(words('missing', 'not-checked').meaning).toContain('1 need could not be checked.');
  });
});

describe('failures of the warehouse', () => {
  test('have the words of the warehouse, not those of Salesforce', () => {
    const of = (details: Record<string, string>) => failureWords({ code: 'not-signed-in', message: '', details }).title;
    expect([of({}), of({ problem: 'not-signed-in' })]).toEqual(['Nobody is signed in to Salesforce', 'Nobody is signed in to the warehouse']);
    expect([isOfWarehouse({ code: 'source-unavailable', message: '', details: {} }), isOfWarehouse({ code: 'org-unavailable', message: '', details: {} })]).toEqual([true, false]);
    expect([verbatimOf({ code: 'unexpected', message: '', details: { verbatim: ' ' } }), verbatimOf({ code: 'unexpected', message: '', details: { verbatim: 'x' } }), verbatimOf({ code: 'unexpected', message: '', details: { verbatim: 1 } })]).toEqual([null, 'x', null]);
  });

  test('a network is asked for only where the warehouse is elsewhere', () => {
    const info = (kind: 'embedded' | 'databricks') => ({ warehouse: { kind, source: '' }, readOnly: kind === 'embedded' }) as never;
    expect([offlineReason(info('embedded'), false), offlineReason(info('databricks'), true), offlineReason(undefined, false), readOnlyReason(info('databricks')), readOnlyReason(undefined)]).toEqual([null, null, null, null, null]);
    expect([offlineReason(info('databricks'), false), readOnlyReason(info('embedded'))]).toEqual([expect.stringMatching(/^Offline/u), expect.stringMatching(/^Read only/u)]);
  });
});

describe('the anchor in words', () => {
  const now = new Date('2026-11-26T18:00:00.000Z');
  const anchor = { seq: 490, head: 'a', at: '2026-11-26T10:38:00.000Z' };
  const report = (change: Partial<ChainReport>): ChainReport => ({ ok: false, events: 470, head: null, checkpoints: 0, lastCheckpoint: null, firstBad: null, anchor: { state: 'not-asked', seq: null, head: null, at: null, text: null }, warnings: [], seconds: 0, ...change });

  test('says where, at which event and what came since; a ledger that is shorter says nothing of since', () => {
    expect(anchorSentence(anchor, 'main.cs.log', 502, now)).toMatch(/^Anchored in main\.cs\.log at event 490, \d\d:\d\d; 12 events since$/u);
    expect(anchorSentence(anchor, 'main.cs.log', 470, now)).not.toContain('since');
  });

  test('every answer of the anchor has its own words', () => {
    const states = ['agrees', 'disagrees', 'none', 'unreachable', 'not-asked'] as const;
    const words = states.map((state) => anchorVerdict({ state, seq: 490, head: null, at: null, text: 'No answer.' }));
    expect([new Set(words).size, words[0], words[3]]).toEqual([5, 'The anchor at event 490 agrees', 'Not checked: the anchor could not be asked. No answer.']);
  });

  test('a break is told apart from a ledger that was cut back and from one that went another way', () => {
    const disagrees = { state: 'disagrees' as const, seq: 490, head: 'a', at: anchor.at, text: null };
    expect([
      breakHeadline(report({ firstBad: { seq: 7, problem: 'altered', text: '' } })),
      breakHeadline(report({ firstBad: { seq: 470, problem: 'truncated', text: '' }, anchor: disagrees })),
      breakHeadline(report({ firstBad: { seq: 481, problem: 'forked', text: '' }, anchor: disagrees })),
      breakHeadline(report({ anchor: disagrees })),
      breakHeadline(report({})),
    ]).toEqual(['The chain breaks at event 7.', 'Events are missing at the end: the anchor stands at event 490, this ledger ends at event 470.', 'This ledger and its anchor disagree from event 481 on.', 'This ledger and its anchor disagree.', 'The chain is broken.']);
  });

  test('what waits to be copied is counted, and a fork is not called waiting', () => {
    const failure = { at: anchor.at, code: 'source-unavailable', message: 'x', fork: false };
    const shipping: Shipping = { place: 'p', events: 10, shipped: 9, backlog: 1, at: null, anchor: null, failure, limit: 500 };
    expect(shippingFailureWords(shipping, failure, now)).toMatchObject({ title: '1 audit event waits to be copied.', meaning: expect.stringContaining('more than 500 wait') });
    expect(shippingFailureWords(shipping, { ...failure, fork: true }, now).title).toBe('The warehouse holds another audit log than this one.');
  });
});

describe('two texts side by side', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 30 }).map((lines) => lines.join('\n')).filter((joined) => joined !== '');

  test('show every line that is in one of them only, and count what they leave out', () => {
    fc.assert(
      fc.property(text, text, (expected, deployed) => {
        const differences = lineDifferences(expected, deployed);
        const rows = sideBySide({ expected, deployed, differences });
        const shown = (side: 'expected' | 'deployed') => rows.flatMap((row) => (row.kind === 'change' && row[side] !== null ? [row[side]] : []));
        for (const side of ['expected', 'deployed'] as const) expect(shown(side).map(({ number, text: line }) => ({ line: number, side, text: line }))).toEqual(differences.filter((difference) => difference.side === side));
        const equal = rows.reduce((sum, row) => sum + (row.kind === 'gap' ? row.count : row.kind === 'same' ? 1 : 0), 0);
        expect(equal + shown('expected').length).toBe(expected.split('\n').length);
        for (const row of rows) if (row.kind === 'same') expect(row.deployed.text).toBe(row.expected.text);
      }),
    );
  });

  test('keep three equal lines around a change', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    const expected = lines.join('\n');
    const deployed = lines.with(9, 'another').join('\n');
    expect(sideBySide({ expected, deployed, differences: lineDifferences(expected, deployed) }).map((row) => (row.kind === 'gap' ? row.count : row.kind))).toEqual([6, 'same', 'same', 'same', 'change', 'same', 'same', 'same', 7]);
  });
});
