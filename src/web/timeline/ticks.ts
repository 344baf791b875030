/** Where the ruler has its ticks: on full hours and days of the site's zone. Pure. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type Zone } from '../time/zone.ts';
import { widthOf, type View } from './scale.ts';

const STEPS: readonly number[] = [
  SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
];
const LABEL_PX = 74;
const TICK_PX = 9;

export interface TickSteps {
  /** Distance of labelled ticks. */
  readonly largeMs: number;
  /** Distance of ticks without a label. */
  readonly smallMs: number;
}

export function tickSteps(view: View, widthPx: number): TickSteps {
  const msPerPx = widthOf(view) / widthPx;
  const largeMs = STEPS.find((s) => s / msPerPx >= LABEL_PX) ?? DAY_MS;
  const smallMs = STEPS.find((s) => s < largeMs && s / msPerPx >= TICK_PX) ?? largeMs;
  return { largeMs, smallMs };
}

/** UTC instants of the ticks in a view, ascending. In the hour that comes twice there is a tick in each. */
export function ticksIn(view: View, stepMs: number, zone: Zone): number[] {
  const ticks: number[] = [];
  let local = Math.ceil(zone.toLocal(view.fromMs) / stepMs) * stepMs - stepMs;
  for (;;) {
    const at = zone.toUtc(local);
    if (at >= view.toMs) return ticks;
    const last = ticks.at(-1);
    if (last !== undefined && stepMs <= HOUR_MS) {
      for (let extra = last + stepMs; extra < at; extra += stepMs) ticks.push(extra);
    }
    if (at >= view.fromMs && (last === undefined || at > last)) ticks.push(at);
    local += stepMs;
  }
}
