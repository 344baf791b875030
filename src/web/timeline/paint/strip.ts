/** The fortnight: all cameras together, in red where one of them lacks footage, with holds, brush and needle. */
import { DAY_MS, MINUTE_MS, addDays } from '../../time/zone.ts';
import { inkOf } from '../footage.ts';
import { xOf } from '../scale.ts';
import { STRIP_DAYS, stripOf, type Scene } from '../scene.ts';
import { sharesOf } from '../shares.ts';
import { bar, hatch, write, type Pen } from './pen.ts';

const HEAD_PX = 18;
const NARROW_DAY_PX = 40;

interface Strip {
  readonly pen: Pen;
  readonly scene: Scene;
  readonly x: (ms: number) => number;
  readonly fromMs: number;
}

export function paintStrip(pen: Pen, scene: Scene): void {
  const span = stripOf(scene);
  const strip = { pen, scene, x: (ms: number) => xOf(span, pen.widthPx, ms), fromMs: span.fromMs };
  bar(pen, pen.inks.of('surface'), [0, 0, pen.widthPx, pen.heightPx]);
  paintDays(strip);
  paintCoverage(strip);
  paintHolds(strip);
  paintEnds(strip);
  paintBrush(strip);
  paintMoments(strip);
}

function paintDays({ pen, scene, x, fromMs }: Strip): void {
  const { time } = scene.words;
  const middle = (scene.view.fromMs + scene.view.toMs) / 2;
  for (let day = 0; day < STRIP_DAYS; day += 1) {
    const at = addDays(time.zone, fromMs, day);
    const end = addDays(time.zone, at, 1);
    const left = x(at);
    const width = x(end) - left;
    const weekend = new Date(time.zone.toLocal(at)).getUTCDay() % 6 === 0;
    if (weekend) bar(pen, pen.inks.thin('text', 0.035), [left, 0, width, pen.heightPx]);
    bar(pen, pen.inks.of('line'), [Math.round(left), 0, 1, pen.heightPx]);
    const current = [scene.coverage.nowMs, middle].some((ms) => ms >= at && ms < end);
    const narrow = width < NARROW_DAY_PX;
    write(pen, narrow ? time.dayNumber(at) : time.weekday(at), {
      x: narrow ? left + width / 2 : left + 7,
      y: 10,
      ink: pen.inks.of(current ? 'text' : 'text-3'),
      align: narrow ? 'center' : 'left',
      weight: current ? 600 : 400,
    });
  }
}

/** Less than this of a bar recorded counts as footage lacking; smaller seams between clips do not. */
const WHOLE = 0.97;

/** Bars lie on multiples of half an hour or more, not of pixels; their height is the share that is recorded. */
function paintCoverage({ pen, scene, x, fromMs }: Strip): void {
  const { nowMs, cutMs } = scene.coverage;
  if (scene.cameras.length === 0) return;
  const halfHour = 30 * MINUTE_MS;
  const pxPerHalfHour = x(fromMs + halfHour);
  const stepMs = halfHour * Math.max(1, Math.ceil(3 / pxPerHalfHour));
  const count = Math.max(0, Math.ceil((nowMs - fromMs) / stepMs));
  const ids = scene.cameras.map((c) => c.id);
  const shares = sharesOf(scene.coverage, ids, { fromMs, stepMs, count });
  const roomPx = pen.heightPx - HEAD_PX - 11;
  shares.forEach((share, i) => {
    const at = fromMs + i * stepMs;
    const ink = inkOf(Math.min(at + stepMs / 2, nowMs - 1), cutMs);
    if (ink === 0 || Number.isNaN(share)) return;
    const left = x(at);
    const width = x(Math.min(at + stepMs, nowMs)) - left;
    pen.canvas.globalAlpha = ink;
    bar(pen, pen.inks.of(share < WHOLE ? 'danger' : 'cov'), [left, pen.heightPx - 5, width + 0.3, 2]);
    bar(pen, pen.inks.thin('cov', 0.5), [left, pen.heightPx - 6 - share * roomPx, width, share * roomPx]);
    pen.canvas.globalAlpha = 1;
  });
}

function paintHolds({ pen, scene, x }: Strip): void {
  for (const camera of scene.coverage.cameras) {
    for (const hold of camera.holds) {
      const left = x(hold.fromMs);
      bar(pen, pen.inks.of('hold'), [left, HEAD_PX, Math.max(4, x(hold.toMs) - left), 4]);
    }
  }
}

function paintEnds({ pen, scene, x }: Strip): void {
  const { inks, heightPx, widthPx } = pen;
  const cutPx = x(scene.coverage.cutMs);
  const duePx = x(scene.coverage.cutMs + DAY_MS);
  pen.canvas.globalAlpha = 0.55;
  pen.canvas.fillStyle = hatch(pen);
  pen.canvas.fillRect(0, HEAD_PX, cutPx, heightPx - HEAD_PX);
  pen.canvas.globalAlpha = 1;
  const wash = pen.canvas.createLinearGradient(cutPx, 0, duePx, 0);
  wash.addColorStop(0, inks.thin('due', 0.3));
  wash.addColorStop(1, inks.thin('due', 0));
  pen.canvas.fillStyle = wash;
  pen.canvas.fillRect(cutPx, HEAD_PX, duePx - cutPx, heightPx - HEAD_PX);
  bar(pen, inks.of('due'), [cutPx, HEAD_PX, 1.5, heightPx - HEAD_PX]);
  const nowPx = x(scene.coverage.nowMs);
  bar(pen, inks.thin('sunken', 0.8), [nowPx, HEAD_PX, widthPx - nowPx, heightPx - HEAD_PX]);
  bar(pen, inks.of('text'), [nowPx, HEAD_PX - 4, 1, heightPx]);
}

const BRUSH_LEAST_PX = 10;

function paintBrush({ pen, scene, x }: Strip): void {
  const { canvas, heightPx, inks } = pen;
  let left = x(scene.view.fromMs);
  let right = x(scene.view.toMs);
  if (right - left < BRUSH_LEAST_PX) {
    const middle = (left + right) / 2;
    [left, right] = [middle - BRUSH_LEAST_PX / 2, middle + BRUSH_LEAST_PX / 2];
  }
  bar(pen, inks.thin('brush', 0.09), [left, 1, right - left, heightPx - 2]);
  canvas.strokeStyle = inks.of('brush');
  canvas.lineWidth = 1.5;
  canvas.beginPath();
  canvas.roundRect(left, 1, right - left, heightPx - 2, 3);
  canvas.stroke();
  if (right - left <= 16) return;
  bar(pen, inks.of('brush'), [left - 1.5, heightPx / 2 - 6, 3, 12]);
  bar(pen, inks.of('brush'), [right - 1.5, heightPx / 2 - 6, 3, 12]);
}

function paintMoments({ pen, scene, x }: Strip): void {
  const { inks, heightPx } = pen;
  if (scene.marks !== null) {
    const left = x(scene.marks.fromMs);
    bar(pen, inks.of('accent'), [left, heightPx - 3, Math.max(3, x(scene.marks.toMs) - left), 3]);
  }
  if (scene.needleMs !== null)
    bar(pen, inks.of('needle'), [x(scene.needleMs) - 0.75, HEAD_PX - 5, 1.5, heightPx]);
}
