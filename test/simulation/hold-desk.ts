/** People at work on holds: who places, widens, asks, grants, refuses, takes back; each by what the page shows them. */
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { FortnightError } from '../../src/base/errors.ts';
import type { TimeRange } from '../../src/base/range.ts';
import type { Act } from '../../src/holds/holds.ts';
import type { HoldSet } from '../../src/holds/hold-set.ts';
import { stands, type HoldTerms, type HoldVersion, type Scope } from '../../src/holds/hold.ts';
import { isSame } from '../../src/holds/scope.ts';
import type { HoldService } from '../../src/holds/service.ts';
import type { HoldTruth, Sent } from './hold-truth.ts';
import { lineOf } from './journal-lines.ts';
import type { Random } from './random.ts';
import { WORLD, type Life, type Scheduler } from './scheduler.ts';

/** A daemon as the people see it. */
export interface Counter extends Life {
  readonly holds: HoldService;
  readonly holdSet: HoldSet;
  /** The retention clock. */
  nowMs(): number;
}

export interface Desk {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly cameraIds: readonly string[];
  /** Requests take effect by themselves after so long; undefined: a second person grants them. */
  readonly aloneAfterMs: number | undefined;
  /** How long somebody waits before asking again. */
  readonly patienceMs: number;
  /** The daemon, when it serves. */
  readonly counter: () => Counter | undefined;
  readonly acknowledged: (truth: HoldTruth) => void;
  readonly broken: (invariant: string, message: string) => void;
}

const ASKS = 'm.bakker';
const GRANTS = 'a.jansen';
const REASON = 'The insurer asks to keep the footage.';
const SETTLED = 'The claim was settled in writing.';
const MYSELF = 'I have asked for it, and I grant it.';

export function placeHold(desk: Desk, truth: HoldTruth): Promise<void> {
  return insist(desk, async (counter) => {
    const { holds } = counter;
    const caseId = truth.key.includes('joined') ? holds.cases()[0]?.mark.id : undefined;
    await answered({ desk, truth, counter }, async () => {
      const { hold } = await holds.place(truth.terms, { by: ASKS, key: truth.key, caseId });
      return hold;
    });
  });
}

/** What somebody may do to a hold, by what they see of it. Undefined: nothing of the kind. */
type Deed = (at: Sight) => Promise<HoldVersion | undefined> | undefined;

interface Sight {
  readonly desk: Desk;
  readonly truth: HoldTruth;
  readonly counter: Counter;
  readonly seen: HoldVersion;
  readonly act: (by: string, reason: string) => Act;
  /** To be told of what is sent that may let something go. */
  readonly sent: (what: Sent) => void;
}

const widen: Deed = ({ desk, counter, seen, act }) => {
  if (seen.pending !== null || !stands(seen, counter.nowMs())) return undefined;
  const to = wider(desk, seen.terms, counter.nowMs());
  return counter.holds.widen(act(ASKS, REASON), to).then(({ hold }) => {
    if (hold.act === 'widened' && !isSame(hold.terms, to))
      desk.broken('I10', `the hold ${hold.holdId} was answered to be wider than it is`);
    return hold;
  });
};

const askRelease: Deed = (at) => ask(at, undefined);

const askNarrowing: Deed = (at) => {
  const to = narrower(at.desk, at.seen.terms, at.counter.nowMs());
  return to && ask(at, to);
};

function ask(
  { desk, truth, counter, seen, act, sent }: Sight,
  to: Scope | undefined,
): Promise<HoldVersion> | undefined {
  if (seen.pending !== null || !stands(seen, counter.nowMs())) return undefined;
  const { aloneAfterMs } = desk;
  if (aloneAfterMs !== undefined)
    sent(truth.askingAlone(seen.version + 1, to, counter.nowMs() + aloneAfterMs));
  return counter.holds.ask(act(ASKS, SETTLED), to).then((made) => {
    if (made.act === 'asked' && made.pending?.what !== (to === undefined ? 'release' : 'narrowing'))
      desk.broken('I10', `of the hold ${made.holdId} something else was asked for`);
    return made;
  });
}

const approve: Deed = ({ truth, counter, seen, act, sent }) => {
  if (seen.pending === null || !stands(seen, counter.nowMs())) return undefined;
  const { what, to } = seen.pending;
  sent(truth.granting(seen.version + 1, what === 'release' ? undefined : to, counter.nowMs()));
  return counter.holds.approve(act(GRANTS, SETTLED));
};

/** Who asked grants it too: it must be refused, and let nothing go. */
const approveAlone: Deed = ({ counter, seen, act }) =>
  seen.pending === null || !stands(seen, counter.nowMs())
    ? undefined
    : counter.holds.approve(act(seen.pending.by, MYSELF));

const refuse: Deed = ({ counter, seen, act }) =>
  seen.pending === null ? undefined : counter.holds.refuse(act(GRANTS, SETTLED));

const withdraw: Deed = ({ counter, seen, act }) =>
  seen.pending === null && stands(seen, counter.nowMs())
    ? undefined
    : counter.holds.withdraw(act(ASKS, REASON));

const confirm: Deed = ({ counter, seen, act }) =>
  seen.confirmedMs === null ? counter.holds.confirm(act(GRANTS, '')) : undefined;

const review: Deed = ({ counter, act }) =>
  counter.holds.review(act(ASKS, REASON), counter.nowMs() + 30 * DAY_MS);

const changeCase: Deed = ({ counter, seen }) => {
  const { id, version } = seen.case;
  const title = `A fall in the hall, told ${String(version)} times`;
  return counter.holds
    .changeCase(id, { version, by: ASKS, reason: REASON, title, viewers: ['j.devries'] })
    .then(() => {
      // Another hold of the case may carry it; then nothing was answered about this one.
      const made = counter.holdSet.get(seen.holdId);
      return made?.act === 'case_changed' && made.version === seen.version + 1 ? made : undefined;
    });
};

const DEEDS = {
  widen,
  askRelease,
  askNarrowing,
  approve,
  approveAlone,
  refuse,
  withdraw,
  confirm,
  review,
  changeCase,
};
export type DeedName = keyof typeof DEEDS;
export const DEED_NAMES = Object.keys(DEEDS) as DeedName[];

/** Somebody does this to the hold, if what they see lets them, and tries until a daemon has answered. */
export async function act(desk: Desk, truth: HoldTruth, name: DeedName): Promise<void> {
  await insist(desk, async (counter) => {
    const seen = truth.holdId === undefined ? undefined : counter.holdSet.get(truth.holdId);
    if (seen === undefined) return;
    const { holdId, version } = seen;
    const sent: Sent[] = [];
    const sight = {
      ...{ desk, truth, counter, seen },
      act: (by: string, reason: string): Act => ({ holdId, version, by, reason }),
      sent: (what: Sent) => sent.push(what),
    };
    await answered({ desk, truth, counter }, async () => DEEDS[name](sight), { name, seen, sent });
  });
}

interface Sending {
  readonly desk: Desk;
  readonly truth: HoldTruth;
  readonly counter: Counter;
}

interface What {
  readonly name: DeedName;
  readonly seen: HoldVersion;
  readonly sent: readonly Sent[];
}

/** What is sent is told, what is answered is checked. A refusal is an answer; whatever else is asked again. */
async function answered(
  { desk, truth, counter }: Sending,
  send: () => Promise<HoldVersion | undefined>,
  what?: What,
): Promise<void> {
  const told = `${what?.name ?? 'place'} ${truth.key}`;
  try {
    const made = await send();
    // A daemon that has died meanwhile answers nobody.
    if (made === undefined || !counter.alive) return;
    desk.scheduler.tell(`${told}: answered`);
    if (what !== undefined) learn(desk, truth, what);
    truth.acknowledged(lineOf(made));
    desk.acknowledged(truth);
  } catch (error) {
    if (!counter.alive || !isRefusal(error)) throw error;
    desk.scheduler.tell(`${told}: ${error.code}`);
    // What was refused lets nothing go.
    for (const sent of what?.sent ?? []) truth.undone(sent);
  }
}

/** What follows from an answer, whatever it says. */
function learn(desk: Desk, truth: HoldTruth, { name, seen }: What): void {
  if (name === 'approveAlone') desk.broken('I10', `the hold ${seen.holdId} was let go by one person`);
  const ended = name === 'refuse' || name === 'withdraw';
  if (ended && seen.pending !== null && desk.aloneAfterMs !== undefined) truth.unasked(seen.version + 1);
}

function isRefusal(error: unknown): error is FortnightError {
  return error instanceof FortnightError && REFUSALS.includes(error.code);
}

/** With these nothing was done. */
const REFUSALS: readonly string[] = ['conflict', 'forbidden', 'invalid', 'not_found'];

/** A person who gets no answer asks again, of whatever daemon there is by then. */
function insist(
  { scheduler, counter, patienceMs }: Desk,
  work: (at: Counter) => Promise<void>,
): Promise<void> {
  return new Promise((resolve) => {
    const attempt = (): void => {
      const daemon = counter();
      const waiting = { alive: true };
      const again = (): void => {
        if (!waiting.alive) return;
        waiting.alive = false;
        scheduler.after(patienceMs / 3, WORLD, attempt);
      };
      if (daemon === undefined) {
        again();
        return;
      }
      work(daemon).then(() => {
        if (!daemon.alive) return;
        waiting.alive = false;
        resolve();
      }, again);
      // Nobody waits for a daemon that has died.
      const patience = (): void => {
        if (daemon.alive) scheduler.after(patienceMs, waiting, patience);
        else again();
      };
      scheduler.after(patienceMs, waiting, patience);
    };
    attempt();
  });
}

function wider({ random, cameraIds }: Desk, { window, endMs }: Scope, nowMs: number): Scope {
  const [before, after] = [random.int(0, 3) * MINUTE_MS, random.int(0, 3) * MINUTE_MS];
  const to = { fromMs: window.fromMs - before, toMs: window.toMs + after };
  const later = random.chance(0.5) || endMs === null ? null : endMs + MINUTE_MS;
  return { cameraIds, window: to, endMs: notBefore(later, to, nowMs) };
}

/** Fewer cameras, a part of the window, or an earlier end. */
function narrower({ random }: Desk, { cameraIds, window, endMs }: Scope, nowMs: number): Scope | undefined {
  const some = cameraIds.length > 1 && random.chance(0.5) ? cameraIds.slice(0, 1) : cameraIds;
  const middleMs = Math.floor((window.fromMs + window.toMs) / 2);
  if (window.toMs - window.fromMs < 2 * SECOND_MS) return undefined;
  const half: TimeRange = random.chance(0.5)
    ? { fromMs: window.fromMs, toMs: middleMs }
    : { fromMs: middleMs, toMs: window.toMs };
  const end = random.chance(0.2) ? notBefore(nowMs + random.int(10, 120) * SECOND_MS, half, nowMs) : endMs;
  const earlier = endMs === null || (end !== null && end <= endMs) ? end : endMs;
  return {
    cameraIds: some,
    window: random.chance(0.8) ? half : window,
    endMs: notBefore(earlier, window, nowMs),
  };
}

/** An end that a hold of this window may have. */
function notBefore(endMs: number | null, window: TimeRange, nowMs: number): number | null {
  return endMs === null ? null : Math.max(endMs, window.toMs, nowMs + SECOND_MS);
}

/** Terms of a hold over these cameras and this window. */
export function termsOf(scope: Scope, nowMs: number): HoldTerms {
  return {
    ...{ caseRef: 'Z-2026-001', title: 'A fall in the hall', kind: 'legal_claim', ground: 'gdpr_17_3_e' },
    ...{ reason: REASON, viewers: [], reviewMs: nowMs + 30 * DAY_MS },
    ...scope,
  };
}
