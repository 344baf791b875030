/** What every painter draws with: a context, its size in CSS pixels, and the inks. */
import type { Inks } from '../inks.ts';

export interface Pen {
  readonly canvas: CanvasRenderingContext2D;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly inks: Inks;
}

export interface Lettering {
  readonly ink: string;
  readonly align?: CanvasTextAlign;
  readonly weight?: number;
}

const SIZE_PX = 11;

function font(pen: Pen, weight: number): string {
  return `${String(weight)} ${String(SIZE_PX)}px ${pen.inks.font}`;
}

/** Writes `text` with its vertical middle at `at.y`. */
export function write(pen: Pen, text: string, at: { x: number; y: number } & Lettering): void {
  const { canvas } = pen;
  canvas.font = font(pen, at.weight ?? 400);
  canvas.fillStyle = at.ink;
  canvas.textAlign = at.align ?? 'left';
  canvas.textBaseline = 'middle';
  canvas.fillText(text, at.x, at.y);
}

export function measure(pen: Pen, text: string, weight = 400): number {
  pen.canvas.font = font(pen, weight);
  return pen.canvas.measureText(text).width;
}

/** A small filled label that stays inside the canvas; `x` is its left, right or middle. */
export function flag(
  pen: Pen,
  text: string,
  at: {
    x: number;
    y: number;
    fill: string;
    ink: string;
    align: 'left' | 'right' | 'center';
    weight?: number;
  },
): void {
  const weight = at.weight ?? 600;
  const width = measure(pen, text, weight) + 12;
  const wanted = at.align === 'left' ? at.x : at.align === 'right' ? at.x - width : at.x - width / 2;
  const left = Math.min(Math.max(wanted, 1), pen.widthPx - width - 1);
  pen.canvas.fillStyle = at.fill;
  pen.canvas.beginPath();
  pen.canvas.roundRect(left, at.y - 9, width, 18, 3);
  pen.canvas.fill();
  write(pen, text, { x: left + 6, y: at.y + 0.5, ink: at.ink, weight });
}

export function bar(pen: Pen, ink: string, box: readonly [number, number, number, number]): void {
  pen.canvas.fillStyle = ink;
  pen.canvas.fillRect(...box);
}

/** A vertical dashed line from `top` to the bottom. */
export function dashed(pen: Pen, ink: string, at: { x: number; top: number; dash: number[] }): void {
  const { canvas } = pen;
  canvas.strokeStyle = ink;
  canvas.lineWidth = 1;
  canvas.setLineDash(at.dash);
  canvas.beginPath();
  canvas.moveTo(Math.round(at.x) + 0.5, at.top);
  canvas.lineTo(Math.round(at.x) + 0.5, pen.heightPx);
  canvas.stroke();
  canvas.setLineDash([]);
}

const HATCH_PX = 7;
const hatches = new WeakMap<Inks, CanvasPattern>();

/** The hatch of a gap: made once per scheme. */
export function hatch(pen: Pen): CanvasPattern | string {
  const made = hatches.get(pen.inks);
  if (made !== undefined) return made;
  const scale = devicePixelRatio;
  const tile = document.createElement('canvas');
  tile.width = tile.height = HATCH_PX * scale;
  const ink = tile.getContext('2d');
  const pattern = drawHatch(ink, pen.inks.of('gap'), scale) ? pen.canvas.createPattern(tile, 'repeat') : null;
  if (pattern === null) return pen.inks.thin('gap', 0.4);
  pattern.setTransform(new DOMMatrix().scale(1 / scale));
  hatches.set(pen.inks, pattern);
  return pattern;
}

function drawHatch(ink: CanvasRenderingContext2D | null, colour: string, scale: number): boolean {
  if (ink === null) return false;
  ink.scale(scale, scale);
  ink.strokeStyle = colour;
  ink.beginPath();
  for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
    ink.moveTo(shift - 1, HATCH_PX + 1);
    ink.lineTo(shift + HATCH_PX + 1, -1);
  }
  ink.stroke();
  return true;
}
