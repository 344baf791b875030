/** Half a million overdue clips: as fast as promised, and nobody who looks meanwhile waits. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { makeBacklog } from '../support/backlog.ts';
import { DAY, T0, makeFootage } from '../support/footage.ts';
import { makeSweeping } from '../support/sweeping.ts';

const CLIPS = 500_000;

it('500,000 overdue clips go in one sweep, the oldest first, without holding up the loop (F-S32)', async () => {
  const f = makeFootage();
  try {
    makeBacklog(f, CLIPS, T0 - 100 * DAY);
    f.db.prepare('UPDATE root SET last_sweep_ms = ?').run(T0 - 21 * DAY);
    const s = makeSweeping(f);
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const began = performance.now();
    const { deleted } = await s.sweeper.sweep();
    const tookS = (performance.now() - began) / 1000;
    delay.disable();
    expect(deleted).toBe(CLIPS);
    expect(s.said.filter((line) => line.startsWith('breaker'))).toEqual([]);
    expect(spawnSync('find', [f.root, '-name', '*.mp4'], { encoding: 'utf8' }).stdout).toBe('');
    const p99Ms = delay.percentile(99) / 1e6;
    process.stdout.write(
      `${String(CLIPS)} clips in ${tookS.toFixed(0)} s, ${(CLIPS / tookS).toFixed(0)} a second; loop delay p99 ${p99Ms.toFixed(0)} ms\n`,
    );
    // A batch unlinks in place here; in the daemon the root's own thread does.
    expect(p99Ms).toBeLessThan(200);
  } finally {
    f.close();
  }
});
