/** A character that looks like another one, or like nothing. */
export interface OddCharacter {
  /** Offset in UTF-16 code units. */
  at: number;
  character: string;
  /** `U+200B` */
  codePoint: string;
  kind: 'invisible' | 'bidirectional' | 'look-alike';
}

const bidirectional = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const invisible = /[\p{Cc}\p{Cf}\u00A0\u115F\u1160\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u2800\u3000\u3164\uFFA0]/u;
const foreignLetter = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\uFF21-\uFF3A\uFF41-\uFF5A]/u;
const latinLetter = /\p{Script=Latin}/u;
const notPlain = /[^\u0020-\u007E]/u;
const emojiJoiner = '\u200D';

/**
 * Finds invisible characters, bidirectional controls and letters of another script inside a Latin word.
 *
 * Shape:  in order of place. A joiner inside an emoji is not odd, nor is a whole word in another script.
 * Errors: never throws.
 */
export function findOddCharacters(text: string): OddCharacter[] {
  if (!notPlain.test(text)) return [];
  const found: OddCharacter[] = [];
  for (const word of text.matchAll(/\p{L}+|[^\p{L}]/gu)) {
    const letters = word[0];
    const isMixed = letters.length > 1 && latinLetter.test(letters.normalize('NFC').replace(/[\uFF21-\uFF3A\uFF41-\uFF5A]/gu, '')) && foreignLetter.test(letters);
    let at = word.index;
    for (const character of letters) {
      const kind = kindOf(character, isMixed);
      if (kind !== null && !(character === emojiJoiner && isInEmoji(text, at))) {
        found.push({ at, character, codePoint: `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`, kind });
      }
      at += character.length;
    }
  }
  return found;
}

function kindOf(character: string, isMixed: boolean): OddCharacter['kind'] | null {
  if (bidirectional.test(character)) return 'bidirectional';
  if (invisible.test(character)) return 'invisible';
  return isMixed && foreignLetter.test(character) ? 'look-alike' : null;
}

function isInEmoji(text: string, at: number): boolean {
  return /[\p{Extended_Pictographic}\uFE0F\p{Emoji_Modifier}]$/u.test(text.slice(0, at)) && /^\p{Extended_Pictographic}/u.test(text.slice(at + 1));
}
