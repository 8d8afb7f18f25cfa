import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { sourceFile } from './csv-source.ts';
import type { SourceTableName } from './source-tables.ts';

/**
 * Names the state of a source folder by the content of its files, or of a sample by its file's size and time.
 *
 * Errors: `AbortError` when the signal is aborted; a file that is not there counts as empty, the refresh will name it.
 */
export async function sourceFingerprint(source: { folder: string; tables: readonly SourceTableName[] } | { file: string }, signal: AbortSignal): Promise<string> {
  if ('file' in source) {
    const { size, mtimeMs } = await stat(source.file);
    return `sample ${size} ${mtimeMs}`;
  }
  const hash = createHash('sha256');
  for (const table of source.tables) {
    const path = sourceFile(source.folder, table);
    hash.update(`\0${table}\0`);
    if (await stat(path).then((found) => found.isFile(), () => false)) {
      await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) hash.update(chunk);
      }, { signal });
    }
  }
  return `files ${hash.digest('hex')}`;
}
