import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/cli/check/kinds.ts';

const GUIDE = readFileSync(new URL('../../docs/guide/check.md', import.meta.url), 'utf8');

describe('what check can find', () => {
  it('stands in the guide, each kind with its invariant and what to do', () => {
    const rows = [...GUIDE.matchAll(/^\| `([a-z_]+)` \| (I\d+) \| (.+) \| (.+) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, kind, invariant]) => [kind, invariant]))).toEqual(KINDS);
  });
});
