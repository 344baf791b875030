/** Joins canvas, painters and gestures. The page owns the scene; the timeline only asks for changes. */
import type { Store } from '../state/store.ts';
import { Gestures } from './gestures.ts';
import type { Intents } from './intents.ts';
import { paintCut, paintDueFlag, paintNow } from './paint/edges.ts';
import { paintCrosshair, paintMarks, paintNeedle } from './paint/marks.ts';
import type { Pen } from './paint/pen.ts';
import { frameOf } from './paint/row-frame.ts';
import { paintRows } from './paint/rows.ts';
import { paintRuler, paintRulerFoot } from './paint/ruler.ts';
import { paintStrip } from './paint/strip.ts';
import type { Scene } from './scene.ts';
import { listenToStrip } from './strip-gestures.ts';
import { createSurface } from './surface.ts';

/** From back to front. A further layer (activity, notes) is one painter more. */
const LAYERS = [
  paintRuler,
  paintRows,
  paintCut,
  paintNow,
  paintMarks,
  paintDueFlag,
  paintCrosshair,
  paintNeedle,
  paintRulerFoot,
] as const;

function paintMain(pen: Pen, scene: Scene): void {
  const frame = frameOf(pen, scene);
  for (const paint of LAYERS) paint(frame);
}

export interface Mounted {
  /** Width of the main canvas in CSS pixels. */
  readonly widthPx: () => number;
  readonly stop: () => void;
}

/** Draws `scene` on both canvases whenever it changes. */
export function mountTimeline(
  canvases: { main: HTMLCanvasElement; strip: HTMLCanvasElement },
  scene: Store<Scene>,
  intents: Intents,
): Mounted {
  const main = createSurface(canvases.main, (pen) => {
    paintMain(pen, scene.get());
  });
  const strip = createSurface(canvases.strip, (pen) => {
    paintStrip(pen, scene.get());
  });
  const stops = [
    scene.subscribe(() => {
      main.touch();
      strip.touch();
    }),
    new Gestures({
      element: main.element,
      widthPx: () => main.widthPx,
      heightPx: () => main.heightPx,
      scene: scene.get,
      intents,
    }).listen(),
    listenToStrip({
      element: strip.element,
      widthPx: () => strip.widthPx,
      heightPx: () => strip.heightPx,
      scene: scene.get,
      intents,
    }),
  ];
  return {
    widthPx: () => main.widthPx,
    stop() {
      for (const stop of stops) stop();
      main.stop();
      strip.stop();
    },
  };
}
