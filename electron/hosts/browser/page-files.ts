import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export interface PageFile {
  body: Buffer;
  type: string;
}

/**
 * Reads the file of the built page that an address path names.
 *
 * Shape:  a path without an extension is a place inside the app and gives the page itself. Null: there is no such file.
 * Errors: never throws; a path that leads out of the folder, or is no proper one, is null.
 */
export async function readPageFile(folder: string, path: string): Promise<PageFile | null> {
  const inside = insidePath(path);
  if (inside === null) return null;
  const name = extname(inside) === '' ? 'index.html' : inside;
  const type = types[extname(name)];
  if (type === undefined) return null;
  try {
    return { body: await readFile(join(folder, name)), type };
  } catch {
    return null;
  }
}

function insidePath(path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\') || decoded.includes('%') || decoded.includes(':')) return null;
  if (decoded.split('/').some((part) => part.startsWith('.'))) return null;
  const normal = normalize(`/${decoded}`);
  return normal.includes(`${sep}..`) ? null : normal.slice(1);
}
