import { change, facts, writerIn } from './made-up-changes.ts';

/** Fills a snapshot, says so, and never commits. */
const [folder = ''] = process.argv.slice(2);
const writer = writerIn(folder);
for (let at = 0; at < 5; at += 1) {
  writer.addCandidates(Array.from({ length: 1_000 }, (_, number) => change({ key: `k${String(at * 1_000 + number).padStart(6, '0')}`, kind: 'create', name: 'x'.repeat(200) })));
}
writer.finish(facts('S-0002'));
process.stdout.write('ready\n');
setInterval(() => {}, 1_000);
