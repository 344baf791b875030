/**
 * The next version of a hold, by what a person does to it. Pure: who may and whether it is possible now is decided here,
 * in which order it becomes durable elsewhere (`record.ts`). Setting is easy, ending is hard: what binds more takes effect
 * at once and is confirmed afterwards; what binds less is asked for by one person and granted by another.
 */
import { DAY_MS } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import { binds, stands, type HoldAct, type HoldVersion, type Leaving, type Scope } from './hold.ts';
import { contains, givesUp, isSame } from './scope.ts';

/** Who acts, why and when. Whether the role allows it is the role matrix's (access/roles.ts). */
export interface Actor {
  readonly by: string;
  readonly reason: string;
  /** Retention clock. */
  readonly nowMs: number;
}

export interface ReleaseRules {
  readonly coolingOffMs: number;
  /** Requests take effect by themselves after this; undefined: never, a second person grants them. */
  readonly aloneAfterMs: number | undefined;
}

/** A placement or a widening that nobody confirmed within this is an alarm; it binds all the same. */
export const CONFIRM_WITHIN_MS = 3 * DAY_MS;

/** Until when a second person must have confirmed; null when nobody need. */
export function confirmByMs(hold: HoldVersion, nowMs: number): number | null {
  return hold.confirmedMs === null && stands(hold, nowMs) ? hold.boundMs + CONFIRM_WITHIN_MS : null;
}

/** Throws `forbidden` for whoever set it, `conflict` when it is confirmed or over. */
export function confirmed(hold: HoldVersion, actor: Actor): HoldVersion {
  demandStanding(hold, actor.nowMs);
  if (hold.confirmedMs !== null) throw new FortnightError('conflict', 'the hold is confirmed already');
  demandOther(actor.by, hold.boundBy);
  return { ...next(hold, 'confirmed', actor), confirmedBy: actor.by, confirmedMs: actor.nowMs };
}

/** Binds more, or longer, at once. `to` must contain all that is held: else `invalid`. A pending request stays. */
export function widened(hold: HoldVersion, actor: Actor, to: Scope & { coolingOffMs: number }): HoldVersion {
  demandStanding(hold, actor.nowMs);
  if (!contains(to, hold.terms) || isSame(to, hold.terms))
    throw new FortnightError('invalid', 'a hold is widened to more than it holds', {
      hint: 'what makes it less is asked for as a narrowing',
    });
  if (hold.pending !== null)
    throw new FortnightError('conflict', 'a request waits; it is withdrawn, refused or granted first');
  return {
    ...next(hold, 'widened', actor),
    terms: { ...hold.terms, ...scopeOf(to) },
    endsMs: to.endMs === null ? null : to.endMs + to.coolingOffMs,
    boundBy: actor.by,
    boundMs: actor.nowMs,
    confirmedBy: null,
    confirmedMs: null,
  };
}

export function reviewed(hold: HoldVersion, actor: Actor, reviewMs: number): HoldVersion {
  demandStanding(hold, actor.nowMs);
  return { ...next(hold, 'reviewed', actor), terms: { ...hold.terms, reviewMs } };
}

/** Asks for a release (`to` undefined) or a narrowing. `to` must lie within what is held and be less: else `invalid`. */
export function asked(
  hold: HoldVersion,
  actor: Actor,
  what: { readonly to: Scope | undefined; readonly rules: ReleaseRules },
): HoldVersion {
  demandStanding(hold, actor.nowMs);
  if (hold.pending !== null)
    throw new FortnightError('conflict', 'a request waits for a second person already');
  const { to, rules } = what;
  if (to !== undefined && (!contains(hold.terms, to) || isSame(hold.terms, to)))
    throw new FortnightError('invalid', 'a hold is narrowed to less than it holds', {
      hint: 'what makes it more takes effect at once, as a widening',
    });
  const { aloneAfterMs } = rules;
  return {
    ...next(hold, 'asked', actor),
    pending: {
      what: to === undefined ? 'release' : 'narrowing',
      to: scopeOf(to ?? hold.terms),
      reason: actor.reason,
      by: actor.by,
      atMs: actor.nowMs,
      effectiveMs: aloneAfterMs === undefined ? null : actor.nowMs + aloneAfterMs,
    },
  };
}

/** A second person grants what was asked. Throws `forbidden` for who asked, `conflict` when nothing waits. */
export function granted(hold: HoldVersion, actor: Actor, coolingOffMs: number): HoldVersion {
  demandStanding(hold, actor.nowMs);
  demandOther(actor.by, demandPending(hold).by);
  return tookEffect(hold, actor, coolingOffMs);
}

/** What was asked happens: by a second person, or by itself where one person is enough. */
export function tookEffect(hold: HoldVersion, actor: Actor, coolingOffMs: number): HoldVersion {
  const { what, to, reason, by } = demandPending(hold);
  const endsMs = actor.nowMs + coolingOffMs;
  if (what === 'release') {
    const released = { releasedMs: actor.nowMs, releaseReason: reason, endsMs };
    return { ...next(hold, 'released', actor), ...released, askedBy: by, pending: null };
  }
  const { cameraIds, window } = hold.terms;
  const given: Leaving[] = givesUp(hold.terms, to)
    ? [{ cameraIds, window, sinceMs: actor.nowMs, endsMs }]
    : [];
  return {
    ...next(hold, 'narrowed', actor),
    terms: { ...hold.terms, ...to },
    leaving: [...hold.leaving.filter((l) => l.endsMs > actor.nowMs - REMEMBERED_MS), ...given],
    // An end that has passed while the request waited is no earlier than its granting.
    endsMs: to.endMs === null ? null : Math.max(to.endMs, actor.nowMs) + coolingOffMs,
    askedBy: by,
    pending: null,
  };
}

/** A second person says no; the hold stands as it was. */
export function refused(hold: HoldVersion, actor: Actor): HoldVersion {
  demandStanding(hold, actor.nowMs);
  demandOther(actor.by, demandPending(hold).by);
  return { ...next(hold, 'refused', actor), pending: null };
}

/** The request is taken back; or, while the hold cools off, its end: then it stands again. */
export function withdrawn(hold: HoldVersion, actor: Actor): HoldVersion {
  if (!binds(hold, actor.nowMs)) throw over();
  if (stands(hold, actor.nowMs)) {
    demandPending(hold);
    return { ...next(hold, 'withdrawn', actor), pending: null };
  }
  return {
    ...next(hold, 'withdrawn', actor),
    terms: { ...hold.terms, endMs: null },
    pending: null,
    releasedMs: null,
    releaseReason: null,
    endsMs: null,
  };
}

/** The case says something else of itself from now on: for all holds under it. */
export function caseChanged(
  hold: HoldVersion,
  actor: Actor,
  change: { readonly title: string; readonly viewers: readonly string[] },
): HoldVersion {
  const { id, version } = hold.case;
  return {
    ...next(hold, 'case_changed', actor),
    case: { id, version: version + 1, by: actor.by, atMs: actor.nowMs },
    terms: { ...hold.terms, title: change.title, viewers: change.viewers },
  };
}

/** Whether this version is what the same person made of `before` by the same act: then it was done already. */
export function isRepeated(
  hold: HoldVersion,
  before: number,
  done: Doing & { readonly by: string; readonly reason: string },
): boolean {
  const same = hold.by === done.by && hold.why === done.reason && done.says(hold);
  return hold.version === before + 1 && done.acts.includes(hold.act) && same;
}

/** What an act makes: one of these, saying this. */
export interface Doing {
  readonly acts: readonly HoldAct[];
  readonly says: (made: HoldVersion) => boolean;
}

/** Whether a version asks for this (undefined: a release). */
export function asksFor({ pending }: HoldVersion, to: Scope | undefined): boolean {
  if (to === undefined) return pending?.what === 'release';
  return pending?.what === 'narrowing' && isSame(pending.to, to);
}

/** Parts that were given up are told as the reason of a deletion for so long after their end. */
const REMEMBERED_MS = 30 * DAY_MS;

function next(hold: HoldVersion, act: HoldAct, { by, reason, nowMs }: Actor): HoldVersion {
  return { ...hold, version: hold.version + 1, act, by, atMs: nowMs, why: reason, askedBy: null };
}

function scopeOf({ cameraIds, window, endMs }: Scope): Scope {
  return { cameraIds, window, endMs };
}

function demandStanding(hold: HoldVersion, nowMs: number): void {
  if (stands(hold, nowMs)) return;
  throw binds(hold, nowMs) ? new FortnightError('conflict', 'the hold is released already') : over();
}

function demandPending({ pending }: HoldVersion): NonNullable<HoldVersion['pending']> {
  if (pending === null) throw new FortnightError('conflict', 'nothing waits for a second person');
  return pending;
}

function demandOther(by: string, first: string): void {
  if (by === first) throw new FortnightError('forbidden', 'this takes a second person');
}

function over(): FortnightError {
  return new FortnightError('conflict', 'the hold has ended');
}
