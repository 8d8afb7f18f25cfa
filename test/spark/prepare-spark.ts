import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(dirname(import.meta.dirname));
const environment = join(root, '.spark');
const requirements = join(import.meta.dirname, 'requirements.txt');
const leastJava = 17;

/** The Python of this project's virtual environment. */
export function pythonOf(): string {
  return process.platform === 'win32' ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');
}

/**
 * Makes sure of Java, Python and the pinned Spark in a virtual environment of this project.
 *
 * Shape:  one sentence that says what this machine lacks, or null. The package index is asked only when Spark is not there
 *         yet: later runs work offline.
 */
export function prepareSpark(): string | null {
  const java = /version "(\d+)/.exec(textOf('java', ['-version']));
  if (java === null || Number(java[1]) < leastJava) return `Spark needs Java ${leastJava} or newer on the PATH: install it (Debian: apt-get install openjdk-17-jre-headless).`;
  if (hasSpark()) return null;
  const python = ['python3', 'python'].find((name) => /^Python 3\.(?:1\d|[2-9]\d)/.test(textOf(name, ['--version'])));
  if (python === undefined) return 'Spark needs Python 3.10 or newer on the PATH: install it (Debian: apt-get install python3 python3-venv).';
  process.stdout.write('Installing Spark into .spark (once, about 500 MB).\n');
  if (!existsSync(pythonOf()) && !succeeds(python, ['-m', 'venv', environment])) return 'Python cannot make a virtual environment: install its module venv (Debian: apt-get install python3-venv).';
  if (!succeeds(pythonOf(), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements])) return 'pip cannot install Spark: see its words above.';
  return null;
}

function hasSpark(): boolean {
  const wanted = readFileSync(requirements, 'utf8').trim();
  const question = 'from importlib.metadata import version; print("pyspark==" + version("pyspark"))';
  return existsSync(pythonOf()) && textOf(pythonOf(), ['-c', question]).trim() === wanted;
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

/** What a program says, on either output; empty when it is not there. */
function textOf(command: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return `${stdout ?? ''}${stderr ?? ''}`;
}
