const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * Lengthens a 15-character record id to its 18-character form.
 *
 * Source: Salesforce's case-safe ids: each suffix character holds, lowest bit first, which of five characters are capitals.
 */
export function toLongId(shortId: string): string {
  let suffix = '';
  for (let group = 0; group < 3; group += 1) {
    let bits = 0;
    for (let position = 0; position < 5; position += 1) {
      const character = shortId.charAt(group * 5 + position);
      if (character >= 'A' && character <= 'Z') bits += 1 << position;
    }
    suffix += suffixAlphabet.charAt(bits);
  }
  return shortId + suffix;
}

/**
 * The text by which two spellings of one record id are recognised as the same.
 *
 * Shape: the first 15 characters of a 15-character id or of its 18-character form; any other text as it stands, also one of
 *        18 characters with a wrong suffix, such as an id that somebody made up for a CSV file.
 */
export function idIdentity(id: string): string {
  const shortId = id.slice(0, 15);
  return toLongId(shortId) === id ? shortId : id;
}

/** Makes the 18-character id of the n-th record of a kind; ids made later sort after ids made earlier. */
export function makeId(keyPrefix: string, pod: string, count: number): string {
  let rest = count;
  let digits = '';
  while (digits.length < 15 - keyPrefix.length - pod.length) {
    digits = alphabet.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return toLongId(keyPrefix + pod + digits);
}

/** Says whether a text has the form of a record id. */
export function looksLikeId(text: string): boolean {
  return /^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(text);
}
