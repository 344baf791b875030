/** The marked window with its handles, the crosshair, and the needle. */
import { RULER_PX } from '../scene.ts';
import { bar, flag, measure, write } from './pen.ts';
import { rowOf, type Frame } from './row-frame.ts';

const STRIPE_PX = 4;

export function paintMarks(frame: Frame): void {
  const { pen, scene, x, rowPx } = frame;
  if (scene.marks === null) return;
  const left = x(scene.marks.fromMs);
  const right = x(scene.marks.toMs);
  bar(pen, pen.inks.thin('accent', 0.1), [left, RULER_PX, right - left, pen.heightPx - RULER_PX]);
  scene.cameras.forEach((camera, index) => {
    if (!scene.marked.includes(camera.id)) return;
    const row = rowOf(frame, index);
    bar(pen, pen.inks.thin('accent', 0.17), [left, row.topPx + 1, right - left, rowPx - 1]);
  });
  paintComing(frame, left, right);
  paintHandle(frame, left, 1);
  paintHandle(frame, right, -1);
}

/** What of the window is still to be recorded: stripes, and in words where they fit. */
function paintComing(frame: Frame, left: number, right: number): void {
  const { pen, scene, x, rowPx } = frame;
  const from = Math.max(left, x(scene.coverage.nowMs));
  if (right <= from) return;
  const marked = scene.cameras.flatMap((camera, i) => (scene.marked.includes(camera.id) ? [i] : []));
  for (const index of marked) {
    const { topPx } = rowOf(frame, index);
    for (let px = from; px < right; px += STRIPE_PX * 2) {
      const box = [px, topPx + 1, Math.min(STRIPE_PX, right - px), rowPx - 1] as const;
      bar(pen, pen.inks.thin('hold', 0.3), box);
    }
  }
  const words = scene.words.texts.composer.futureHatch;
  const width = measure(pen, words) + 12;
  if (marked[0] === undefined || right - from < width + 8) return;
  const y = rowOf(frame, marked[0]).topPx + rowPx / 2;
  bar(pen, pen.inks.of('surface'), [from + 4, y - 8, width, 16]);
  write(pen, words, { x: from + 10, y, ink: pen.inks.of('text-2') });
}

/** `side` 1: the bracket opens to the right, -1: to the left. */
function paintHandle({ pen }: Frame, px: number, side: 1 | -1): void {
  const { canvas, heightPx, inks } = pen;
  const accent = inks.of('accent');
  const bracket = side === 1 ? px - 1 : px - 7;
  bar(pen, accent, [px - 1, RULER_PX - 12, 2, heightPx - RULER_PX + 12]);
  bar(pen, accent, [bracket, RULER_PX - 12, 8, 3]);
  bar(pen, accent, [bracket, heightPx - 3, 8, 3]);
  const middle = RULER_PX + (heightPx - RULER_PX) / 2;
  canvas.beginPath();
  canvas.roundRect(px - 4, middle - 13, 8, 26, 4);
  canvas.fill();
  bar(pen, inks.of('accent-ink'), [px - 2, middle - 6, 1, 12]);
  bar(pen, inks.of('accent-ink'), [px + 1, middle - 6, 1, 12]);
}

export function paintCrosshair({ pen, scene }: Frame): void {
  if (scene.hoverX === null) return;
  const box = [Math.round(scene.hoverX), RULER_PX - 6, 1, pen.heightPx - RULER_PX + 6] as const;
  bar(pen, pen.inks.thin('text', 0.5), box);
}

export function paintNeedle({ pen, scene, x }: Frame): void {
  if (scene.needleMs === null) return;
  const px = x(scene.needleMs);
  if (px < -20 || px > pen.widthPx + 20) return;
  const { canvas, inks } = pen;
  const needle = inks.of('needle');
  bar(pen, needle, [px - 0.75, RULER_PX - 2, 1.5, pen.heightPx - RULER_PX + 2]);
  canvas.beginPath();
  canvas.moveTo(px - 5, 19);
  canvas.lineTo(px + 5, 19);
  canvas.lineTo(px, 26);
  canvas.fill();
  const label = scene.words.time.second(scene.needleMs);
  flag(pen, label, { x: px, y: 11, fill: needle, ink: inks.of('needle-ink'), align: 'center', weight: 700 });
}
