import type { Client } from '../../../shared/transport.ts';

/** What a field may hold to become more than text: run once, it sets `window.wasRun`. */
export const hostileTexts = [
  '<script>window.wasRun=1</script>',
  '<img src=x onerror="window.wasRun=1">',
  '"><svg onload=window.wasRun=1>',
  '<a href="javascript:window.wasRun=1">Park</a>',
  '{{constructor.constructor("window.wasRun=1")()}}',
] as const;

/** A client whose every made-up name, city, company and message carries all of that. */
export function withHostileTexts(client: Client): Client {
  const all = hostileTexts.join(' ');
  const spoil = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(/Park Kennedy|Springfield|Brightwater Residential/gu, (text) => `${text} ${all}`);
    if (Array.isArray(value)) return value.map(spoil);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spoil(each)]));
  };
  return { ...client, call: async (...args) => spoil(await client.call(...args)) as never };
}
