/** Recorders: they write clips one after another, like Frigate, and stop for nobody but a disk that is not there. */
import { MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import type { World } from './actor.ts';
import type { Box } from './box.ts';
import { BELIEVED_MS, type ClipFact } from './facts.ts';
import type { Random } from './random.ts';
import { WORLD } from './scheduler.ts';
import type { Inode, SimDisk } from './sim-disk.ts';
import { clipPath, wholeSecond, type SimCamera } from './site.ts';
import type { Movie } from './threads.ts';

/** Records for the whole of a life. */
export function recorder(world: World, random: Random, camera: SimCamera): void {
  const { scheduler, box } = world;
  const next = (): void => {
    const lengthMs = random.int(15, 120) * SECOND_MS;
    const clip = box.powered ? begin(world, random, { camera, lengthMs }) : undefined;
    if (clip !== undefined) scheduler.after(lengthMs, WORLD, clip);
    scheduler.after(lengthMs + pauseMs(random), WORLD, next);
  };
  // Not before the roots have been looked at: footage that was there then waits for a person.
  scheduler.after(random.int(1, 3) * MINUTE_MS, WORLD, next);
}

/** Clips follow one another, or somebody walks by now and then. */
function pauseMs(random: Random): number {
  return random.chance(0.2) ? random.int(0, 2000) : random.int(2, 9) * MINUTE_MS;
}

/** Begins a clip; gives what ends it. Undefined when it cannot be written. */
function begin(
  world: World,
  random: Random,
  what: { readonly camera: SimCamera; readonly lengthMs: number },
): (() => void) | undefined {
  const { box, scheduler } = world;
  const { camera, lengthMs } = what;
  const begunMs = scheduler.nowMs;
  const wrongMs = box.clock.wrongMs;
  const startMs = wholeSecond(box.clock.wallMs());
  const path = clipPath(camera, startMs);
  const salt = random.int(0, 1_000_000);
  const cut = random.chance(0.05);
  const inode = putFile(box, camera.rootId, path, { lengthMs, whole: false, salt });
  if (inode === undefined) return undefined;
  const fact: ClipFact = {
    rootId: camera.rootId,
    cameraId: camera.id,
    path,
    inode,
    intervals: [{ fromMs: startMs, toMs: startMs + lengthMs }],
    begunMs,
    endedMs: undefined,
    seemsOlderMs: believedOlder(wrongMs),
    wrongMs,
    troubled: world.lateness.clockInDoubt,
    seenMs: undefined,
    cut,
    refused: false,
    disturbed: false,
    goneMs: undefined,
    goneBy: undefined,
  };
  world.model.addClip(fact);
  return () => {
    const disk = box.powered ? diskOf(box, camera.rootId) : undefined;
    fact.wrongMs = Math.min(wrongMs, box.clock.wrongMs);
    fact.seemsOlderMs = believedOlder(fact.wrongMs);
    // A recorder that lost its disk or its power leaves what it had written.
    fact.endedMs = begunMs;
    fact.cut = true;
    if (disk?.path(path) !== inode) return;
    fact.endedMs = scheduler.nowMs;
    fact.cut = cut;
    scheduler.tell(`recorded ${camera.rootId}/${path}`);
    const wallMs = box.clock.wallMs();
    disk.write(inode, movie({ lengthMs, whole: !cut, salt, ended: true }), nanoseconds(wallMs));
    fact.intervals = [...fact.intervals, { fromMs: wallMs - lengthMs, toMs: wallMs }];
    hint(box, camera.rootId, path);
  };
}

/** By how much a clip seems older than it is when its clock was this wrong, as far as that is believed. */
function believedOlder(wrongMs: number): number {
  return Math.min(Math.max(-wrongMs, 0), BELIEVED_MS);
}

/** The disk of a root as a recorder finds it on its path; undefined when it cannot be written to. */
export function diskOf(box: Box, rootId: string): SimDisk | undefined {
  const root = box.site.roots.find((r) => r.id === rootId);
  const disk = box.disks.get(rootId);
  if (root === undefined || disk === undefined || box.kernel.mounted(root.path)?.disk !== disk)
    return undefined;
  const { broken, hollow, readOnly } = disk.trouble;
  return broken !== undefined || hollow || readOnly ? undefined : disk;
}

/** Writes a clip's file, with the directories above it. */
export function putFile(box: Box, rootId: string, path: string, content: Movie): Inode | undefined {
  const disk = diskOf(box, rootId);
  if (disk === undefined || disk.path(path) !== undefined) return undefined;
  const mtimeNs = nanoseconds(box.clock.wallMs());
  const parts = path.split('/');
  const name = parts.pop()!;
  let dir = disk.root;
  for (const part of parts) {
    const below: Inode = dir.entries.get(part) ?? disk.make('directory');
    if (!dir.entries.has(part)) disk.change(dir, [[part, below]], mtimeNs);
    dir = below;
  }
  const inode = disk.make('file');
  disk.change(dir, [[name, inode]], mtimeNs);
  disk.write(inode, movie(content), mtimeNs);
  hint(box, rootId, path);
  return inode;
}

function hint(box: Box, rootId: string, path: string): void {
  const root = box.site.roots.find((r) => r.id === rootId);
  if (root !== undefined) box.hint(root.path, path);
}

function movie(content: Movie): Buffer {
  return Buffer.from(JSON.stringify(content));
}

export function nanoseconds(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
