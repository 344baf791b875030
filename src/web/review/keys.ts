/** The keys of the desk. None while typing or while a dialog is open. */
import { HOUR_MS, SECOND_MS } from '../time/zone.ts';
import type { Desk } from './desk.ts';
import { activate, choose, jump, play, shuttle, step, togglePlay, toggleOne } from './moves.ts';

/** What the keys ask of the view and of the page around the desk. */
export interface DeskView {
  /** `factor` below 1: nearer. */
  readonly zoom: (factor: number) => void;
  readonly day: () => void;
  readonly fortnight: () => void;
  readonly now: () => void;
  readonly oldest: () => void;
  readonly openJump: () => void;
  readonly openHelp: () => void;
  /** Esc: the topmost thing that is open. */
  readonly close: () => void;
}

const FIVE_MS = 5 * SECOND_MS;

type Keys = Readonly<Record<string, () => void>>;

export function keysOf(desk: Desk, view: DeskView): Keys {
  return { ...keysOfPlayback(desk), ...keysOfStage(desk), ...keysOfView(view) };
}

function keysOfPlayback(desk: Desk): Keys {
  const by = (ms: number) => (): void => {
    jump(desk, ms);
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
    ArrowLeft: by(-FIVE_MS),
    ArrowRight: by(FIVE_MS),
    PageUp: by(-HOUR_MS),
    PageDown: by(HOUR_MS),
  };
}

function keysOfStage(desk: Desk): Keys {
  const active = (by: number) => (): void => {
    activate(desk, desk.stage.get().active + by);
  };
  const cameras = desk.cameras
    .get()
    .slice(0, 8)
    .map((camera, i) => {
      const chosen = (): void => {
        choose(desk, camera.id);
      };
      return [String(i + 1), chosen] as const;
    });
  return {
    ArrowUp: active(-1),
    ArrowDown: active(1),
    f: () => {
      toggleOne(desk, 2);
    },
    ...Object.fromEntries(cameras),
  };
}

function keysOfView(view: DeskView): Keys {
  const zoom = (factor: number) => (): void => {
    view.zoom(factor);
  };
  return {
    '+': zoom(0.5),
    '=': zoom(0.5),
    '-': zoom(2),
    Home: view.oldest,
    End: view.now,
    n: view.now,
    d: view.day,
    a: view.fortnight,
    t: view.openJump,
    g: view.openJump,
    '?': view.openHelp,
    Escape: view.close,
  };
}

/** Listens on the page; returns the function that stops it. */
export function listenToKeys(keys: Keys): () => void {
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
