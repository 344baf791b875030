/** The two ends of footage: what is gone or goes within a day, and what is not yet recorded. */
import { DAY_MS } from '../../time/zone.ts';
import { beforeCut } from '../footage.ts';
import { RULER_PX } from '../scene.ts';
import { bar, dashed, flag, write } from './pen.ts';
import { rowOf, type Frame } from './row-frame.ts';

export function paintCut(frame: Frame): void {
  const { pen, scene, x } = frame;
  const { inks, widthPx, heightPx } = pen;
  const cutPx = x(scene.coverage.cutMs);
  if (cutPx > 0) {
    if (cutPx > 130) nameBeforeCut(frame, Math.max(60, Math.min(cutPx, widthPx) - 12));
    dashed(pen, inks.of('text-3'), { x: cutPx, top: RULER_PX, dash: [2, 3] });
  }
  const duePx = x(scene.coverage.cutMs + DAY_MS);
  if (duePx <= 0 || cutPx >= widthPx) return;
  const wash = pen.canvas.createLinearGradient(cutPx, 0, duePx, 0);
  wash.addColorStop(0, inks.thin('due', 0.17));
  wash.addColorStop(1, inks.thin('due', 0));
  pen.canvas.fillStyle = wash;
  const left = Math.max(0, cutPx);
  pen.canvas.fillRect(left, RULER_PX, Math.min(widthPx, duePx) - left, heightPx - RULER_PX);
  if (duePx < widthPx) dashed(pen, inks.of('due'), { x: duePx, top: RULER_PX - 8, dash: [4, 3] });
}

/** Deleted, or never recorded: said once, in the first row, where it is the same for all cameras. */
function nameBeforeCut(frame: Frame, right: number): void {
  const { pen, scene, rowPx } = frame;
  const { shared } = scene.words.texts;
  const known = new Map(scene.coverage.cameras.map((c) => [c.cameraId, c]));
  const names = scene.cameras.map(({ id }) => {
    const camera = known.get(id);
    const deleted = camera !== undefined && beforeCut(camera, scene.coverage.cutMs) === 'deleted';
    return deleted ? shared.deleted : shared.noRecording;
  });
  const said = new Set(names).size > 1 ? names : names.slice(0, 1);
  said.forEach((name, index) => {
    const y = rowOf(frame, index).topPx + rowPx / 2;
    write(pen, name, { x: right, y, ink: pen.inks.of('text-3'), align: 'right' });
  });
}

/** Left of this line everything goes within a day. Drawn late, so that nothing covers it. */
export function paintDueFlag({ pen, scene, x }: Frame): void {
  const { cutMs, nowMs } = scene.coverage;
  const duePx = x(cutMs + DAY_MS);
  if (duePx <= 0 || x(cutMs) >= pen.widthPx) return;
  const { texts, time } = scene.words;
  flag(pen, `← ${texts.shared.deletedTomorrow(time.minute(nowMs + DAY_MS))}`, {
    x: Math.min(duePx, pen.widthPx - 4) - 5,
    y: pen.heightPx - 13,
    fill: pen.inks.of('due'),
    ink: pen.inks.of('surface'),
    align: 'right',
  });
}

export function paintNow({ pen, scene, x }: Frame): void {
  const { nowMs } = scene.coverage;
  const px = x(nowMs);
  if (px >= pen.widthPx) return;
  bar(pen, pen.inks.thin('sunken', 0.75), [px, RULER_PX, pen.widthPx - px, pen.heightPx - RULER_PX]);
  bar(pen, pen.inks.of('text'), [Math.round(px), RULER_PX - 6, 1, pen.heightPx - RULER_PX + 6]);
  flag(pen, `${scene.words.texts.shared.now} ${scene.words.time.minute(nowMs)}`, {
    x: px + 5,
    y: pen.heightPx - 13,
    fill: pen.inks.of('text'),
    ink: pen.inks.of('surface'),
    align: 'left',
  });
}
