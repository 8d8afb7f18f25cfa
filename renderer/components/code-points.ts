/** A stretch of text as it stands, or one character that must be made visible. */
export type TextPiece = { kind: 'plain'; text: string } | { kind: 'badge'; text: string; badge: string };

const named: Record<number, string> = { 0xa0: 'NBSP', 0x9: 'TAB', 0xa: 'LF', 0xd: 'CR' };
const invisible = /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\u{e0000}-\u{e007f}]/u;
const lookAlikes: readonly { script: string; pattern: RegExp }[] = [
  { script: 'Cyrillic', pattern: /\p{Script=Cyrillic}/u },
  { script: 'Greek', pattern: /\p{Script=Greek}/u },
  { script: 'Armenian', pattern: /\p{Script=Armenian}/u },
  { script: 'Cherokee', pattern: /\p{Script=Cherokee}/u },
  { script: 'Fullwidth', pattern: /[\uff01-\uff5e]/u },
];
const latin = /\p{Script=Latin}/u;

function badgeOf(character: string, hasLatin: boolean): string | null {
  if (invisible.test(character)) {
    const code = character.codePointAt(0) ?? 0;
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
  const withoutWide = text.replace(/[\uff01-\uff5e]/gu, '');
  const hasLatin = latin.test(withoutWide);
  const pieces: TextPiece[] = [];
  let plain = '';
  for (const character of text) {
    const badge = badgeOf(character, hasLatin);
    if (badge === null) {
      plain += character;
      continue;
    }
    if (plain !== '') pieces.push({ kind: 'plain', text: plain });
    plain = '';
    pieces.push({ kind: 'badge', text: character, badge });
  }
  if (plain !== '') pieces.push({ kind: 'plain', text: plain });
  return pieces;
}
