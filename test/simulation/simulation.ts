/** One life of an installation, from a seed: everything that happens in it follows from that number. */
import { MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import type { World } from './actor.ts';
import { Box } from './box.ts';
import { diskTroubles, prepareRoot } from './disk-troubles.ts';
import { Lateness } from './lateness.ts';
import { Model } from './model.ts';
import { AS_IT_IS, type Parts } from './mutation.ts';
import { guard, manager } from './people.ts';
import { batteryMs, clockTroubles, powerTroubles, setRight } from './power-troubles.ts';
import { Random } from './random.ts';
import { recorder } from './recorders.ts';
import { Scheduler, WORLD } from './scheduler.ts';
import { drawSite, LIFE_MS, QUIET_MS, START_MS } from './site.ts';

/** How a life went. `failure` is a Violation, or whatever else ended it. */
export interface Life {
  readonly seed: number;
  readonly failure: unknown;
  readonly story: readonly string[];
  readonly steps: number;
  readonly clips: number;
  readonly unlinks: number;
  readonly holds: number;
}

const LOOK_MS = 30 * SECOND_MS;
const DEEP_LOOKS = 20;

/** Lives one life. Never throws: what went wrong is in the answer. */
export async function simulate(seed: number, parts: Parts = AS_IT_IS): Promise<Life> {
  const random = new Random(seed);
  const scheduler = new Scheduler(random.fork(), START_MS);
  const box = new Box({ site: drawSite(random.fork()), parts, scheduler, random: random.fork() });
  const world = worldOf(box, scheduler, random.fork());
  const { model } = world;
  scheduler.afterStep = () => {
    box.index.afterStep();
  };
  populate(world, random);
  await scheduler.run(START_MS + LIFE_MS);
  try {
    if (scheduler.failure === undefined) model.look();
  } catch (error) {
    scheduler.failure ??= error;
  }
  if (box.daemon !== undefined) box.end('kill');
  box.index.end();
  return {
    seed,
    story: scheduler.story,
    failure: scheduler.failure,
    steps: scheduler.steps,
    clips: model.clips.size,
    unlinks: model.unlinks,
    holds: model.holds.length,
  };
}

function worldOf(box: Box, scheduler: Scheduler, random: Random): World {
  const model = new Model(box);
  const lateness = new Lateness(box, model);
  const start = (): void => {
    box.startDaemon({
      outcomes: (daemon, outcomes) => {
        model.outcomes(daemon, outcomes);
      },
    });
  };
  const world: World = {
    box,
    model,
    lateness,
    scheduler,
    quietMs: START_MS + LIFE_MS - QUIET_MS,
    end: (how, offMs) => {
      if (box.daemon === undefined && !box.powered) return;
      box.end(how);
      world.ended(how, offMs);
    },
    ended: (how, offMs) => {
      lateness.upset();
      model.watching.clear();
      scheduler.tell(`the daemon ended by ${how}`);
      if (how === 'kill') {
        scheduler.after(random.int(1, 20) * SECOND_MS, WORLD, start);
        return;
      }
      model.afterCut();
      scheduler.after(offMs, WORLD, () => {
        box.boot(batteryMs(world, random));
        scheduler.tell(`the box starts, its clock ${String(box.clock.wrongMs / MINUTE_MS)} min wrong`);
        lateness.booted();
        setRight(world, random);
        scheduler.after(20 * SECOND_MS, WORLD, start);
      });
    },
  };
  scheduler.after(0, WORLD, start);
  return world;
}

function populate(world: World, random: Random): void {
  const { box, scheduler, model, lateness } = world;
  for (const root of box.site.roots) {
    prepareRoot(world, random.fork(), root);
    diskTroubles(world, random.fork(), root);
  }
  for (const camera of box.site.cameras) recorder(world, random.fork(), camera);
  manager(world, random.fork());
  guard(world, random.fork());
  powerTroubles(world, random.fork());
  clockTroubles(world, random.fork());
  let looks = 0;
  const look = (): void => {
    model.follow();
    lateness.look();
    if (looks % DEEP_LOOKS === 0) model.look();
    looks += 1;
    scheduler.after(LOOK_MS, WORLD, look);
  };
  scheduler.after(MINUTE_MS, WORLD, look);
}
