/** The ruler and the lines it sends down through the rows. */
import { DAY_MS, MINUTE_MS } from '../../time/zone.ts';
import { RULER_PX } from '../scene.ts';
import { ticksIn, tickSteps } from '../ticks.ts';
import { bar, write } from './pen.ts';
import type { Frame } from './row-frame.ts';

export function paintRuler({ pen, scene, x }: Frame): void {
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
    const label = midnight ? time.day(at) : largeMs < MINUTE_MS ? time.second(at) : time.minute(at);
    write(pen, label, {
      x: px,
      y: 11,
      ink: inks.of(midnight ? 'text' : 'text-2'),
      align: 'center',
      weight: midnight ? 600 : 400,
    });
  }
}

export function paintRulerFoot({ pen }: Frame): void {
  bar(pen, pen.inks.of('line'), [0, RULER_PX - 1, pen.widthPx, 1]);
}
