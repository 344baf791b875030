/** Pointer and wheel on the main canvas, turned into intents. */
import { SECOND_MS } from '../time/zone.ts';
import type { Intents } from './intents.ts';
import { moved, timeAt, widthOf, xOf, zoomed, type View } from './scale.ts';
import { RULER_PX, type Scene } from './scene.ts';
import { snap } from './snap.ts';

const HANDLE_PX = 8;
/** A press that moves less than this is a click. */
const CLICK_PX = 3;
const WHEEL_ZOOM = 0.0022;
const DOUBLE_CLICK_ZOOM = 0.35;

type Grip = 'pan' | 'scrub' | 'in' | 'out' | 'either' | 'window' | 'pinch';

interface Drag {
  grip: Grip;
  readonly startX: number;
  readonly view: View;
  readonly marks: Scene['marks'];
  readonly spreadPx: number;
  movedPx: number;
}

export interface Stage {
  readonly element: HTMLElement;
  readonly widthPx: () => number;
  readonly heightPx: () => number;
  readonly scene: () => Scene;
  readonly intents: Intents;
}

export class Gestures {
  readonly #stage: Stage;
  readonly #pointers = new Map<number, number>();
  #drag: Drag | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Starts listening; returns the function that stops it. */
  listen(): () => void {
    const { element } = this.#stage;
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener(
      'wheel',
      (e) => {
        this.#wheel(e);
      },
      { passive: false, signal },
    );
    element.addEventListener(
      'pointerdown',
      (e) => {
        this.#down(e);
      },
      { signal },
    );
    element.addEventListener(
      'pointermove',
      (e) => {
        this.#move(e);
      },
      { signal },
    );
    element.addEventListener(
      'pointerup',
      (e) => {
        this.#up(e);
      },
      { signal },
    );
    element.addEventListener(
      'pointercancel',
      (e) => {
        this.#up(e);
      },
      { signal },
    );
    element.addEventListener(
      'dblclick',
      (e) => {
        const { view } = this.#stage.scene();
        this.#stage.intents.view(zoomed(view, DOUBLE_CLICK_ZOOM, this.#place(e).x / this.#stage.widthPx()));
      },
      { signal },
    );
    element.addEventListener(
      'pointerleave',
      () => {
        if (this.#drag === undefined) this.#stage.intents.hover(null);
      },
      { signal },
    );
    return () => {
      stop.abort();
    };
  }

  #place(event: MouseEvent): { x: number; y: number } {
    const box = this.#stage.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { view } = this.#stage.scene();
    const width = this.#stage.widthPx();
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) {
      const px = event.deltaX === 0 ? event.deltaY : event.deltaX;
      this.#stage.intents.view(moved(view, (px / width) * widthOf(view)));
    } else {
      const factor = Math.exp(event.deltaY * WHEEL_ZOOM);
      this.#stage.intents.view(zoomed(view, factor, this.#place(event).x / width));
    }
  }

  #gripAt(x: number, y: number): Grip {
    const { marks, view } = this.#stage.scene();
    const { intents } = this.#stage;
    if (marks !== null && intents.mark !== undefined) {
      const left = xOf(view, this.#stage.widthPx(), marks.fromMs);
      const right = xOf(view, this.#stage.widthPx(), marks.toMs);
      const nearLeft = Math.abs(x - left) < HANDLE_PX;
      const nearRight = Math.abs(x - right) < HANDLE_PX;
      // Overlapping handles: the first movement decides which one was meant.
      if (nearLeft && nearRight) return 'either';
      if (nearLeft) return 'in';
      if (nearRight) return 'out';
      if (x > left && x < right) return 'window';
    }
    return y < RULER_PX && intents.seek !== undefined ? 'scrub' : 'pan';
  }

  #down(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    const { view, marks } = this.#stage.scene();
    this.#stage.element.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, x);
    const [first = 0, second] = [...this.#pointers.values()];
    if (second !== undefined) {
      const spreadPx = Math.max(1, Math.abs(first - second));
      this.#drag = { grip: 'pinch', startX: x, view, marks, spreadPx, movedPx: Infinity };
      return;
    }
    this.#drag = { grip: this.#gripAt(x, y), startX: x, view, marks, spreadPx: 1, movedPx: 0 };
    if (this.#drag.grip === 'scrub') this.#stage.intents.seek?.(this.#timeAt(x), true);
  }

  #move(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    if (this.#pointers.has(event.pointerId)) this.#pointers.set(event.pointerId, x);
    if (this.#drag === undefined) {
      this.#point(x, y);
      return;
    }
    this.#drag.movedPx = Math.max(this.#drag.movedPx, Math.abs(x - this.#drag.startX));
    this.#pull(this.#drag, x, event.altKey);
  }

  #pull(drag: Drag, x: number, free: boolean): void {
    const width = this.#stage.widthPx();
    const { intents } = this.#stage;
    if (drag.grip === 'pinch') this.#pinch(drag);
    else if (drag.grip === 'scrub') intents.seek?.(this.#timeAt(x), true);
    else if (drag.grip === 'pan') {
      if (drag.movedPx <= CLICK_PX) return;
      this.#stage.element.style.cursor = 'grabbing';
      intents.hover(null);
      intents.view(moved(drag.view, ((drag.startX - x) / width) * widthOf(drag.view)));
    } else {
      if (drag.grip === 'either' && drag.movedPx > 2) drag.grip = x > drag.startX ? 'out' : 'in';
      this.#pullMarks(drag, x, free);
    }
  }

  #pullMarks(drag: Drag, x: number, free: boolean): void {
    const { marks } = drag;
    if (marks === null || drag.grip === 'either') return;
    const scene = this.#stage.scene();
    const width = this.#stage.widthPx();
    const settle = (ms: number): number => Math.round(free ? ms : snap(scene, width, ms));
    const { mark } = this.#stage.intents;
    if (drag.grip === 'in')
      mark?.({ fromMs: Math.min(settle(this.#timeAt(x)), marks.toMs - SECOND_MS), toMs: marks.toMs });
    if (drag.grip === 'out')
      mark?.({ fromMs: marks.fromMs, toMs: Math.max(settle(this.#timeAt(x)), marks.fromMs + SECOND_MS) });
    if (drag.grip === 'window') {
      const fromMs = settle(marks.fromMs + ((x - drag.startX) / width) * widthOf(scene.view));
      mark?.({ fromMs, toMs: fromMs + marks.toMs - marks.fromMs });
    }
  }

  #pinch(drag: Drag): void {
    const [first = 0, second = 0] = [...this.#pointers.values()];
    const width = this.#stage.widthPx();
    const factor = drag.spreadPx / Math.max(1, Math.abs(first - second));
    this.#stage.intents.view(zoomed(drag.view, factor, (first + second) / 2 / width));
  }

  #up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    const drag = this.#drag;
    if (drag?.grip === 'pan' && drag.movedPx <= CLICK_PX) {
      this.#stage.intents.seek?.(this.#timeAt(drag.startX), false);
    }
    if (this.#pointers.size === 0) this.#drag = undefined;
    this.#stage.element.style.cursor = '';
  }

  #point(x: number, y: number): void {
    const grip = this.#gripAt(x, y);
    const cursors: Partial<Record<Grip, string>> = { pan: 'crosshair', window: 'move' };
    this.#stage.element.style.cursor = cursors[grip] ?? 'ew-resize';
    const { cameras } = this.#stage.scene();
    const row = Math.floor(((y - RULER_PX) / (this.#stage.heightPx() - RULER_PX)) * cameras.length);
    this.#stage.intents.hover({
      atMs: this.#timeAt(x),
      cameraId: y < RULER_PX ? null : (cameras[row]?.id ?? null),
      onRuler: y < RULER_PX,
      x,
    });
  }

  #timeAt(x: number): number {
    return timeAt(this.#stage.scene().view, this.#stage.widthPx(), x);
  }
}
