/** A line that ends with the name of a column, and what it stands in. */
interface Item {
  name: string;
  /** Line numbers from 1 on, the last included. */
  from: number;
  to: number;
  /** Columns that the item reads. */
  reads: ReadonlySet<string>;
}

/** Lines that end with a column, too, and give none. */
const clause = /^(?:FROM|JOIN|LEFT|WHERE|AND|OR|ON|GROUP|HAVING|ORDER|PARTITION|UNION)\b/u;

/**
 * The lines of a view that give one of its columns, and those within the view that give what these read.
 *
 * Shape:  line numbers from 1 on, in order; none where the view has no such column. Found by the form in which the views are
 *         written: a line for each column, `CASE … END AS name` over several.
 */
export function columnLines(sql: string, column: string): number[] {
  const items = itemsOf(sql);
  const found = new Set<number>();
  const trace = (name: string, before: number): void => {
    for (const item of items) {
      if (item.name !== name || item.to >= before || found.has(item.to)) continue;
      for (let line = item.from; line <= item.to; line += 1) found.add(line);
      for (const read of item.reads) trace(read, item.from);
    }
  };
  trace(column, Number.POSITIVE_INFINITY);
  return [...found].toSorted((a, b) => a - b);
}

function itemsOf(sql: string): Item[] {
  const items: Item[] = [];
  const lines = sql.split('\n').map((line) => line.trim());
  for (const [index, line] of lines.entries()) {
    const name = /(?:\bAS |\.)(\w+),?$/u.exec(line)?.[1];
    if (name === undefined || line.startsWith('--') || clause.test(line)) continue;
    const from = line.startsWith('END') ? lines.lastIndexOf('CASE', index) : index;
    const text = lines.slice(from, index + 1).join(' ');
    items.push({ name, from: from + 1, to: index + 1, reads: new Set(Array.from(text.matchAll(/\b[a-z]\.(\w+)/gu), ([, read]) => read ?? '')) });
  }
  return items;
}

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** Numbers of lines, of which there is one at least, in words. */
export function linesWords(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${list.format(lines.map(String))}`;
}
