/** Marks snap to what matters nearby: large ticks, ends of holds and gaps, now, the cut. Seeking never snaps. Pure. */
import { timeAt, xOf } from './scale.ts';
import type { Scene } from './scene.ts';
import { ticksIn, tickSteps } from './ticks.ts';

const SNAP_PX = 6;

export function snap(scene: Scene, widthPx: number, ms: number): number {
  const x = xOf(scene.view, widthPx, ms);
  const near = {
    fromMs: timeAt(scene.view, widthPx, x - SNAP_PX),
    toMs: timeAt(scene.view, widthPx, x + SNAP_PX) + 1,
  };
  const { largeMs } = tickSteps(scene.view, widthPx);
  const candidates = [
    ...ticksIn(near, largeMs, scene.words.time.zone),
    scene.coverage.nowMs,
    scene.coverage.cutMs,
    ...scene.coverage.cameras.flatMap((c) => [...c.holds, ...c.gaps].flatMap((s) => [s.fromMs, s.toMs])),
  ].filter((c) => c >= near.fromMs && c < near.toMs);
  return candidates.reduce(
    (best, c) => (Math.abs(c - ms) < Math.abs(best - ms) ? c : best),
    candidates[0] ?? ms,
  );
}
