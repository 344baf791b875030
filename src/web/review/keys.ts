/** The keys of the desk. None while typing or while a dialog is open. */
import { HOUR_MS, SECOND_MS } from '../time/zone.ts';
import type { Desk } from './desk.ts';
import { activate, choose, jump, play, shuttle, step, togglePlay, toggleOne } from './moves.ts';

/** What the keys ask of the view and of the page around the desk. */
export interface DeskView {
  /** `factor` below 1: nearer. */
  zoom(factor: number): void;
  day(): void;
  fortnight(): void;
  now(): void;
  oldest(): void;
  openJump(): void;
  openHelp(): void;
}

const FIVE_MS = 5 * SECOND_MS;

export function keysOf(desk: Desk, view: DeskView): Readonly<Record<string, () => void>> {
  const active = (by: number) => (): void => {
    activate(desk, desk.stage.get().active + by);
  };
  return {
    ' ': () => {
      togglePlay(desk);
    },
    k: () => {
      play(desk, 0);
    },
    j: () => {
      shuttle(desk, -1);
    },
    l: () => {
      shuttle(desk, 1);
    },
    ',': () => {
      step(desk, -1);
    },
    '.': () => {
      step(desk, 1);
    },
    ArrowLeft: () => {
      jump(desk, -FIVE_MS);
    },
    ArrowRight: () => {
      jump(desk, FIVE_MS);
    },
    PageUp: () => {
      jump(desk, -HOUR_MS);
    },
    PageDown: () => {
      jump(desk, HOUR_MS);
    },
    ArrowUp: active(-1),
    ArrowDown: active(1),
    Home: () => {
      view.oldest();
    },
    End: () => {
      view.now();
    },
    n: () => {
      view.now();
    },
    '+': () => {
      view.zoom(0.5);
    },
    '=': () => {
      view.zoom(0.5);
    },
    '-': () => {
      view.zoom(2);
    },
    d: () => {
      view.day();
    },
    a: () => {
      view.fortnight();
    },
    t: () => {
      view.openJump();
    },
    g: () => {
      view.openJump();
    },
    f: () => {
      toggleOne(desk, 2);
    },
    '?': () => {
      view.openHelp();
    },
    ...Object.fromEntries(
      desk.cameras.slice(0, 8).map((camera, i) => [
        String(i + 1),
        () => {
          choose(desk, camera.id);
        },
      ]),
    ),
  };
}

/** Listens on the page; returns the function that stops it. */
export function listenToKeys(keys: Readonly<Record<string, () => void>>): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const act = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  addEventListener('keydown', onKey);
  return () => {
    removeEventListener('keydown', onKey);
  };
}

function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (document.querySelector('dialog[open]') !== null) return true;
  if (event.key === ' ' && target.closest('button, a, summary') !== null) return true;
  return target.closest('input, textarea, select') !== null;
}
