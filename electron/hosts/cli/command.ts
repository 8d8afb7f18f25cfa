import type { ParseArgsOptionsConfig } from 'node:util';
import type { CallInput, CallName, CallOutput } from '../../../shared/contract.ts';
import type { AppPorts } from '../../core/app.ts';
import type { CommandArguments } from './arguments.ts';
import type { ExitCode } from './exit-codes.ts';

/** The app as one command uses it. */
export interface CommandApp {
  ports: AppPorts;
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
}

export interface CommandContext {
  args: CommandArguments;
  json: boolean;
  env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** One line on stderr. */
  say(line: string): void;
  /** The folder given by `--workspace` or the environment. */
  folder(): string;
  /**
   * Opens the workspace; only `write` takes the lock. It is closed when the command has ended.
   * `saveTo`: where an export goes. `readFrom`: the file that is opened. `threads`: for work so long that threads of its own pay off.
   */
  open(mode: 'read' | 'write' | 'beside', options?: { saveTo?: string; readFrom?: string; threads?: boolean }): Promise<CommandApp>;
  /** Prints the answer before the command ends: for the commands that serve until they are stopped. */
  announce(answer: CommandAnswer): void;
}

export interface CommandAnswer {
  /** The one JSON document of `--json`. */
  json: unknown;
  /** What people read without it. */
  text: readonly string[];
  exit?: ExitCode;
}

export interface Command {
  name: string;
  /** What follows the name. */
  usage: string;
  summary: string;
  options?: ParseArgsOptionsConfig;
  /** Most words after the name. Default 0. */
  words?: number;
  /** Null: a command of a later version. */
  run: ((context: CommandContext) => Promise<CommandAnswer | null>) | null;
}
