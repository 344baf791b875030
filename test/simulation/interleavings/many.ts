/** Lives interleavings one after another and tells of the first that fails, so that it can be had again. */
import { AS_IT_IS, type Parts } from '../mutation.ts';
import { interleave, type Interleaving } from './interleaving.ts';

export interface Tally {
  readonly count: number;
  /** How many of them differ in what happened in which order. */
  readonly orders: number;
  readonly failed: Interleaving | undefined;
}

/** Those of seeds `from` to `to`, until one fails in the way that is looked for, or `untilMs` (monotonic) has come. */
export async function tryMany(
  { from, to, untilMs = Infinity }: { from: number; to: number; untilMs?: number },
  parts: Parts = AS_IT_IS,
  looked: (run: Interleaving) => boolean = (run) => run.failure !== undefined,
): Promise<Tally> {
  // Refusals are thrown often, and nobody reads where from.
  const traced = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const orders = new Set<number>();
  let count = 0;
  try {
    for (let seed = from; seed <= to && performance.now() < untilMs; seed += 1) {
      const run = await interleave(seed, parts);
      orders.add(run.order);
      count += 1;
      if (looked(run)) return { count, orders: orders.size, failed: run };
    }
    return { count, orders: orders.size, failed: undefined };
  } finally {
    Error.stackTraceLimit = traced;
  }
}

/** Throws with the story of the first seed that fails. */
export async function expectNone(seeds: { from: number; to: number }): Promise<void> {
  const { failed } = await tryMany(seeds);
  if (failed !== undefined) throw new Error(describeFailure(failed));
}

/** What a person needs to know of one that failed. */
export function describeFailure({ seed, failure, story }: Interleaving): string {
  const why = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return [
    `interleaving ${String(seed)}: ${why}`,
    ...story(),
    `have it again: INTERLEAVING=${String(seed)} npx vitest run test/simulation/interleavings/noticed`,
  ].join('\n');
}

/** The one interleaving a person wants to see, if any. */
const asked = process.env['INTERLEAVING'];
export const ASKED = asked === undefined ? undefined : Number(asked);
