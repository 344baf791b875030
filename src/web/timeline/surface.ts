/** A canvas that is drawn at most once per frame, and only when something has changed. */
import { onSchemeChange, readInks, type Inks } from './inks.ts';
import type { Pen } from './paint/pen.ts';

export interface Surface {
  readonly element: HTMLCanvasElement;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Asks for a new drawing before the next frame. */
  touch(): void;
  stop(): void;
}

/** `paint` is not called while the canvas has no size. */
export function createSurface(element: HTMLCanvasElement, paint: (pen: Pen) => void): Surface {
  const canvas = element.getContext('2d');
  if (canvas === null) throw new Error('this browser cannot draw on a canvas');
  let inks: Inks = readInks();
  let size = { widthPx: 0, heightPx: 0 };
  let asked = 0;

  function draw(): void {
    asked = 0;
    if (size.widthPx > 0 && canvas !== null) paint({ canvas, ...size, inks });
  }
  function touch(): void {
    if (asked === 0) asked = requestAnimationFrame(draw);
  }
  function resize(): void {
    const box = element.getBoundingClientRect();
    size = { widthPx: box.width, heightPx: box.height };
    element.width = Math.round(box.width * devicePixelRatio);
    element.height = Math.round(box.height * devicePixelRatio);
    canvas?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    // At once: a resized canvas is empty, and would flash until the next frame.
    draw();
  }
  const observer = new ResizeObserver(resize);
  observer.observe(element);
  const stopScheme = onSchemeChange(() => {
    inks = readInks();
    touch();
  });
  return {
    element,
    get widthPx() {
      return size.widthPx;
    },
    get heightPx() {
      return size.heightPx;
    },
    touch,
    stop() {
      observer.disconnect();
      stopScheme();
      cancelAnimationFrame(asked);
    },
  };
}
