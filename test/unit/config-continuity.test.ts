import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkContinuity, type KnownFootage } from '../../src/config/continuity.ts';
import { effectiveRetention, nextStep, type RetentionStep } from '../../src/config/retention-change.ts';
import type { Config } from '../../src/config/config.ts';
import { parseTree, validTree } from '../tools/config-file.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const DAY = 86_400_000;
const T0 = 1_700_000_000_000;

describe('a configuration after another', () => {
  let dir: Scratch;
  let config: Config;
  beforeAll(() => {
    dir = scratch();
    config = parseTree(validTree(dir.path)).config;
  });
  afterAll(() => {
    dir.remove();
  });

  function refusal(known: Partial<KnownFootage>): string {
    try {
      checkContinuity(config, { cameras: [], roots: [], ...known });
      return '';
    } catch (error) {
      expect(error).toMatchObject({
        code: 'config_invalid',
        hint: expect.stringContaining('retired: true') as string,
      });
      return (error as Error).message;
    }
  }

  it('keeps every camera and source that still has clips or holds', () => {
    const cameras = [
      { id: 'hall', clips: 3, holds: 0 },
      { id: 'gone', clips: 812, holds: 0 },
      { id: 'held', clips: 0, holds: 1 },
      { id: 'empty', clips: 0, holds: 0 },
    ];
    const roots = [
      { id: 'nvr', path: config.sources[0]!.root, clips: 9, holds: 1 },
      { id: 'old', path: '/srv/old', clips: 1, holds: 2 },
      { id: 'void', path: '/srv/void', clips: 0, holds: 0 },
    ];
    expect(refusal({ cameras, roots }).split('\n')).toEqual([
      'camera "gone" still has 812 clips, but is not in the configuration',
      'camera "held" still has 1 hold, but is not in the configuration',
      'source "old" still has 1 clip and 2 holds, but is not in the configuration',
    ]);
  });

  it('keeps the vault while copies lie in it, at its place', () => {
    const lost = (vault: string | undefined, copies: number): string => {
      const before = config;
      config = { ...config, holds: { ...config.holds, vault } };
      const said = refusal({ vault: { path: '/srv/vault', copies } });
      config = before;
      return said;
    };
    expect(lost(undefined, 3)).toBe(
      'the vault "/srv/vault" still has 3 copies of held clips, but holds.vault is not in the configuration',
    );
    expect(lost('/srv/other', 1)).toBe(
      'the vault "/srv/vault" still has 1 copy of held clips, but holds.vault is now "/srv/other"',
    );
    expect([lost('/srv/vault', 3), lost(undefined, 0), lost('/srv/other', 0)]).toEqual(['', '', '']);
  });

  it('keeps the root of a source that still has clips or holds, and may move an empty one', () => {
    const moved = (clips: number, holds: number): string =>
      refusal({ roots: [{ id: 'nvr', path: '/srv/elsewhere', clips, holds }] });
    expect(moved(5, 0)).toMatch(
      /^source "nvr" still has 5 clips in "\/srv\/elsewhere", but its root is now ".*\/rec"$/,
    );
    expect(moved(0, 1)).toMatch(/still has 1 hold in/);
    expect(moved(0, 0)).toBe('');
  });
});

describe('the retention in force', () => {
  const history = (...steps: [days: number, atDay: number][]): RetentionStep[] =>
    steps.map(([days, at]) => ({ retentionMs: days * DAY, fromMs: T0 + at * DAY }));
  const days = (steps: RetentionStep[], atDay: number): number | undefined => {
    const effective = effectiveRetention(steps, T0 + atDay * DAY);
    return effective && effective.retentionMs / DAY;
  };

  it('is the first that was configured, from its moment on', () => {
    expect(days([], 0)).toBeUndefined();
    expect(days(history([14, 0]), -0.01)).toBeUndefined();
    expect(days(history([14, 0]), 0)).toBe(14);
  });

  it('becomes longer at once', () => {
    expect(days(history([14, 0], [20, 5]), 4.99)).toBe(14);
    expect(days(history([14, 0], [20, 5]), 5)).toBe(20);
  });

  it('becomes shorter 24 h after it was confirmed, and says so until then', () => {
    const steps = history([14, 0], [1, 5]);
    expect(days(steps, 5)).toBe(14);
    expect(days(steps, 5.999)).toBe(14);
    expect(days(steps, 6)).toBe(1);
    expect(effectiveRetention(steps, T0 + 5.5 * DAY)?.pending).toEqual({
      retentionMs: DAY,
      fromMs: T0 + 6 * DAY,
    });
    expect(effectiveRetention(steps, T0 + 6 * DAY)?.pending).toBeUndefined();
  });

  it('never was shorter when the slip was taken back within the day', () => {
    const steps = history([14, 0], [1, 5], [14, 5.9]);
    for (const at of [5, 5.5, 5.95, 6, 6.5, 7, 30]) expect(days(steps, at)).toBe(14);
  });

  it('goes down in the steps that were confirmed, each a day later', () => {
    const steps = history([14, 0], [10, 5], [7, 5.5]);
    expect([5.9, 6, 6.4, 6.5].map((at) => days(steps, at))).toEqual([14, 10, 10, 7]);
  });

  it('is lowered only by somebody who says so', () => {
    const step = (retentionDays: number, confirmShorter: boolean): RetentionStep | undefined =>
      nextStep(history([14, 0]), { retentionMs: retentionDays * DAY, confirmShorter }, T0 + DAY);
    expect(() => step(13, false)).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        hint: expect.stringContaining('--confirm-shorter') as string,
      }) as Error,
    );
    expect(step(13, true)).toEqual({ retentionMs: 13 * DAY, fromMs: T0 + DAY });
    expect(step(15, false)).toEqual({ retentionMs: 15 * DAY, fromMs: T0 + DAY });
    expect(step(14, true)).toBeUndefined();
    expect(nextStep([], { retentionMs: DAY, confirmShorter: false }, T0)).toEqual({
      retentionMs: DAY,
      fromMs: T0,
    });
  });
});
