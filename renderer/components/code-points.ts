/** A stretch of text as it stands, or one character that must be made visible. */
export type TextPiece = { kind: 'plain'; text: string; at: number } | { kind: 'badge'; text: string; badge: string; at: number };

const named: Record<number, string> = { 0xa0: 'NBSP', 0x9: 'TAB', 0xa: 'LF', 0xd: 'CR' };
const ranges: readonly (readonly [number, number])[] = [
  [0x0, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2800, 0x2800],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffc],
  [0xe0000, 0xe007f],
];
const lookAlikes: readonly { script: string; pattern: RegExp }[] = [
  { script: 'Cyrillic', pattern: /\p{Script=Cyrillic}/u },
  { script: 'Greek', pattern: /\p{Script=Greek}/u },
  { script: 'Armenian', pattern: /\p{Script=Armenian}/u },
  { script: 'Cherokee', pattern: /\p{Script=Cherokee}/u },
  { script: 'Fullwidth', pattern: /[\uff01-\uff5e]/u },
];
const latin = /\p{Script=Latin}/u;
/** What may need a badge; few texts have any of it. */
const suspicious = new RegExp([`[${ranges.map((range) => range.map((code) => `\\u{${code.toString(16)}}`).join('-')).join('')}]`, ...lookAlikes.map(({ pattern }) => pattern.source)].join('|'), 'u');

function badgeOf(character: string, hasLatin: boolean): string | null {
  const code = character.codePointAt(0) ?? 0;
  if (ranges.some(([first, last]) => code >= first && code <= last)) {
    return named[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  if (!hasLatin) return null;
  const script = lookAlikes.find((candidate) => candidate.pattern.test(character));
  return script ? `${script.script} ${character}` : null;
}

/**
 * Splits text so that invisible characters, bidirectional controls and look-alike letters can be shown as badges.
 *
 * Shape: joining the `text` of all pieces gives the input back. A letter of another script counts as a look-alike only
 *        in a text that also has Latin letters.
 */
export function splitCodePoints(text: string): TextPiece[] {
  if (text !== '' && !suspicious.test(text)) return [{ kind: 'plain', text, at: 0 }];
  const withoutWide = text.replace(/[\uff01-\uff5e]/gu, '');
  const hasLatin = latin.test(withoutWide);
  const pieces: TextPiece[] = [];
  let plain = '';
  let at = 0;
  for (const character of text) {
    const badge = badgeOf(character, hasLatin);
    if (badge === null) {
      plain += character;
      continue;
    }
    if (plain !== '') pieces.push({ kind: 'plain', text: plain, at });
    at += plain.length;
    plain = '';
    pieces.push({ kind: 'badge', text: character, badge, at });
    at += character.length;
  }
  if (plain !== '') pieces.push({ kind: 'plain', text: plain, at });
  return pieces;
}
