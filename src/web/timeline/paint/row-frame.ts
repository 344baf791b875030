/** Where things stand in the main canvas at this moment; made anew for each frame. */
import { RULER_PX, type Scene } from '../scene.ts';
import { widthOf, xOf } from '../scale.ts';
import type { Pen } from './pen.ts';

export interface Frame {
  readonly pen: Pen;
  readonly scene: Scene;
  readonly x: (ms: number) => number;
  readonly msPerPx: number;
  readonly rowPx: number;
}

export interface Row {
  readonly index: number;
  readonly topPx: number;
  /** Foot of the coverage line. */
  readonly basePx: number;
  /** Head of bars and hatches. */
  readonly headPx: number;
}

export function frameOf(pen: Pen, scene: Scene): Frame {
  return {
    pen,
    scene,
    x: (ms) => xOf(scene.view, pen.widthPx, ms),
    msPerPx: widthOf(scene.view) / pen.widthPx,
    rowPx: (pen.heightPx - RULER_PX) / Math.max(1, scene.cameras.length),
  };
}

export function rowOf(frame: Frame, index: number): Row {
  const topPx = RULER_PX + index * frame.rowPx;
  const padPx = Math.max(4, frame.rowPx * 0.16);
  return { index, topPx, basePx: topPx + frame.rowPx - padPx, headPx: topPx + padPx };
}
