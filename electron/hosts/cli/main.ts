import type { AppError } from '../../../shared/errors.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { readArguments, usageFailure, type CommandArguments } from './arguments.ts';
import type { Command, CommandAnswer } from './command.ts';
import { findCommand, helpText } from './command-table.ts';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-codes.ts';
import { openForCommand } from './open-for-command.ts';

/** Options with a value that may stand before the command's name. */
const leadingWithValue: readonly string[] = ['-w', '--workspace', '--as'];

/**
 * Runs one command line and answers with its exit code.
 *
 * Shape:  under `--json` stdout gets exactly one JSON document, errors included; all else goes to stderr.
 * Errors: never rejects; what nobody expected is exit code 1.
 */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  const json = argv.includes('--json');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  const stopping = new AbortController();
  const onSignal = (): void => {
    if (!stopping.signal.aborted) process.stderr.write('Stopping…\n');
    stopping.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await runCommand(argv, json, stopping.signal);
  } catch (error) {
    return printFailure(error, json);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

async function runCommand(argv: readonly string[], json: boolean, signal: AbortSignal): Promise<ExitCode> {
  const words = commandFirst(argv);
  const found = findCommand(words);
  if (!found) return withoutCommand(words, json);
  const { command, length } = found;
  if (words.includes('--help') || words.includes('-h')) {
    print({ json: { help: helpText(command).join('\n') }, text: helpText(command) }, json);
    return exitCodes.done;
  }
  if (command.run === null) throw new AppFailure('not-available-here', `"${command.name}" is planned and not in this version.`, { command: command.name });
  const args = readArguments(words.slice(length), command.options ?? {}, command.words ?? 0);
  return runOpened(command, args, json, signal);
}

async function runOpened(command: Command, args: CommandArguments, json: boolean, signal: AbortSignal): Promise<ExitCode> {
  const workspace = openForCommand(args, process.env, signal);
  try {
    const answer = await command.run?.({
      args,
      json,
      env: process.env,
      signal,
      say: (line) => process.stderr.write(`${line}\n`),
      folder: workspace.folder,
      open: workspace.open,
      announce: (early) => print(early, json),
    });
    if (answer) print(answer, json);
    return answer?.exit ?? exitCodes.done;
  } finally {
    await workspace.close();
  }
}

/** Moves options that stand before the command's name behind it. */
function commandFirst(argv: readonly string[]): string[] {
  let at = 0;
  while (at < argv.length && argv[at]?.startsWith('-')) at += leadingWithValue.includes(argv[at] ?? '') ? 2 : 1;
  return [...argv.slice(at), ...argv.slice(0, at)];
}

function withoutCommand(words: readonly string[], json: boolean): ExitCode {
  const first = words[0];
  if (first === undefined || words.includes('--help') || words.includes('-h')) {
    const help = helpText(null);
    print({ json: { help: help.join('\n') }, text: help }, json);
    return first === undefined ? exitCodes.usage : exitCodes.done;
  }
  const named = words.filter((word) => !word.startsWith('-')).slice(0, 2).join(' ');
  throw usageFailure(named === '' ? 'No command is given. See --help.' : `There is no command "${named}". See --help.`);
}

function print(answer: CommandAnswer, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(answer.json)}\n` : `${answer.text.join('\n')}\n`);
}

function printFailure(error: unknown, json: boolean): ExitCode {
  const failure: AppError = error instanceof AppFailure ? error.error : { code: 'unexpected', message: `Something went wrong that Countersign did not expect: ${error instanceof Error ? error.message : String(error)}`, details: {} };
  if (!(error instanceof AppFailure) && process.env['COUNTERSIGN_DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: failure })}\n`);
  else process.stderr.write(`${failure.message}\n`);
  return exitCodeOf(failure.code);
}
