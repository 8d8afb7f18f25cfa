/** Peers of the benches come from npm. None is a dependency of this project: each is installed into `.peer/` when a bench first needs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const home = join(import.meta.dirname, '../../.peer');
const installLimitMs = 600_000;

/** A package at one version, with a word on what installing it costs. */
export interface PeerPackage {
  name: string;
  version: string;
  size: string;
}

/** The folder of an installed peer; null where it cannot be installed here. */
export function peerFolder(peer: PeerPackage): string | null {
  return isInstalled(peer) || install(peer) ? join(placeOf(peer), 'node_modules', peer.name) : null;
}

/** Each peer has a place of its own, as npm drops what it was not asked for. */
function placeOf({ name }: PeerPackage): string {
  return join(home, name);
}

/** npm writes this file last, so that an interrupted installation is made again. */
function isInstalled(peer: PeerPackage): boolean {
  const lock = join(placeOf(peer), 'node_modules/.package-lock.json');
  if (!existsSync(lock)) return false;
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, { version: string }> };
  return packages[`node_modules/${peer.name}`]?.version === peer.version;
}

function install(peer: PeerPackage): boolean {
  console.log(`Installing ${peer.name} into .peer (once, ${peer.size}).`);
  const place = placeOf(peer);
  mkdirSync(place, { recursive: true });
  // Without a network npm would try for more than a minute.
  const retries = ['--fetch-retries=1', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=2000'];
  const args = ['install', '--prefix', place, '--no-save', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', ...retries, `${peer.name}@${peer.version}`];
  const { status } = spawnSync('npm', args, { cwd: place, stdio: 'ignore', timeout: installLimitMs, shell: process.platform === 'win32' });
  return status === 0 && isInstalled(peer);
}
