import { sentenceCase } from '../../words.ts';

/** A view as `views.list` gives it. */
export interface View {
  name: string;
  sql: string;
  words: string;
  hash: string;
}

/** The comment at the head of a view as a summary and its numbered rules, without the line breaks of the file. */
export function plainWords({ name, words }: View): { summary: string; rules: string[] } {
  const parts = words.split(/^\s*\d+\.\s+/mu).map((part) => part.replace(/\s+/gu, ' ').trim());
  const [head = '', ...rules] = parts;
  const summary = head.replace(/ ?Rules$/u, '').replace(`${name}: `, '');
  return { summary: sentenceCase(summary), rules };
}
