import { queryPageSchema, readAnswer } from './answers.ts';
import { unreadable } from './http-failure.ts';
import type { OrgCalls, OrgRequest } from './org-calls.ts';
import { queryPath } from './soql.ts';
import { toAppFailure } from './translate-failure.ts';

/** Salesforce's largest page; it may give fewer. */
const headers = { 'sforce-query-options': 'batchSize=2000' };

/**
 * Reads a query page by page to its end.
 *
 * Shape:  pages as Salesforce gives them, at most 2,000 records each, none of them empty.
 * Errors: throws `org-unavailable` when fewer or more records came than Salesforce had announced; the query is then to be repeated.
 */
export async function* readQuery<T>(calls: OrgCalls, soql: string, signal: AbortSignal, readOne: (record: unknown) => T): AsyncGenerator<T[]> {
  const readPage = (path: string): Promise<{ records: T[]; totalSize: number; next: string | null }> => {
    const request: OrgRequest = { method: 'GET', path, headers };
    return calls.read(request, signal, (answer) => {
      const page = readAnswer(queryPageSchema, answer, 'page of a query');
      // Only the cursor's name is taken over, never an address.
      const [, locator] = /\/query\/([\w-]+)$/u.exec(page.nextRecordsUrl ?? '') ?? [];
      if (!page.done && (locator === undefined || page.records.length === 0)) throw unreadable('a page does not say where the next one is');
      return { records: page.records.map(readOne), totalSize: page.totalSize, next: page.done || locator === undefined ? null : `/query/${locator}` };
    });
  };
  let page = await readPage(queryPath(soql));
  const { totalSize } = page;
  let count = 0;
  for (;;) {
    // Salesforce makes the next page while this one is worked on. It is awaited below; until then a failure must not count as unhandled.
    const next = page.next === null ? null : readPage(page.next);
    next?.catch(() => {});
    count += page.records.length;
    if (page.totalSize !== totalSize || count > totalSize || (page.next === null && count < totalSize)) {
      throw toAppFailure(unreadable(`of ${totalSize} records announced, ${count} came`));
    }
    if (page.records.length > 0) yield page.records;
    if (next === null) return;
    page = await next;
  }
}
