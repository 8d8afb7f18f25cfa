import { readFileSync } from 'node:fs';

const sampleMs = 100;

/** The most memory that this process has had, in MB: as the kernel counts it where it does (Linux), else as sampled. */
export function watchMemory(): { peakMb(): number; stop(): void } {
  let sampled = 0;
  const sample = (): void => {
    sampled = Math.max(sampled, process.memoryUsage.rss() / 1_000_000);
  };
  const timer = setInterval(sample, sampleMs);
  return {
    peakMb() {
      sample();
      return Math.max(sampled, kernelPeakMb() ?? 0);
    },
    stop: () => clearInterval(timer),
  };
}

function kernelPeakMb(): number | null {
  if (process.platform !== 'linux') return null;
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/u.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return kibibytes === undefined ? null : (Number(kibibytes) * 1024) / 1_000_000;
}
