import { AppFailure, cancelled } from './app-failure.ts';
import type { Desktop } from './ports.ts';

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * The bytes of a file that the caller hands over as text, or lets the person choose.
 *
 * Shape:  `most`: how many bytes a text may have; a chosen file is read piece by piece and may be larger.
 * Errors: `limit-exceeded` for a text too long; `not-available-here` where the host cannot open files; `cancelled`; reading throws
 *         `invalid-input` when the file cannot be read.
 */
export async function givenBytes(desktop: Desktop, text: string | undefined, most: number): Promise<Chunks> {
  if (text !== undefined) {
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length > most) throw tooLarge(most);
    return [bytes];
  }
  if (!desktop.openFile) throw new AppFailure('not-available-here', 'This host cannot open a file. Hand over its text instead.');
  const chunks = await desktop.openFile();
  if (chunks === null) throw cancelled('Choosing a file');
  return chunks;
}

/** As `givenBytes`, the whole text; a chosen file may not be larger than a text either. */
export async function givenText(desktop: Desktop, text: string | undefined, most: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of await givenBytes(desktop, text, most)) {
    length += piece.length;
    if (length > most) throw tooLarge(most);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function tooLarge(most: number): AppFailure {
  return new AppFailure('limit-exceeded', `The file is larger than the ${Math.round(most / 1024)} KB that can be taken in here. Nothing was done. The command line signs plans of any size: countersign batch sign FILE OUT.`, { most });
}
