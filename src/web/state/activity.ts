/** When the person last did something. Polling stops with it, so that a page left open lets its session end. */
import { createStore } from './store.ts';

/** After this long without input nothing is polled any more. */
export const REST_MS = 10 * 60_000;

/** Last input on the browser's monotonic clock, in milliseconds; told at most once a second. */
export const activity = createStore(performance.now());

for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
  addEventListener(
    event,
    () => {
      if (performance.now() - activity.get() > 1000) activity.set(performance.now());
    },
    { passive: true, capture: true },
  );
}

export function isResting(): boolean {
  return document.hidden || performance.now() - activity.get() > REST_MS;
}
