import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error -- plain JavaScript, so that any Node can read it
import { isNewEnough, packagedNode } from '../../electron/hosts/require-node.mjs';

describe('the Node that is required', () => {
  it('is one that runs TypeScript files and the SQLite driver', () => {
    const versions = ['14.21.3', '18.20.0', '20.20.2', '22.18.0', '22.19.0', '24.0.0', '26.1.0'];
    expect(versions.filter((version) => isNewEnough(version))).toEqual(['22.19.0', '24.0.0', '26.1.0']);
  });

  it('is found among the installed packages on this platform, and not on an unknown one', () => {
    expect(existsSync(packagedNode())).toBe(true);
    expect(packagedNode('plan9', 'mips')).toBeNull();
  });
});
