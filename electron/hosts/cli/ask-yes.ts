import { createInterface } from 'node:readline/promises';
import { cancelled } from '../../core/app-failure.ts';

export interface Terminal {
  input: NodeJS.ReadableStream;
  /** Where the question goes: never where the answers of the command go. */
  output: NodeJS.WritableStream;
}

/**
 * Asks a person on the terminal; only `y` or `yes` is a yes.
 *
 * Shape:  an input that ends without an answer is a no.
 * Errors: `cancelled` on Ctrl-C.
 */
export async function askYes(question: string, signal: AbortSignal, terminal: Terminal = { input: process.stdin, output: process.stderr }): Promise<boolean> {
  const lines = createInterface({ ...terminal, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => void lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(?:es)?$/iu.test(answer.trim());
  } catch (error) {
    throw signal.aborted ? cancelled('The command') : error;
  } finally {
    lines.close();
  }
}
