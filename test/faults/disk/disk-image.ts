/** One step on the files of a ledger, or the word that an event is durable. */
export type DiskStep =
  | { do: 'write'; file: string; offset: number; data: Buffer }
  | { do: 'truncate'; file: string; size: number }
  | { do: 'unlink'; file: string }
  | { do: 'sync'; file: string }
  | { do: 'ack'; seq: number; head: string };

/** What is found on the disk after a power loss. */
export interface Image {
  files: Map<string, Buffer>;
  /** The newest event that was said to be durable before. */
  acknowledged: { seq: number; head: string } | null;
}

const sectorBytes = 512;

/**
 * The files as a power loss after the last of the steps may leave them.
 *
 * Shape:  before: ledger.db as it was, all of it on the disk. Of the steps after the last sync of a file each may have reached the disk or
 *         not, whatever became of those before it, and a write may have reached it in part of its sectors. By lot all, none or some are kept.
 */
export function imageAt(before: Buffer, steps: readonly DiskStep[], random: (below: number) => number): Image {
  const files = new Map<string, Growing>([['ledger.db', { content: Buffer.from(before), size: before.length }]]);
  const lastSync = new Map<string, number>();
  let acknowledged: Image['acknowledged'] = null;
  for (const [index, step] of steps.entries()) {
    if (step.do === 'sync') lastSync.set(step.file, index);
    if (step.do === 'ack') acknowledged = { seq: step.seq, head: step.head };
  }
  // Out of 8: none, all, else a share of the steps and sectors.
  const share = random(8);
  const isKept = (): boolean => (share === 0 ? false : share === 7 || random(7) < share);
  for (const [index, step] of steps.entries()) {
    if (step.do === 'sync' || step.do === 'ack') continue;
    const isSynced = index < (lastSync.get(step.file) ?? -1);
    if (step.do !== 'write') {
      if (isSynced || isKept()) apply(files, step);
    } else if (isSynced || isKept()) {
      const isTorn = !isSynced && share !== 7 && random(2) === 0;
      for (const piece of isTorn ? sectorsOf(step) : [step]) if (!isTorn || isKept()) apply(files, piece);
    }
  }
  return { files: new Map([...files].map(([name, { content, size }]) => [name, content.subarray(0, size)])), acknowledged };
}

function sectorsOf(write: Extract<DiskStep, { do: 'write' }>): Extract<DiskStep, { do: 'write' }>[] {
  const pieces: Extract<DiskStep, { do: 'write' }>[] = [];
  for (let from = 0; from < write.data.length; ) {
    const to = Math.min(write.data.length, from + sectorBytes - ((write.offset + from) % sectorBytes));
    pieces.push({ ...write, offset: write.offset + from, data: write.data.subarray(from, to) });
    from = to;
  }
  return pieces;
}

/** A file while steps are put on it; `content` may have room to spare. */
interface Growing {
  content: Buffer;
  size: number;
}

function apply(files: Map<string, Growing>, step: Extract<DiskStep, { do: 'write' | 'truncate' | 'unlink' }>): void {
  if (step.do === 'unlink') {
    files.delete(step.file);
    return;
  }
  const file = files.get(step.file) ?? { content: Buffer.alloc(0), size: 0 };
  files.set(step.file, file);
  const size = step.do === 'truncate' ? step.size : Math.max(file.size, step.offset + step.data.length);
  if (size > file.content.length) file.content = Buffer.concat([file.content.subarray(0, file.size), Buffer.alloc(2 * size - file.size)]);
  if (step.do === 'write') step.data.copy(file.content, step.offset);
  else file.content.fill(0, size);
  file.size = size;
}
