import { expect, test } from 'vitest';
import { commandSpecs } from '../../renderer/commands/list.ts';
import { createCommandStore } from '../../renderer/commands/store.tsx';
import { ariaKeys, keySigns } from '../../renderer/components/key-signs.ts';

test('no two commands claim one key', () => {
  const keys = commandSpecs.flatMap((spec) => spec.keys.map((key) => key.toLowerCase()));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('no two commands have one id', () => {
  const ids = commandSpecs.map((spec) => spec.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('pushing, approving a batch, rejecting, resuming and deleting have no key of their own', () => {
  const risky = ['push-batch', 'approve-batch', 'reject-batch', 'resume-run', 'resume-pushes', 'delete-batch', 'abandon-run', 'draw-rest', 'sign-plan', 'import-approval'];
  expect(commandSpecs.filter((spec) => risky.includes(spec.id)).flatMap((spec) => spec.keys)).toEqual([]);
});

test('keys are shown with the signs of the platform', () => {
  expect(keySigns('$mod+Shift+S', false)).toEqual(['Ctrl', 'Shift', 'S']);
  expect(keySigns('$mod+k', true)).toEqual(['⌘', 'K']);
  expect(ariaKeys('$mod+k', false)).toBe('Control+k');
});

test('the screen that was bound last answers a command, and leaving it gives it back', () => {
  const store = createCommandStore();
  const ran: string[] = [];
  const [frame, screen] = [Symbol('frame'), Symbol('screen')];
  store.bind(frame, { search: { run: () => ran.push('frame') } });
  store.bind(screen, { search: { run: () => ran.push('screen') } });
  store.get('search')?.run();
  store.unbind(screen);
  store.get('search')?.run();
  expect(ran).toEqual(['screen', 'frame']);
});

test('binding the same words again does not disturb who listens', () => {
  const store = createCommandStore();
  const owner = Symbol('owner');
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  store.bind(owner, { approve: { run: () => undefined } });
  store.bind(owner, { approve: { run: () => undefined } });
  store.bind(owner, { approve: { run: () => undefined, off: 'Read only' } });
  expect(told).toBe(2);
});
