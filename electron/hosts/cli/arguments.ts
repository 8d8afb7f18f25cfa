import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { AppFailure } from '../../core/app-failure.ts';

/** Options that every command takes. */
export const generalOptions = {
  workspace: { type: 'string', short: 'w' },
  json: { type: 'boolean' },
  as: { type: 'string' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Words and options of one command line after the command's own name. */
export interface CommandArguments {
  words: readonly string[];
  text(name: string): string | undefined;
  /** Every value of an option that may be repeated. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** A whole number within its bounds. */
  number(name: string, least?: number, most?: number): number | undefined;
  /** The word at a place; its absence is a usage error that names it. */
  word(index: number, called: string): string;
}

export function usageFailure(message: string, details: Record<string, string> = {}): AppFailure {
  return new AppFailure('invalid-input', message, details);
}

/**
 * Reads the words of a command line against the options of its command.
 *
 * Errors: throws `invalid-input` for an unknown option, a missing value, or too many words.
 */
export function readArguments(argv: readonly string[], options: ParseArgsOptionsConfig, mostWords: number): CommandArguments {
  let parsed: ReturnType<typeof parseArgs>;
  try {
    const known = { ...generalOptions, ...options };
    parsed = parseArgs({ args: acceptHyphens(argv, known), options: known, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageFailure(`${(error as Error).message.split('. ')[0]?.replace(/\.$/u, '')}. See --help.`);
  }
  const { values, positionals } = parsed;
  if (positionals.length > mostWords) throw usageFailure(`"${positionals[mostWords]}" is one word too many. See --help.`);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    words: positionals,
    text,
    texts(name) {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
    },
    flag: (name) => values[name] === true,
    number(name, least = 0, most = Number.MAX_SAFE_INTEGER) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (!/^\d+$/u.test(value) || number < least || number > most) throw usageFailure(`--${name} takes a whole number from ${least} to ${most}, not "${value}".`, { option: name });
      return number;
    },
    word(index, called) {
      const word = positionals[index];
      if (word === undefined || word === '') throw usageFailure(`${called} is missing. See --help.`);
      return word;
    },
  };
}

/**
 * Spells out what `parseArgs` finds ambiguous, because ids and filter terms may begin with a hyphen: `--keys -5` becomes
 * `--keys=-5`, and words move behind `--`. A hyphen followed by the letter of a short option is that option.
 */
function acceptHyphens(argv: readonly string[], known: ParseArgsOptionsConfig): string[] {
  const entries = Object.entries(known);
  const shorts = new Set(entries.flatMap(([, option]) => option.short ?? []));
  const withValue = new Map(
    entries.filter(([, option]) => option.type === 'string').flatMap(([name, { short }]) => [`--${name}`, ...(short ? [`-${short}`] : [])].map((spelling) => [spelling, name] as const)),
  );
  const isWord = (text: string): boolean => !text.startsWith('-') || text === '-' || (text[1] !== '-' && !shorts.has(text[1] ?? ''));
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  const options: string[] = [];
  const words: string[] = [];
  for (let at = 0; at < before.length; at += 1) {
    const text = before[at] ?? '';
    const name = withValue.get(text);
    const next = before[at + 1];
    if (name !== undefined && next !== undefined && isWord(next)) {
      options.push(`--${name}=${next}`);
      at += 1;
    } else (isWord(text) ? words : options).push(text);
  }
  return [...options, '--', ...words, ...(end < 0 ? [] : argv.slice(end + 1))];
}

/** Splits a list of keys at its commas; a key with commas stands in quotation marks, doubled inside. */
export function splitKeys(lists: readonly string[]): string[] {
  const keys: string[] = [];
  for (const list of lists) {
    const pattern = /\s*(?:"((?:[^"]|"")*)"|([^\s",][^,]*)?)\s*(?:,|$)/uy;
    while (pattern.lastIndex < list.length) {
      const match = pattern.exec(list);
      if (!match) throw usageFailure(`The keys cannot be read: ${list.slice(0, 80)}`);
      const key = match[1] === undefined ? (match[2] ?? '').trim() : match[1].replaceAll('""', '"');
      if (key !== '') keys.push(key);
    }
  }
  return [...new Set(keys)];
}

/** Reads `50+50`: creates and updates of a pilot. */
export function readPilot(text: string): { creates: number; updates: number } {
  const match = /^(\d{1,5})\+(\d{1,5})$/u.exec(text);
  if (!match) throw usageFailure(`--pilot takes creates+updates, e.g. 50+50, not "${text}".`, { option: 'pilot' });
  return { creates: Number(match[1]), updates: Number(match[2]) };
}
