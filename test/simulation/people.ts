/** Managers, who place and release holds, and guards, who watch. Both mind their own time, not the daemon's. */
import { MINUTE_MS, SECOND_MS, DAY_MS } from '../../src/base/clock.ts';
import type { Session } from '../../src/access/session.ts';
import type { HoldTerms } from '../../src/holds/hold.ts';
import { releaseByTwo } from '../support/two-people.ts';
import type { World } from './actor.ts';
import type { ClipFact, HoldFact } from './facts.ts';
import type { Random } from './random.ts';
import { WORLD } from './scheduler.ts';
import { RETENTION_MS } from './site.ts';

const MANAGER = 'm.bakker';
const PEOPLE = { asks: MANAGER, grants: 'a.jansen' };

/** A person who needs a clip that is about to go comes at the worst moment; for so many minutes one is waited for. */
const AMBUSH_MINUTES = 8;

/** Places a few holds in a life, often at the very moment of a sweep, and releases most of them. */
export function manager(world: World, random: Random): void {
  const { scheduler, quietMs } = world;
  const holds = random.int(0, 4);
  for (let n = 0; n < holds; n += 1) {
    const key = `key-${String(n)}`;
    const atMs = scheduler.nowMs + random.int(2 * MINUTE_MS, quietMs - scheduler.nowMs);
    if (random.chance(0.6)) ambush(world, random, { key, atMs: atSweep(atMs, random), left: AMBUSH_MINUTES });
    else scheduler.after(atMs - scheduler.nowMs, WORLD, () => placeOne(world, random, key));
  }
}

/** The sweep begins at the fifth second of a minute. */
function atSweep(ms: number, random: Random): number {
  const early = random.chance(0.3) ? random.int(-15_000, 0) : random.int(0, 60);
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS + 5 * SECOND_MS + early;
}

function ambush(
  world: World,
  random: Random,
  at: { readonly key: string; readonly atMs: number; readonly left: number },
): void {
  const { scheduler } = world;
  scheduler.after(at.atMs - scheduler.nowMs, WORLD, () => {
    if (at.left === 0 || leaving(world).length > 0) return placeOne(world, random, at.key);
    ambush(world, random, { ...at, atMs: at.atMs + MINUTE_MS, left: at.left - 1 });
    return undefined;
  });
}

/** Clips that the sweep of this minute takes, or the next. */
function leaving({ model, scheduler }: World): ClipFact[] {
  return [...model.clips.values()].filter((c) => {
    if (c.goneMs !== undefined || c.endedMs === undefined) return false;
    const leftMs = c.endedMs + RETENTION_MS - scheduler.nowMs;
    return leftMs > -MINUTE_MS && leftMs < 5 * SECOND_MS;
  });
}

async function placeOne(world: World, random: Random, key: string): Promise<void> {
  const { model, scheduler, box } = world;
  const fact: HoldFact = {
    key,
    terms: termsFor(world, random),
    holdId: undefined,
    askedMs: scheduler.nowMs,
    ackedMs: undefined,
    releaseAskedR: undefined,
    releaseAckedR: undefined,
    endedMs: undefined,
  };
  model.holds.push(fact);
  scheduler.tell(`hold ${key} asked for, over ${fact.terms.cameraIds.join(' and ')}`);
  const placing = insist(world, () =>
    box.daemon?.holds.place(fact.terms, { by: MANAGER, key }).then(({ hold }) => {
      fact.holdId = hold.holdId;
      fact.ackedMs = scheduler.nowMs;
      scheduler.tell(`hold ${key} acknowledged`);
      model.acknowledged(fact);
    }),
  );
  await placing;
  if (random.chance(0.8)) {
    scheduler.after(random.int(1, 12) * MINUTE_MS, WORLD, () => releaseOne(world, fact));
  }
}

async function releaseOne(world: World, fact: HoldFact): Promise<void> {
  const { box } = world;
  await insist(world, async () => {
    const { daemon } = box;
    if (daemon?.serving !== true || fact.holdId === undefined) return;
    // A power cut takes up to a minute from the clock: a later attempt may be the one that counts, with an earlier time.
    fact.releaseAskedR = Math.min(fact.releaseAskedR ?? Infinity, daemon.retention.nowMs());
    const known = daemon.state.holdSet.get(fact.holdId);
    // An earlier attempt got through, and its answer was lost.
    const released =
      known?.releasedMs === null ? await releaseByTwo(daemon.holds, fact.holdId, PEOPLE) : known;
    fact.releaseAckedR = released?.releasedMs ?? undefined;
    world.scheduler.tell(`hold ${fact.key} released`);
  });
}

/** A person who gets no answer asks again, of whatever daemon there is by then. */
function insist(world: World, work: () => Promise<unknown> | undefined): Promise<void> {
  const { scheduler, box } = world;
  return new Promise((resolve) => {
    const attempt = (): void => {
      const { daemon } = box;
      let answered = false;
      const again = (): void => {
        if (answered) return;
        answered = true;
        scheduler.after(10 * SECOND_MS, WORLD, attempt);
      };
      if (daemon?.serving !== true) {
        again();
        return;
      }
      work()?.then(() => {
        if (!daemon.alive) return;
        answered = true;
        resolve();
      }, again);
      // Nobody waits for a daemon that has died.
      const patience = (): void => {
        if (daemon.alive && !answered) scheduler.after(30 * SECOND_MS, WORLD, patience);
        else again();
      };
      scheduler.after(30 * SECOND_MS, WORLD, patience);
    };
    attempt();
  });
}

/** Around a clip that is about to go, around another, or a range that may reach into the future. */
function termsFor(world: World, random: Random): HoldTerms {
  const { model, box, scheduler } = world;
  const there = [...model.clips.values()].filter((c) => c.goneMs === undefined && c.endedMs !== undefined);
  const soon = leaving(world);
  const clip = random.pick(soon.length > 0 && random.chance(0.8) ? soon : there);
  const nowMs = scheduler.nowMs;
  const at = clip?.intervals.at(-1) ?? { fromMs: nowMs - 10 * MINUTE_MS, toMs: nowMs };
  const both = box.site.cameras.map((c) => c.id);
  const fromMs = at.fromMs - random.int(0, 3) * MINUTE_MS;
  return {
    caseRef: 'Z-2026-001',
    title: 'A fall in the hall',
    kind: 'legal_claim',
    ground: 'gdpr_17_3_e',
    reason: 'The insurer asks to keep the footage.',
    viewers: [],
    endMs: null,
    cameraIds: clip === undefined || random.chance(0.3) ? both : [clip.cameraId],
    window: { fromMs, toMs: Math.max(fromMs + SECOND_MS, at.toMs + random.int(0, 6) * MINUTE_MS) },
    reviewMs: (box.daemon?.retention.nowMs() ?? nowMs) + 30 * DAY_MS,
  };
}

/** Watches clips that are there, for a while; leaves when told to, after a moment. */
export function guard(world: World, random: Random): void {
  const { scheduler, box, model } = world;
  const look = (): void => {
    scheduler.after(random.int(1, 10) * MINUTE_MS, WORLD, look);
    const { daemon } = box;
    if (daemon?.serving !== true) return;
    const clipId = random.pick(model.liveIds());
    if (clipId === undefined || model.watching.has(clipId)) return;
    const place = daemon.streams.enter(clipId, SESSION);
    model.watching.set(clipId, daemon);
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      model.watching.delete(clipId);
      place.leave();
    };
    place.signal.addEventListener('abort', () => {
      scheduler.after(random.int(0, 2000), daemon, leave);
    });
    scheduler.after(random.int(1, 20) * MINUTE_MS, daemon, leave);
  };
  scheduler.after(random.int(1, 10) * MINUTE_MS, WORLD, look);
}

/** Who watches does not matter here, only that somebody does. */
const SESSION = { id: 'guard', account: { id: 1 } } as Session;
