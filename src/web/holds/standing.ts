/** Where a hold stands on its way, and what a person of a role may do with it. Pure; the server decides. */
import type { Hold, Session } from '../../http/api/index.ts';

/** The one word a hold is shown with; what waits for a person comes before what merely stands. */
export type Condition =
  | 'standing'
  | 'to_confirm'
  | 'unconfirmed'
  | 'release_asked'
  | 'narrowing_asked'
  | 'overdue'
  | 'cooling_off'
  | 'ended';

export function conditionOf(hold: Hold): Condition {
  if (hold.state !== 'standing') return hold.state;
  if (hold.pending !== null) return hold.pending.what === 'release' ? 'release_asked' : 'narrowing_asked';
  if (hold.unconfirmedOverdue) return 'unconfirmed';
  if (hold.confirmByMs !== null) return 'to_confirm';
  return hold.reviewOverdue ? 'overdue' : 'standing';
}

const FOR_A_PERSON: readonly Condition[] = ['to_confirm', 'unconfirmed', 'release_asked', 'narrowing_asked'];

export function awaitsPerson(hold: Hold): boolean {
  return FOR_A_PERSON.includes(conditionOf(hold));
}

export const FILTERS = ['all', 'waiting', 'standing', 'overdue', 'cooling_off', 'ended'] as const;
export type Filter = (typeof FILTERS)[number];

/** Whether a hold is in the list under a filter and contains what was typed; `cameras` are the names of its own. */
export function isListed(
  hold: Hold,
  { filter, typed }: { readonly filter: Filter; readonly typed: string },
  cameras: string,
): boolean {
  const wanted: Readonly<Record<Filter, boolean>> = {
    all: true,
    waiting: awaitsPerson(hold),
    standing: hold.state === 'standing',
    overdue: hold.reviewOverdue && hold.state === 'standing',
    cooling_off: hold.state === 'cooling_off',
    ended: hold.state === 'ended',
  };
  const text = [hold.caseRef, hold.title, cameras].join('\n').toLowerCase();
  return wanted[filter] && text.includes(typed.trim().toLowerCase());
}

/** What is still in force first, then what has ended; within each the newest first. */
export function inOrder(holds: readonly Hold[]): Hold[] {
  const ended = (hold: Hold): number => (hold.state === 'ended' ? 1 : 0);
  return [...holds].sort((a, b) => ended(a) - ended(b) || b.setMs - a.setMs);
}

/** What a person may do with a hold now. */
export type Right =
  'confirm' | 'approve' | 'refuse' | 'withdraw' | 'review' | 'widen' | 'narrow' | 'release' | 'changeCase';
export type Rights = Readonly<Record<Right, boolean>>;

export type Person = Pick<Session, 'permissions' | 'userName'>;

/**
 * Whoever places asks for less, another person confirms and grants. Everybody concerned may take a request back, and a
 * release while it is cooling off.
 */
export function rightsOf(hold: Hold, person: Person): Rights {
  const changes = person.permissions.includes('holds.change') && hold.state === 'standing';
  const asks = changes && hold.pending === null;
  const grants = hold.state === 'standing' && hold.pending !== null && isSecond(person, hold.pending.by);
  const withdraws = person.permissions.includes('holds.withdraw') && isRevocable(hold);
  return {
    confirm: hold.state === 'standing' && hold.confirmByMs !== null && isSecond(person, hold.setBy),
    approve: grants,
    refuse: grants,
    // Whoever may refuse has no need to take back.
    withdraw: withdraws && !grants,
    review: changes,
    widen: changes,
    narrow: asks,
    release: asks,
    changeCase: changes,
  };
}

/** Another person than `by`, of a role that confirms. */
export function isSecond({ permissions, userName }: Person, by: string): boolean {
  return permissions.includes('holds.confirm') && userName !== by;
}

/** A request that waits, or a release by people that is cooling off. */
function isRevocable({ state, pending, releasedBy }: Hold): boolean {
  if (state === 'standing') return pending !== null;
  return state === 'cooling_off' && releasedBy !== null && releasedBy !== 'system';
}
