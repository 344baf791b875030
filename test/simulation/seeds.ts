/** Lives seeds one after another and tells of the first that fails, so that it can be lived again. */
import { expect } from 'vitest';
import { AS_IT_IS, type Parts } from './mutation.ts';
import { simulate, type Life } from './simulation.ts';

/** Lives seeds `from` to `to` (both included) until one fails, in the way that is looked for. */
export async function firstFailure(
  seeds: { readonly from: number; readonly to: number },
  parts: Parts = AS_IT_IS,
  looked: (life: Life) => boolean = (life) => life.failure !== undefined,
): Promise<Life | undefined> {
  // A disk in trouble throws often, and nobody reads where from: stacks would cost a third of the time.
  const traced = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    for (let seed = seeds.from; seed <= seeds.to; seed += 1) {
      const life = await simulate(seed, parts);
      if (looked(life)) return life;
    }
    return undefined;
  } finally {
    Error.stackTraceLimit = traced;
  }
}

/** Fails with the story of the first seed that fails. */
export async function expectNoFailure(
  seeds: { readonly from: number; readonly to: number },
  parts: Parts = AS_IT_IS,
): Promise<void> {
  const failed = await firstFailure(seeds, parts);
  expect(failed && report(failed)).toBeUndefined();
}

/** What a person needs to know of a life that failed. */
function report({ seed, failure, story }: Life): string {
  const why = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return [
    `seed ${String(seed)}: ${why}`,
    ...story.slice(-40),
    `live it again: SIM_SEED=${String(seed)} npx vitest run test/simulation/lives`,
  ].join('\n');
}

/** The one seed a person wants to see, if any. */
export const ASKED_SEED = process.env['SIM_SEED'] === undefined ? undefined : Number(process.env['SIM_SEED']);
