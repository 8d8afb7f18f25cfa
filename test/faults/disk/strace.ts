import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The calls by which SQLite changes its files. */
export const diskCalls = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'unlink', 'rename'] as const;
export type DiskCall = (typeof diskCalls)[number];

/** The `at`-th call of one kind in the life of a process. */
export interface DiskPoint {
  call: DiskCall;
  at: number;
}

/** How a process ended and what it said. */
export interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** What happens to a process at a disk call: it dies before the call, or the call fails and has no effect (`isLasting`: all later ones of its kind too). */
export type Tampering = { do: 'kill'; at: DiskPoint } | { do: 'fail'; error: 'EIO' | 'ENOSPC'; at: DiskPoint; isLasting: boolean };

/**
 * Makes sure of strace: installs the package where this process may.
 *
 * Shape:  null when it works, otherwise in one line why it does not.
 */
export function straceMissing(): string | null {
  if (process.platform !== 'linux') return 'strace exists on Linux only';
  const works = (): boolean => spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', 'true']).status === 0;
  if (works()) return null;
  const isThere = (): boolean => spawnSync('strace', ['--version']).status === 0;
  if (!isThere() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    for (const words of [['update', '-qq'], ['install', '-y', '-qq', '--no-install-recommends', 'strace']]) {
      spawnSync('apt-get', words, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    }
    if (works()) return null;
  }
  return isThere() ? 'strace may not trace a process here (ptrace is forbidden)' : 'strace is missing: install the package strace (Debian: apt-get install strace), then run this again';
}

/** Runs a Node script under strace. With `log` each disk call is written there as strace prints it. */
export function runTraced(words: readonly string[], how: { tampering?: readonly Tampering[]; log?: { file: string; calls: readonly string[]; words?: readonly string[] } }): Promise<Ended> {
  const { tampering = [], log } = how;
  const calls = (log?.calls ?? diskCalls).join(',');
  const told = log === undefined ? ['-o', '/dev/null'] : ['-o', log.file, ...(log.words ?? [])];
  return run('strace', ['-f', '-qq', ...told, '-e', `trace=${calls}`, ...tampering.flatMap((each) => ['-e', `inject=${expression(each)}`]), process.execPath, ...words]);
}

function expression(tampering: Tampering): string {
  const { call, at } = tampering.at;
  if (tampering.do === 'kill') return `${call}:signal=KILL:when=${at}`;
  return `${call}:error=${tampering.error}:when=${at}${tampering.isLasting ? '+' : ''}`;
}

/** Runs a program to its end, however that comes. */
export function run(program: string, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The disk calls of a strace log, each with its number among those of its kind. */
export function pointsOf(log: string): DiskPoint[] {
  const counts = new Map<DiskCall, number>();
  return log.split('\n').flatMap((line) => {
    const call = diskCalls.find((name) => line.includes(` ${name}(`));
    if (call === undefined) return [];
    const at = (counts.get(call) ?? 0) + 1;
    counts.set(call, at);
    return [{ call, at }];
  });
}
