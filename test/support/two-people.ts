/** A facility manager asks, a privacy officer grants: how a hold is released. */
import type { HoldVersion } from '../../src/holds/hold.ts';
import type { Holds } from '../../src/holds/holds.ts';

const REASON = 'The claim was settled in writing.';
const AGREED = 'I have seen the settlement myself.';

/** Who had no answer asks again: what was done already stays as it is. Throws what the acts throw. */
export async function releaseByTwo(
  holds: Holds,
  holdId: string,
  people: { readonly asks: string; readonly grants: string } = { asks: 'm.bakker', grants: 'a.jansen' },
): Promise<HoldVersion> {
  const known = holds.current().find((h) => h.holdId === holdId);
  if (known === undefined) throw new Error('there is no such hold');
  const act = { holdId, version: known.version };
  const asked =
    known.pending === null ? await holds.ask({ ...act, by: people.asks, reason: REASON }, undefined) : known;
  return holds.approve({ holdId, version: asked.version, by: people.grants, reason: AGREED });
}
