/** The place at the desk, kept while the page is open: over a lapsed purpose, another page, or a new sign-in. */
import type { Desk, Layout } from './desk.ts';

export interface Place {
  readonly atMs: number;
  readonly layout: Layout;
  readonly order: readonly string[];
}

let place: Place | undefined;

export function keepPlace(desk: Desk): void {
  const { layout, order } = desk.stage.get();
  place = { atMs: desk.atMs.get(), layout, order };
}

export function keptPlace(): Place | undefined {
  return place;
}

/** For those who come from a hold: its beginning on its first camera. */
export function aimAt(atMs: number, cameraIds: readonly string[]): void {
  place = { atMs, layout: cameraIds.length > 1 ? 2 : 1, order: cameraIds };
}
