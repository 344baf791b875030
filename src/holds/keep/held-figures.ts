/** How much of what is held is kept from its recorder: counted now and then, and not at every scrape. */
import { widen } from '../../base/range.ts';
import { binds, HOLD_MARGIN_MS } from '../hold.ts';
import type { HoldSet } from '../hold-set.ts';
import type { PinStore } from './pins.ts';

/** Clips looked up at once. */
const SLICE = 1000;

/** Held, finished clips, each in one of the four. */
export interface KeptClips {
  readonly both: number;
  readonly pin: number;
  readonly copy: number;
  readonly neither: number;
}

/** Clips of a root whose pins the system refused, with the errno it said most, while there is no copy of them. */
export interface RefusedPins {
  readonly rootId: string;
  readonly clips: number;
  readonly errno: string;
}

export interface HeldFigures {
  readonly kept: KeptClips;
  readonly copyBytes: number;
  /** Those of them that lie in the vault. */
  readonly vault: { readonly copies: number; readonly bytes: number };
  readonly refused: readonly RefusedPins[];
  /** Files among the pins and copies without a clip, by root. */
  readonly strays: readonly { readonly rootId: string; readonly files: number }[];
}

export interface HeldFigureStore {
  kept(clipIds: readonly number[]): KeptClips;
  copyBytes(): number;
  vault(): HeldFigures['vault'];
  refused(): RefusedPins[];
  strays(): HeldFigures['strays'];
}

export interface HeldFigureDeps {
  readonly store: HeldFigureStore;
  readonly covered: PinStore['covered'];
  readonly set: Pick<HoldSet, 'inForce'>;
  readonly nowMs: () => number;
  readonly breathe: () => Promise<void>;
}

/** A clip that several holds cover counts once. */
export async function countHeld(deps: HeldFigureDeps): Promise<HeldFigures> {
  const { store, covered, set, nowMs, breathe } = deps;
  const binding = set.inForce().filter((h) => binds(h, nowMs()));
  const total = { both: 0, pin: 0, copy: 0, neither: 0 };
  for (const cameraId of new Set(binding.flatMap((h) => h.terms.cameraIds))) {
    const ids = new Set<number>();
    for (const { terms } of binding)
      if (terms.cameraIds.includes(cameraId))
        for (const id of covered(cameraId, widen(terms.window, HOLD_MARGIN_MS))) ids.add(id);
    const all = [...ids];
    for (let at = 0; at < all.length; at += SLICE) {
      const slice = store.kept(all.slice(at, at + SLICE));
      for (const how of ['both', 'pin', 'copy', 'neither'] as const) total[how] += slice[how];
      await breathe();
    }
  }
  const [copyBytes, vault] = [store.copyBytes(), store.vault()];
  return { kept: total, copyBytes, vault, refused: store.refused(), strays: store.strays() };
}
