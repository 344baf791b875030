/** The ruler and the lines it sends down through the rows. */
import { DAY_MS, MINUTE_MS } from '../../time/zone.ts';
import { RULER_PX } from '../scene.ts';
import { ticksIn, tickSteps } from '../ticks.ts';
import { bar, measure, write } from './pen.ts';
import type { Frame } from './row-frame.ts';

const LABEL_SPACE_PX = 6;

export function paintRuler(frame: Frame): void {
  const { pen, scene, x } = frame;
  const { inks, widthPx, heightPx } = pen;
  const { time } = scene.words;
  const { largeMs, smallMs } = tickSteps(scene.view, widthPx);
  bar(pen, inks.of('well'), [0, 0, widthPx, heightPx]);
  bar(pen, inks.of('surface'), [0, 0, widthPx, RULER_PX]);
  for (const at of ticksIn(scene.view, smallMs, time.zone)) {
    bar(pen, inks.of('line'), [Math.round(x(at)), RULER_PX - 4, 1, 4]);
  }
  // Labels of ticks just outside reach into the view.
  const wider = { fromMs: scene.view.fromMs - largeMs, toMs: scene.view.toMs + largeMs };
  for (const at of ticksIn(wider, largeMs, time.zone)) {
    const px = Math.round(x(at));
    bar(pen, inks.thin('line', 0.55), [px, RULER_PX, 1, heightPx - RULER_PX]);
    bar(pen, inks.of('text-3'), [px, RULER_PX - 7, 1, 7]);
    if (px <= 30 || px >= widthPx - 20) continue;
    const midnight = time.zone.toLocal(at) % DAY_MS === 0;
    const clock = largeMs < MINUTE_MS ? time.second(at) : time.minute(at);
    const label = midnight ? dayLabel(frame, at, x(at + largeMs) - px) : clock;
    write(pen, label, {
      x: px,
      y: 11,
      ink: inks.of(midnight ? 'text' : 'text-2'),
      align: 'center',
      weight: midnight ? 600 : 400,
    });
  }
}

/** The day as fully as there is room for up to the next label. */
function dayLabel({ pen, scene }: Frame, at: number, roomPx: number): string {
  const { time } = scene.words;
  const fits = (label: string): boolean => measure(pen, label, 600) + LABEL_SPACE_PX <= roomPx;
  return [time.day(at), time.weekday(at)].find(fits) ?? time.dayNumber(at);
}

export function paintRulerFoot({ pen }: Frame): void {
  bar(pen, pen.inks.of('line'), [0, RULER_PX - 1, pen.widthPx, 1]);
}
