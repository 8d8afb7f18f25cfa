type Cell = string | number | boolean | null | undefined;

const widest = 48;

/** Lines of a table for a terminal. Control characters are shown as spaces, so that no value can move the cursor. */
export function textTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const cells = [header, ...rows.map((row) => row.map(plainText))];
  const widths = header.map((_, column) => Math.min(widest, Math.max(...cells.map((row) => (row[column] ?? '').length))));
  return cells.map((row) => row.map((cell, column) => cut(cell, widths[column] ?? 0)).join('  ').trimEnd());
}

/** One value as text of a terminal. */
export function plainText(value: Cell): string {
  if (value === null || value === undefined) return '∅';
  return String(value).replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
