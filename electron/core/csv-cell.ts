/**
 * Writes one CSV cell.
 *
 * Shape:  quoted as in RFC 4180; a text that a spreadsheet could take for a formula gets an apostrophe in front, also when
 *         only white space or a line end stands before the sign.
 * Source: OWASP, CSV Injection: `=`, `+`, `-`, `@`, TAB and CR at the start of a cell.
 */
export function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const safe = typeof value === 'string' && /^[\t\r]|^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u.test(text) ? `'${text}` : text;
  return /[",\r\n\t]|^\s|\s$|^'/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
