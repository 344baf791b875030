/** One row per camera: what is recorded, what is missing and why, what is held. */
import type { CameraCoverageView } from '../../../http/api/index.ts';
import { DAY_MS } from '../../time/zone.ts';
import { clipTo, gapSpan, toldGaps, type GapSpan, type Span } from '../footage.ts';
import type { Scene } from '../scene.ts';
import { bar, hatch, measure, write } from './pen.ts';
import { rowOf, type Frame, type Row } from './row-frame.ts';

const LINE_PX = 3;
/** From this width on, the coverage line is broken at each clip. */
const CLIP_PX = 12;
const GAP_LEAST_PX = 2;
const HOLD_LABEL_PX = 96;

export function paintRows(frame: Frame): void {
  const { scene, pen } = frame;
  const known = new Map(scene.coverage.cameras.map((c) => [c.cameraId, c]));
  scene.cameras.forEach((camera, index) => {
    const row = rowOf(frame, index);
    if (index > 0) bar(pen, pen.inks.thin('line', 0.8), [0, Math.round(row.topPx), pen.widthPx, 1]);
    paintTint(frame, row, camera.id);
    const coverage = known.get(camera.id);
    if (coverage === undefined) return;
    paintCoverage(frame, row, coverage);
    paintClipBreaks(frame, row, camera.clipStartsMs);
    paintGaps(frame, row, { ...coverage, recording: camera.recording });
    // The name stands where a label would begin.
    const nameEndPx = scene.namesInside ? paintName(frame, row, camera.name) : 0;
    paintHolds(frame, row, { ...coverage, nameEndPx });
  });
}

function paintTint({ pen, scene, rowPx }: Frame, row: Row, cameraId: string): void {
  const hot = scene.hotCamera === cameraId;
  if (!hot && !scene.shown.includes(cameraId)) return;
  bar(pen, pen.inks.thin('text', hot ? 0.045 : 0.022), [0, row.topPx + 1, pen.widthPx, rowPx - 1]);
}

/** Footage that falls due within a day fades towards the cut; left of the cut only what a hold keeps is left. */
function paintCoverage(frame: Frame, row: Row, camera: CameraCoverageView): void {
  const { scene, pen } = frame;
  const { cutMs, nowMs } = scene.coverage;
  const fading = { fromMs: cutMs, toMs: cutMs + DAY_MS };
  const fresh = { fromMs: cutMs + DAY_MS, toMs: nowMs };
  const seen = clipTo(camera.spans, scene.view);
  const draw = (spans: readonly Span[], ink: string | CanvasGradient): void => {
    pen.canvas.fillStyle = ink;
    for (const span of spans) {
      const left = frame.x(span.fromMs);
      pen.canvas.fillRect(left, row.basePx - LINE_PX, Math.max(1, frame.x(span.toMs) - left), LINE_PX);
    }
  };
  draw(clipTo(seen, fresh), pen.inks.of('cov'));
  const gradient = pen.canvas.createLinearGradient(frame.x(fading.fromMs), 0, frame.x(fading.toMs), 0);
  gradient.addColorStop(0, pen.inks.thin('cov', 0.22));
  gradient.addColorStop(1, pen.inks.thin('cov', 0.82));
  draw(clipTo(seen, fading), gradient);
  for (const hold of camera.holds) {
    if (hold.state === 'standing')
      draw(clipTo(clipTo(seen, hold), { ...hold, toMs: fading.toMs }), pen.inks.of('cov'));
  }
}

function paintClipBreaks(frame: Frame, row: Row, startsMs: readonly number[]): void {
  const { view } = frame.scene;
  let lastPx = -Infinity;
  for (const startMs of startsMs) {
    if (startMs < view.fromMs || startMs > view.toMs) continue;
    const px = frame.x(startMs);
    if (px - lastPx >= CLIP_PX)
      bar(frame.pen, frame.pen.inks.of('well'), [px, row.basePx - LINE_PX, 1, LINE_PX]);
    lastPx = px;
  }
}

function paintGaps(
  frame: Frame,
  row: Row,
  camera: CameraCoverageView & { readonly recording: boolean },
): void {
  const { pen, scene } = frame;
  const { inks } = pen;
  const { nowMs } = scene.coverage;
  for (const gap of toldGaps(camera, { nowMs, recording: camera.recording })) {
    if (gap.toMs <= scene.coverage.cutMs) continue;
    const left = Math.max(-2, frame.x(Math.max(gap.fromMs, scene.coverage.cutMs)));
    const right = Math.min(pen.widthPx + 2, frame.x(Math.min(gap.toMs, nowMs)));
    if (right < 0 || left > pen.widthPx || right - left < GAP_LEAST_PX) continue;
    const height = row.basePx - row.headPx;
    pen.canvas.fillStyle = hatch(pen);
    pen.canvas.fillRect(left, row.headPx, right - left, height);
    bar(pen, inks.of('gap'), [left, row.headPx, 1, height]);
    bar(pen, inks.of('gap'), [right - 1, row.headPx, 1, height]);
    const { shared } = scene.words.texts;
    const name = gap.reason === 'deleted' ? shared.deleted : shared.noRecording;
    paintGapLabel(frame, row, {
      left,
      right,
      text: labelOf(name, gapSpan(gap, scene.coverage), scene),
    });
  }
}

/** A gap that may have begun before the coverage has no length. */
function labelOf(name: string, { fromMs, toMs }: GapSpan, { words }: Scene): string {
  return fromMs === null ? name : `${name} · ${words.time.span(toMs - fromMs)}`;
}

function paintGapLabel({ pen }: Frame, row: Row, at: { left: number; right: number; text: string }): void {
  const width = measure(pen, at.text);
  if (at.right - at.left <= width + 18) return;
  const middle = (at.left + at.right) / 2;
  const y = (row.headPx + row.basePx) / 2;
  bar(pen, pen.inks.of('well'), [middle - width / 2 - 6, y - 8, width + 12, 16]);
  write(pen, at.text, { x: middle, y, ink: pen.inks.of('text-2'), align: 'center' });
}

function paintHolds(
  frame: Frame,
  row: Row,
  camera: CameraCoverageView & { readonly nameEndPx: number },
): void {
  const { pen, scene, rowPx } = frame;
  let writtenToPx = camera.nameEndPx;
  for (const hold of [...camera.holds].sort((a, b) => a.fromMs - b.fromMs)) {
    const left = frame.x(hold.fromMs);
    const right = frame.x(hold.toMs);
    if (right < 0 || left > pen.widthPx) continue;
    bar(pen, pen.inks.of('hold-wash'), [left, row.topPx + 1, right - left, rowPx - 1]);
    paintBand(frame, { left, right, top: row.topPx + 1, solid: hold.state === 'standing' });
    const text = scene.words.texts.review.heldFor(hold.caseRef);
    const x = Math.max(left, writtenToPx) + 6;
    if (right - left <= HOLD_LABEL_PX || rowPx <= 24 || x + measure(pen, text, 600) > right) continue;
    write(pen, text, { x, y: row.topPx + 12, ink: pen.inks.of('hold'), weight: 600 });
    writtenToPx = x + measure(pen, text, 600);
  }
}

/** Dashes: released, and bound only until its cooling-off is over. */
function paintBand(frame: Frame, at: { left: number; right: number; top: number; solid: boolean }): void {
  const { pen } = frame;
  const right = Math.min(at.right, pen.widthPx);
  if (at.solid) {
    bar(pen, pen.inks.of('hold'), [at.left, at.top, Math.max(2, right - at.left), LINE_PX]);
    return;
  }
  for (let px = Math.max(at.left, -8); px < right; px += 8) {
    bar(pen, pen.inks.of('hold'), [px, at.top, Math.min(5, right - px), LINE_PX]);
  }
}

/** Returns where it ends. */
function paintName({ pen }: Frame, row: Row, name: string): number {
  const width = measure(pen, name, 600);
  bar(pen, pen.inks.thin('well', 0.82), [8, row.topPx + 7, width + 10, 17]);
  write(pen, name, { x: 13, y: row.topPx + 16, ink: pen.inks.of('text-2'), weight: 600 });
  return width + 18;
}
