/** What people do to the standing hold: one confirms, one asks for its end and takes that back, two narrow it. */
import type { Holds } from '../../src/holds/holds.ts';
import type { HoldVersion, Scope } from '../../src/holds/hold.ts';
import { NARROWED } from './life.ts';

/** Facility, and privacy: who asks and who grants. */
export type Person = 'first' | 'second';

/** A hold as people see it. */
export interface Seen {
  readonly holdId: string;
  readonly version: number;
  readonly confirmed: boolean;
  readonly asked: boolean;
  readonly scope: Scope;
}

/** How they act upon it: in the process, or over a socket. */
export interface Doing {
  confirm(by: Person, hold: Seen): Promise<unknown>;
  ask(by: Person, hold: Seen, to: Scope | undefined): Promise<Seen>;
  withdraw(by: Person, hold: Seen): Promise<unknown>;
  approve(by: Person, hold: Seen): Promise<unknown>;
  /** Acts of all its versions. */
  history(hold: Seen): Promise<readonly string[]>;
}

/** Each step goes on from what is there: after a crash it is done again, or what is missing of it. */
export const STEPS: readonly {
  readonly done: string;
  readonly step: (people: Doing, hold: Seen) => Promise<void>;
}[] = [
  {
    done: 'confirmed',
    step: async (people, hold) => {
      if (!hold.confirmed) await people.confirm('second', hold);
    },
  },
  {
    done: 'withdrawn',
    step: async (people, hold) => {
      if ((await people.history(hold)).includes('withdrawn')) return;
      await people.withdraw('first', hold.asked ? hold : await people.ask('first', hold, undefined));
    },
  },
  {
    done: 'narrowed',
    step: async (people, hold) => {
      if (hold.scope.window.toMs === NARROWED.toMs) return;
      const to = { ...hold.scope, window: NARROWED };
      await people.approve('second', hold.asked ? hold : await people.ask('first', hold, to));
    },
  },
];

export const REASON = 'The claim concerns a shorter time.';

const USERS = { first: 'm.bakker', second: 'a.jansen' } as const;

/** Who acts in the process itself. */
export function peopleOf(holds: Holds): Doing {
  const act = (by: Person, { holdId, version }: Seen): Parameters<Holds['approve']>[0] => {
    return { holdId, version, by: USERS[by], reason: REASON };
  };
  return {
    confirm: (by, hold) => holds.confirm({ ...act(by, hold), reason: '' }),
    ask: async (by, hold, to) => seenAs(await holds.ask(act(by, hold), to)),
    withdraw: (by, hold) => holds.withdraw(act(by, hold)),
    approve: (by, hold) => holds.approve(act(by, hold)),
    history: (hold) => Promise.resolve(holds.history(hold.holdId).map((v) => v.act)),
  };
}

export function seenAs({ holdId, version, confirmedMs, pending, terms }: HoldVersion): Seen {
  const { cameraIds, window, endMs } = terms;
  const scope = { cameraIds, window, endMs };
  return { holdId, version, confirmed: confirmedMs !== null, asked: pending !== null, scope };
}
