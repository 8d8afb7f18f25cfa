import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../renderer');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(css|tsx?)$/u.test(file) && !file.startsWith('dist'));
const tokens = readFileSync(join(root, 'styles/tokens.css'), 'utf8');

function tokenColours(theme: 'light' | 'dark'): Map<string, string> {
  const pattern = /--([a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/gu;
  return new Map([...tokens.matchAll(pattern)].map((match) => [match[1] ?? '', (theme === 'light' ? match[2] : match[3]) ?? '']));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test('raw colours live in tokens.css only', () => {
  expect(files.length).toBeGreaterThan(100);
  const raw = files
    .filter((file) => file !== 'styles/tokens.css')
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/#[0-9a-f]{3,8}\b(?![^\n]*symbol)|\brgba?\(|\bhsla?\(/giu)].map((match) => `${file}: ${match[0]}`));
  expect(raw).toEqual([]);
});

test('every class name that a component asks for exists in its stylesheet', () => {
  const missing: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.tsx'))) {
    const source = readFileSync(join(root, file), 'utf8');
    for (const [, name, path] of source.matchAll(/import (\w*[cC]ss) from '([^']+\.module\.css)'/gu)) {
      const sheet = readFileSync(join(root, file, '..', path ?? ''), 'utf8');
      for (const [, used] of source.matchAll(new RegExp(`\\b${name ?? ''}\\['([a-z0-9-]+)'\\]`, 'gu'))) {
        if (!new RegExp(`\\.${used ?? ''}(?![\\w-])`, 'u').test(sheet)) missing.push(`${file}: ${used}`);
      }
    }
  }
  expect(missing).toEqual([]);
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const colours = tokenColours(theme);
  const grounds = ['bg-app', 'bg-surface', 'bg-sunken', 'bg-raised', 'bg-hover', 'bg-selected'];
  const texts = ['text', 'text-muted', 'text-faint', 'decision-approved', 'decision-held', 'decision-excluded', 'outcome-failed', 'outcome-stale', 'outcome-unknown', 'severity-blocker', 'severity-warning', 'severity-ok', 'severity-unchecked'];
  test.each(texts)('%s is read on every ground it can meet', (text) => {
    const ratios = grounds.map((ground) => contrast(colours.get(text) ?? '', colours.get(ground) ?? ''));
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(['before', 'after', 'blank'])('the %s side of a diff is read on its ground and on its marked words', (side) => {
    const text = colours.get(`diff-${side}-text`) ?? '';
    expect(contrast(text, colours.get(`diff-${side}-bg`) ?? '')).toBeGreaterThanOrEqual(4.5);
    expect(contrast(text, colours.get(`diff-${side}-strong`) ?? '')).toBeGreaterThanOrEqual(4.5);
  });
});
