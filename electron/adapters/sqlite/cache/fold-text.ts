/** The form in which texts are searched and sorted: Unicode NFC, without letter case, in any script. */
export function foldText(text: string): string {
  return text.normalize('NFC').toUpperCase().toLowerCase();
}
