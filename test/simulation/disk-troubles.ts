/** What happens to disks: they vanish, come back, are swapped, stop writing, fail, empty themselves without a word. */
import { MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import type { World } from './actor.ts';
import type { Random } from './random.ts';
import { diskOf, nanoseconds, putFile } from './recorders.ts';
import { WORLD } from './scheduler.ts';
import { SimDisk, type Trouble } from './sim-disk.ts';
import { clipPath, type SimRoot } from './site.ts';

const EXT4 = 0xef53;
const FOREIGN_DEVICE = 50;

type Episode = (world: World, root: SimRoot, random: Random) => () => void;

/** A few episodes in the life of a root, one after another, each with its end. */
export function diskTroubles(world: World, random: Random, root: SimRoot): void {
  const { scheduler, quietMs, lateness } = world;
  const next = (): void => {
    const lastsMs = random.int(1, 8) * MINUTE_MS;
    if (scheduler.nowMs + lastsMs >= quietMs) return;
    const [name, episode] = random.pick(EPISODES)!;
    scheduler.tell(`root ${root.id}: ${name}, for ${String(lastsMs / MINUTE_MS)} min`);
    const end = episode(world, root, random);
    lateness.upset(root.id);
    scheduler.after(lastsMs, WORLD, () => {
      end();
      scheduler.tell(`root ${root.id}: no more ${name}`);
      lateness.upset(root.id);
      scheduler.after(random.int(3, 20) * MINUTE_MS, WORLD, next);
    });
  };
  if (random.chance(0.5)) scheduler.after(random.int(3, 30) * MINUTE_MS, WORLD, next);
}

const vanished: Episode = (world, root) => {
  const disk = world.box.disks.get(root.id)!;
  world.box.kernel.unmount(root.path);
  return () => {
    // What an fsync had failed over is lost when the disk is mounted again.
    disk.settle();
    world.model.afterCut();
    world.box.kernel.mount(root.path, disk);
  };
};

/** Another disk on the path: empty, or with footage of somebody else. */
const swapped: Episode = (world, root, random) => {
  const { box } = world;
  const back = vanished(world, root, random);
  const other = new SimDisk(FOREIGN_DEVICE, EXT4, () => world.scheduler.nowMs);
  box.kernel.mount(root.path, other);
  if (random.chance(0.5)) strangerFile(world, other, random);
  return () => {
    box.kernel.unmount(root.path);
    back();
  };
};

function strangerFile({ box, model }: World, disk: SimDisk, random: Random): void {
  const camera = box.site.cameras[0]!;
  const path = clipPath(camera, box.clock.wallMs() - random.int(60, 600) * MINUTE_MS);
  model.strangers.add(plant(disk, path, box.clock.wallMs() - 60 * MINUTE_MS));
}

/** A file with directories, as somebody else put it there. */
export function plant(disk: SimDisk, path: string, wallMs: number): SimDisk['root'] {
  const mtimeNs = nanoseconds(wallMs);
  const parts = path.split('/');
  const name = parts.pop()!;
  let dir = disk.root;
  for (const part of parts) {
    const below = dir.entries.get(part) ?? disk.make('directory');
    disk.change(dir, [[part, below]], mtimeNs);
    dir = below;
  }
  const inode = disk.make('file');
  disk.change(dir, [[name, inode]], mtimeNs);
  disk.write(inode, Buffer.from('{"lengthMs":10000,"whole":true,"salt":0}'), mtimeNs);
  return inode;
}

function trouble<K extends keyof Trouble>(key: K, sick: Trouble[K], well: Trouble[K]): Episode {
  return ({ box }, root) => {
    const disk = box.disks.get(root.id)!;
    disk.trouble[key] = sick;
    return () => {
      disk.trouble[key] = well;
    };
  };
}

/** Its names are gone, from one listing of a directory to the next. */
const hollow: Episode = ({ box }, root, random) => {
  const { trouble: state } = box.disks.get(root.id)!;
  state.hollowAfter = random.int(1, 12);
  return () => {
    state.hollowAfter = undefined;
    state.hollow = false;
  };
};

/** One fsync fails; the root is failing until it is mounted again. */
const syncFails: Episode = (world, root, random) => {
  const disk = world.box.disks.get(root.id)!;
  disk.trouble.failSync = true;
  return () => {
    disk.trouble.failSync = false;
    if (!disk.trouble.failed) return;
    disk.trouble.failed = false;
    const back = vanished(world, root, random);
    world.scheduler.after(30 * SECOND_MS, WORLD, back);
  };
};

/** Unlinks are refused: the clips are tried again, later and later. */
const refused: Episode = ({ box, model }, root, random) => {
  const disk = box.disks.get(root.id)!;
  disk.trouble.refuse = random.pick(['EPERM', 'EACCES', 'EBUSY', 'EIO']);
  return () => {
    disk.trouble.refuse = undefined;
    for (const fact of model.clips.values()) if (fact.rootId === root.id) fact.refused = true;
  };
};

/** The recorder tidies up by itself, or something touches a file. */
const meddling: Episode = (world, root, random) => {
  const disk = diskOf(world.box, root.id);
  const fact = random.pick([...world.model.clips.values()].filter((c) => c.rootId === root.id && c.seenMs));
  if (disk === undefined || fact === undefined || disk.path(fact.path) !== fact.inode) return () => undefined;
  const cut = fact.path.lastIndexOf('/');
  const dir = disk.path(fact.path.slice(0, cut));
  const wallNs = nanoseconds(world.box.clock.wallMs());
  if (dir === undefined) return () => undefined;
  if (random.chance(0.5)) {
    fact.inode.mtimeNs = wallNs;
    return () => undefined;
  }
  disk.change(dir, [[fact.path.slice(cut + 1), undefined]], wallNs);
  fact.goneMs = world.scheduler.nowMs;
  fact.goneBy = 'other';
  return () => undefined;
};

const EPISODES: readonly (readonly [name: string, episode: Episode])[] = [
  ['vanished', vanished],
  ['vanished', vanished],
  ['another disk on its path', swapped],
  ['hollow', hollow],
  ['hollow', hollow],
  ['input/output errors', trouble('broken', 'EIO', undefined)],
  ['stale', trouble('broken', 'ESTALE', undefined)],
  ['read-only', trouble('readOnly', true, false)],
  ['an fsync that fails', syncFails],
  ['unlinks refused', refused],
  ['meddling', meddling],
];

/** Footage from before the first start, and other directories mounted into the root. */
export function prepareRoot(world: World, random: Random, root: SimRoot): void {
  const { box, model } = world;
  const disk = box.disks.get(root.id)!;
  const camera = box.site.cameras.find((c) => c.rootId === root.id);
  if (camera === undefined) return;
  const bound = random.chance(0.2);
  if (!bound && !root.adopted) return;
  if (bound) bindOld(world, random, { root, disk });
  model.adopting.add(root.id);
  const startMs = box.clock.wallMs() - random.int(5, 60) * MINUTE_MS;
  putFile(box, root.id, clipPath(camera, startMs), { lengthMs: 10_000, whole: true, salt: 1 });
  disk.settle();
  confirmLater(world, random, root);
}

/** A directory of the same disk that is none of ours is mounted on one within the root, with old clips in it. */
function bindOld(
  { box, model }: World,
  random: Random,
  at: { readonly root: SimRoot; readonly disk: SimDisk },
): void {
  const { disk, root } = at;
  const camera = box.site.cameras.find((c) => c.rootId === root.id)!;
  const oldMs = box.clock.wallMs() - random.int(24, 48) * 60 * MINUTE_MS;
  const path = clipPath(camera, oldMs);
  const [day = ''] = path.split('/');
  model.strangers.add(plant(disk, `.archive/${path}`, oldMs));
  const on = disk.make('directory');
  disk.change(disk.root, [[day, on]], nanoseconds(oldMs));
  box.kernel.bind(on, disk, disk.path(`.archive/${day}`)!);
  disk.settle();
}

function confirmLater({ box, model, lateness, scheduler }: World, random: Random, root: SimRoot): void {
  scheduler.after(random.int(5, 20) * MINUTE_MS, WORLD, () => {
    const { daemon } = box;
    const view = daemon?.roots.list().find((r) => r.id === root.id);
    if (daemon === undefined || view?.adoptionSinceMs === null || view === undefined) {
      confirmLater({ box, model, lateness, scheduler } as World, random, root);
      return;
    }
    daemon.roots.confirmAdoption(root.id, { actor: 'm.bakker', trustNames: false });
    model.adopting.delete(root.id);
    lateness.upset(root.id);
  });
}
