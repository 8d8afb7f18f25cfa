/** A thread that ends its process when the process that started it is gone. */
const everyMs = 1_000;
const parent = process.ppid;

setInterval(() => {
  try {
    process.kill(parent, 0);
    if (process.ppid === parent) return;
  } catch {
    // There is no such process any more.
  }
  process.kill(process.pid, 'SIGKILL');
}, everyMs);
