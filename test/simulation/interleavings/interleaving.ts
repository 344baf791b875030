/**
 * One interleaving: people place holds, change and release them, sweeps run, clips come into the index and are taken
 * away by their recorder, and the daemon dies at one of its calls; all of it at once, in an order that follows from the
 * seed. In the end all is quiet, and what is left must be what is held.
 */
import { MINUTE_MS, SECOND_MS } from '../../../src/base/clock.ts';
import type { Scope } from '../../../src/holds/hold.ts';
import { act, DEED_NAMES, placeHold, termsOf, type DeedName, type Desk } from '../hold-desk.ts';
import { HoldTruth } from '../hold-truth.ts';
import { Machine, type End } from '../machine.ts';
import { AS_IT_IS, type Parts } from '../mutation.ts';
import { Random } from '../random.ts';
import { Scheduler, WORLD } from '../scheduler.ts';
import { COOLING_OFF_MS, START_MS } from '../site.ts';
import { Backups } from './backups.ts';
import { dueMs, lookAt, recordAll, type Recorded } from './footage.ts';
import { SlimDaemon, type SlimEvents } from './slim-daemon.ts';
import { SlimModel } from './slim-model.ts';
import { ALONE_MS, BUSY_MS, CAMERAS, drawClips, END_MS, ROOT } from './slim-site.ts';

export interface Interleaving {
  readonly seed: number;
  readonly failure: unknown;
  readonly steps: number;
  /** Tells two interleavings apart by what happened in which order. */
  readonly order: number;
  readonly story: () => readonly string[];
}

interface World {
  readonly box: Machine<SlimDaemon>;
  readonly model: SlimModel;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly desk: Desk;
  readonly clips: readonly Recorded[];
  readonly backups: Backups;
  /** The daemon or the box has ended: lets it come back. */
  readonly ended: (how: End) => void;
}

/** Never throws: what went wrong is in the answer. */
export async function interleave(seed: number, parts: Parts = AS_IT_IS): Promise<Interleaving> {
  const random = new Random(seed);
  const scheduler = new Scheduler(random.fork(), START_MS);
  const roots = [{ ...ROOT, fsType: EXT4 }];
  const cameraIds = CAMERAS.map((c) => c.id);
  const box = new Machine<SlimDaemon>({ parts, scheduler, random: random.fork(), cameraIds, roots });
  const world = worldOf(box, random);
  populate(world);
  await scheduler.run(END_MS);
  if (scheduler.failure === undefined) world.model.conclude();
  if (box.daemon !== undefined) box.end('kill');
  box.index.end();
  const { failure, steps } = scheduler;
  return { seed, failure, steps, order: scheduler.order, story: () => scheduler.story };
}

const EXT4 = 0xef53;

function worldOf(box: Machine<SlimDaemon>, random: Random): World {
  const { scheduler } = box;
  const model = new SlimModel(box);
  const alone = random.chance(0.25);
  const backups = new Backups(box);
  const start = (): void => {
    const daemon = new SlimDaemon({ box, alone, events: eventsOf(model, scheduler, backups) });
    box.daemon = daemon;
    scheduler.after(0, daemon, () => daemon.start());
  };
  const desk: Desk = {
    ...{ scheduler, random, cameraIds: CAMERAS.map((c) => c.id), patienceMs: 6 * SECOND_MS },
    aloneAfterMs: alone ? ALONE_MS : undefined,
    counter: () => (box.daemon?.serving === true ? box.daemon : undefined),
    acknowledged: (truth) => {
      model.acknowledged(truth);
    },
    broken: (invariant, message) => {
      model.broken(invariant, message);
    },
  };
  const ended = (how: End): void => {
    scheduler.tell(how);
    if (how !== 'kill') {
      model.afterCut();
      box.boot(0);
    }
    backups.mayRestore();
    scheduler.after(random.int(1, 5) * SECOND_MS, WORLD, start);
  };
  scheduler.afterStep = () => {
    box.index.afterStep();
    model.look();
  };
  const clips = recordAll(box, model, drawClips(random));
  scheduler.after(0, WORLD, start);
  return { box, model, scheduler, random, desk, clips, backups, ended };
}

function eventsOf(model: SlimModel, scheduler: Scheduler, backups: Backups): SlimEvents {
  return {
    serving: () => {
      model.recovered(backups.restored);
      backups.restored = false;
      scheduler.tell('serves');
    },
    intended: (daemon, intent) => {
      model.intended(daemon, intent);
    },
    outcomes: (outcomes) => {
      model.outcomes(outcomes);
    },
  };
}

function populate(world: World): void {
  const { scheduler, random, box } = world;
  for (const clip of world.clips) lookAt(world, clip);
  const acts = [...script(world, 'first'), ...(random.chance(0.15) ? script(world, 'second, joined') : [])];
  const moments = [...acts, ...acts.map((ms) => ms + COOLING_OFF_MS), ...world.clips.map(dueMs)];
  const near = (): number =>
    random.chance(0.7) ? random.pick(moments)! + random.int(0, 50) : START_MS + random.int(0, BUSY_MS);
  const jobs: readonly Job[] = ['sweep', 'sweep', random.pick(OFTEN)!, ...(random.chance(0.4) ? COPY : [])];
  for (const job of jobs) {
    scheduler.after(near() - START_MS, WORLD, () => run(box.daemon, job));
  }
  // A copy is being written while its clip is let go.
  if (random.chance(0.3)) {
    const endMs = random.pick(acts)! + COOLING_OFF_MS + random.int(0, 60);
    scheduler.after(endMs - random.int(0, 60) - START_MS, WORLD, () => run(box.daemon, 'copy'));
    scheduler.after(endMs + random.int(0, 20) - START_MS, WORLD, () => run(box.daemon, 'sweep'));
  }
  crash(world, near);
  scheduler.after(2 * BUSY_MS + MINUTE_MS, WORLD, () => run(box.daemon, 'tick'));
  scheduler.after(END_MS - QUIET_MS - START_MS, WORLD, async () => {
    for (const job of QUIET) await run(box.daemon, job);
  });
}

const OFTEN: readonly Job[] = ['sweep', 'tick'];
const COPY: readonly Job[] = ['copy'];
type Job = 'sweep' | 'tick' | 'copy' | 'pin';
/** What is owed then is done, in the order in which a daemon comes to it. */
const QUIET: readonly Job[] = ['tick', 'sweep', 'pin', 'copy'];
const QUIET_MS = 2 * MINUTE_MS;

async function run(daemon: SlimDaemon | undefined, job: Job): Promise<void> {
  if (daemon?.serving !== true) return;
  try {
    await (job === 'tick' ? daemon.holds.tick() : daemon[job]());
  } catch (error) {
    // What a dead daemon was about to do is not done.
    if (daemon.alive) throw error;
  }
}

/** A hold is placed, and people act upon it; mostly it is released. When what is done, for whoever wants to be in the way. */
function script(world: World, key: string): number[] {
  const { random, scheduler, desk, model } = world;
  const some = (): DeedName[] => (random.chance(0.25) ? [random.pick(DEED_NAMES)!] : []);
  const ask = random.chance(0.6) ? 'askRelease' : 'askNarrowing';
  const again: DeedName[] = random.chance(ask === 'askRelease' ? 0.8 : 0.5) ? [] : ['askRelease', 'approve'];
  const deeds = [...some(), ask, ...some(), 'approve', ...some(), ...again] as const;
  let atMs = beginOf(world);
  const moments = [atMs];
  scheduler.after(atMs - START_MS, WORLD, () => {
    const truth = new HoldTruth(key, termsOf(scopeFor(world), scheduler.nowMs), COOLING_OFF_MS);
    model.holds.push(truth);
    const placed = placeHold(desk, truth);
    for (const [i, name] of deeds.entries())
      scheduler.after(moments[i + 1]! - scheduler.nowMs, WORLD, () =>
        placed.then(() => act(desk, truth, name)),
      );
    return placed;
  });
  while (moments.length <= deeds.length) {
    atMs += random.chance(0.3) ? random.int(0, 30) : random.int(1, 30) * SECOND_MS;
    moments.push(atMs);
  }
  return moments;
}

/** Often when a clip is due. */
function beginOf({ random, clips }: World): number {
  const dueAtMs = dueMs(random.pick(clips)!) + random.int(0, 40);
  if (random.chance(0.4) && dueAtMs > START_MS + 5 * SECOND_MS) return dueAtMs;
  return START_MS + random.int(0, 90) * SECOND_MS;
}

/** Around a clip, mostly one that is about to go. */
function scopeFor({ random, clips, scheduler }: World): Scope {
  const { nowMs } = scheduler;
  const soon = clips.filter((c) => Math.abs(dueMs(c) - nowMs) < MINUTE_MS);
  const { startMs, camera } = random.pick(soon.length > 0 && random.chance(0.7) ? soon : clips)!;
  const fromMs = startMs - random.int(0, 2) * MINUTE_MS;
  const window = { fromMs, toMs: startMs + random.int(1, 3) * MINUTE_MS };
  const both = CAMERAS.map((c) => c.id);
  return {
    cameraIds: random.chance(0.4) ? both : [camera.id],
    window,
    endMs: random.chance(0.15) ? nowMs + random.int(20, 200) * SECOND_MS : null,
  };
}

/** Once at least: at a moment, or in the middle of a call that changes a disk. */
function crash(world: World, near: () => number): void {
  const { random, scheduler, box, ended, backups } = world;
  const end = (how: End): void => {
    if (box.daemon === undefined) return;
    box.end(how);
    ended(how);
  };
  for (let n = random.chance(0.1) ? 2 : 1; n > 0; n -= 1) {
    const atMs = near();
    const how = random.chance(0.5) ? 'kill' : 'power_cut';
    const [inCall, calls] = [random.chance(0.6), random.int(1, 25)];
    if (random.chance(0.15)) backups.take(START_MS + random.int(0, atMs - START_MS));
    scheduler.after(atMs - START_MS, WORLD, () => {
      if (!inCall) end(how);
      else if (box.daemon !== undefined) box.setTrap(calls, how, ended);
    });
  }
  scheduler.after(2 * BUSY_MS, WORLD, () => {
    box.disarm();
    if (backups.crashes === 0) end('kill');
  });
}
