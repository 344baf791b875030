/** What the holds of the list cover: asked one hold after the other, since a large one costs the server a look at its clips. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Hold, HoldCoverage } from '../../http/api/index.ts';
import { getHoldCoverage } from '../api/endpoints.ts';

/** A window that is still being recorded grows; five minutes late is near enough for a list. */
const FRESH_MS = 5 * 60_000;

export type Coverages = ReadonlyMap<string, HoldCoverage>;

interface Known {
  readonly version: number;
  readonly atMs: number;
}

/** By the id of the hold; what cannot be had is left out. Ended holds cover nothing and are not asked for. */
export function useCoverages(holds: readonly Hold[]): Coverages {
  const [found, setFound] = useState<Coverages>(new Map());
  const known = useRef(new Map<string, Known>());
  useEffect(() => {
    const stopped = { is: false };
    const stale = holds.filter((h) => h.state !== 'ended' && isStale(h, known.current.get(h.id)));
    const ask = async (): Promise<void> => {
      for (const { id, version } of stale) {
        if (stopped.is) return;
        known.current.set(id, { version, atMs: performance.now() });
        const coverage = await getHoldCoverage(id).catch(() => undefined);
        if (coverage === undefined) known.current.delete(id);
        else setFound((before) => new Map(before).set(id, coverage));
      }
    };
    void ask();
    return () => {
      stopped.is = true;
    };
  }, [holds]);
  return found;
}

function isStale({ version }: Hold, known: Known | undefined): boolean {
  return known?.version !== version || performance.now() - known.atMs > FRESH_MS;
}

/** The parts of a window, in the order of a bar. */
export const PARTS = ['deleted', 'covered', 'gaps', 'future'] as const;
export type Part = (typeof PARTS)[number];

/** How much of the window of all cameras each part is, 0 to 1. Pure. */
export function partsOf(coverage: HoldCoverage): Readonly<Record<Part, number>> {
  const lengthOf = (part: Part): number =>
    coverage.cameras.flatMap((c) => c[part]).reduce((ms, s) => ms + s.toMs - s.fromMs, 0);
  const lengths = PARTS.map((part) => [part, lengthOf(part)] as const);
  const all = Math.max(
    1,
    lengths.reduce((ms, [, length]) => ms + length, 0),
  );
  return Object.fromEntries(lengths.map(([part, ms]) => [part, ms / all])) as Record<Part, number>;
}
