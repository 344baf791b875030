/** Pointer on the fortnight strip: drag the brush or its edges, click to glide there, double click for that day. */
import { MINUTE_MS, addDays, startOfDay } from '../time/zone.ts';
import type { Stage } from './gestures.ts';
import { timeAt, widthOf, xOf } from './scale.ts';
import { stripOf } from './scene.ts';

const EDGE_PX = 7;
const BRUSH_LEAST_PX = 16;
const NARROWEST_BRUSH_MS = 10 * MINUTE_MS;

/** `offsetMs`: from the start of the view to where the brush was taken. */
interface Grip {
  readonly kind: 'from' | 'to' | 'brush';
  readonly offsetMs: number;
}

/** Starts listening; returns the function that stops it. */
export function listenToStrip(stage: Stage): () => void {
  const { element, intents } = stage;
  const stop = new AbortController();
  const { signal } = stop;
  let grip: Grip | undefined;
  const timeOf = (event: MouseEvent): number =>
    timeAt(stripOf(stage.scene()), stage.widthPx(), event.clientX - element.getBoundingClientRect().left);

  element.addEventListener(
    'pointerdown',
    (event) => {
      element.setPointerCapture(event.pointerId);
      const { view } = stage.scene();
      const at = timeOf(event);
      grip = gripAt(stage, at);
      if (grip.kind === 'brush' && (at < view.fromMs || at > view.toMs)) {
        const half = widthOf(view) / 2;
        intents.glide({ fromMs: at - half, toMs: at + half });
      }
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (grip === undefined || event.buttons === 0) return;
      const { view } = stage.scene();
      const at = timeOf(event);
      if (grip.kind === 'from')
        intents.view({ ...view, fromMs: Math.min(at, view.toMs - NARROWEST_BRUSH_MS) });
      else if (grip.kind === 'to')
        intents.view({ ...view, toMs: Math.max(at, view.fromMs + NARROWEST_BRUSH_MS) });
      else intents.view({ fromMs: at - grip.offsetMs, toMs: at - grip.offsetMs + widthOf(view) });
    },
    { signal },
  );
  element.addEventListener(
    'pointerup',
    () => {
      grip = undefined;
    },
    { signal },
  );
  element.addEventListener(
    'pointercancel',
    () => {
      grip = undefined;
    },
    { signal },
  );
  element.addEventListener(
    'dblclick',
    (event) => {
      const { zone } = stage.scene().words.time;
      const from = startOfDay(zone, timeOf(event));
      intents.glide({ fromMs: from, toMs: addDays(zone, from, 1) });
    },
    { signal },
  );
  return () => {
    stop.abort();
  };
}

function gripAt(stage: Stage, at: number): Grip {
  const scene = stage.scene();
  const strip = stripOf(scene);
  const px = (ms: number): number => xOf(strip, stage.widthPx(), ms);
  const { view } = scene;
  if (px(view.toMs) - px(view.fromMs) > BRUSH_LEAST_PX) {
    if (Math.abs(px(at) - px(view.fromMs)) < EDGE_PX) return { kind: 'from', offsetMs: 0 };
    if (Math.abs(px(at) - px(view.toMs)) < EDGE_PX) return { kind: 'to', offsetMs: 0 };
  }
  const inside = at >= view.fromMs && at <= view.toMs;
  return { kind: 'brush', offsetMs: inside ? at - view.fromMs : widthOf(view) / 2 };
}
