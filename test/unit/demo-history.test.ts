import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileLayout } from '../../src/clips/layouts/index.ts';
import { historyStarts, writeHistory } from '../../src/demo/history.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = 1_780_000_000_000;
const plan = { nowMs: NOW, retentionMs: 14 * DAY, clipMs: 10_000 };

describe('the history of the demo', () => {
  it('begins with clips that are due already, and goes on with some that fall due while one watches', () => {
    const dues = historyStarts(plan).map((startMs) => startMs + plan.clipMs + plan.retentionMs);
    expect(dues.filter((due) => due <= NOW).length).toBeGreaterThan(10);
    for (let minute = 1; minute <= 30; minute += 1) {
      expect(dues.some((due) => due > NOW + (minute - 1) * MINUTE && due <= NOW + minute * MINUTE)).toBe(
        true,
      );
    }
  });

  it('runs on into what is recorded now, and never past it', () => {
    const starts = historyStarts(plan);
    const end = Math.max(...starts) + plan.clipMs;
    expect(end).toBeLessThanOrEqual(NOW);
    expect(end).toBeGreaterThan(NOW - 2 * plan.clipMs);
  });

  it('has one clip at a time, in order', () => {
    const starts = historyStarts(plan);
    for (const [i, start] of starts.entries()) {
      if (i > 0) expect(start - starts[i - 1]!).toBeGreaterThanOrEqual(plan.clipMs);
    }
  });
});

describe('a clip of the history', () => {
  let dir: Scratch;
  beforeEach(() => {
    dir = scratch();
  });
  afterEach(() => {
    dir.remove();
  });

  it('lies where the recorder would have put it, with the time it would have had', async () => {
    const sample = join(dir.path, 'sample.mp4');
    writeFileSync(sample, 'sample');
    const layout = compileLayout({ layout: 'frigate', timeZone: 'UTC' });
    const root = join(dir.path, 'root');
    const target = { root, layout, recorderCamera: 'front_door', clipMs: 10_000, samples: [sample] };
    expect(await writeHistory([NOW, NOW + 10_000], target)).toBe(2);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.mp4'));
    expect(files.sort()).toEqual([
      '2026-05-28/20/front_door/26.40.mp4',
      '2026-05-28/20/front_door/26.50.mp4',
    ]);
    const { mtimeMs, nlink } = statSync(join(root, files[0]!));
    expect(mtimeMs).toBe(NOW + 10_000);
    expect(nlink).toBe(1);
  });
});
