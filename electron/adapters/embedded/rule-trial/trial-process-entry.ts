/** Entry point of the process in which a draft of the rules runs. */
import { Worker } from 'node:worker_threads';
import { problemOf } from '../../threads/thread-problem.ts';
import { RuleComparison } from './compare-rules.ts';
import type { FromTrial, ToTrial } from './trial-messages.ts';

const comparison = new RuleComparison();
const send = (message: FromTrial): void => void process.send?.(message);

process.on('message', (message: ToTrial) => {
  const { id } = message;
  try {
    const output = message.name === 'run' ? comparison.run(message.input.cacheFile, message.input.draft, (progress) => send({ type: 'progress', id, progress })) : comparison.records(message.input);
    send({ type: 'done', id, output });
  } catch (error) {
    send({ type: 'failed', id, problem: problemOf(error) });
  }
});
process.on('disconnect', () => process.exit(0));
// In the middle of a statement this process hears nothing; the thread does.
new Worker(new URL('./end-with-parent.ts', import.meta.url)).unref();
