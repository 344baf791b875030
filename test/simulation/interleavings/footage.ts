/** The clips of an interleaving: recorded before it begins, indexed while it lasts, and some taken away by their recorder. */
import type { Put } from '../../../src/clips/change.ts';
import { SECOND_MS } from '../../../src/base/clock.ts';
import { isIndexed, rowIdOf } from '../chain.ts';
import type { ClipFact } from '../facts.ts';
import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import { WORLD, type Scheduler } from '../scheduler.ts';
import type { Inode, SimDisk } from '../sim-disk.ts';
import { INSTALL_ID, RETENTION_MS, START_MS } from '../site.ts';
import type { SlimDaemon } from './slim-daemon.ts';
import type { SlimModel } from './slim-model.ts';
import { CLIP_MS, ROOT, ROOT_UUID, type SlimClip } from './slim-site.ts';

export interface Recorded extends SlimClip {
  readonly fact: ClipFact;
}

interface World {
  readonly box: Machine<SlimDaemon>;
  readonly scheduler: Scheduler;
  readonly random: Random;
}

export function dueMs({ startMs }: SlimClip): number {
  return startMs + CLIP_MS + RETENTION_MS;
}

/** The root as a daemon enrolled it, with its clips. */
export function recordAll(
  box: Machine<SlimDaemon>,
  model: SlimModel,
  clips: readonly SlimClip[],
): Recorded[] {
  const disk = box.disks.get(ROOT.id)!;
  const marker = { format: 1, rootUuid: ROOT_UUID, installId: INSTALL_ID, lastHoldSeq: 0 };
  lay(disk, '.fortnight/marker.json', { content: JSON.stringify(marker), atMs: START_MS });
  const recorded = clips.map((clip, i) => {
    const endMs = clip.startMs + CLIP_MS;
    const inode = lay(disk, clip.path, { content: `clip ${String(i)}`, atMs: endMs });
    const fact: ClipFact = {
      ...{ rootId: ROOT.id, cameraId: clip.camera.id, path: clip.path, inode },
      intervals: [{ fromMs: clip.startMs, toMs: endMs }],
      ...{ begunMs: clip.startMs, endedMs: endMs, seemsOlderMs: 0, wrongMs: 0, troubled: false },
      ...{ seenMs: undefined, cut: false, refused: false, disturbed: false },
      ...{ goneMs: undefined, goneBy: undefined },
    };
    model.addClip(fact);
    return { ...clip, fact };
  });
  disk.settle();
  return recorded;
}

function lay(disk: SimDisk, path: string, file: { readonly content: string; readonly atMs: number }): Inode {
  const atNs = BigInt(file.atMs) * 1_000_000n;
  const parts = path.split('/');
  const name = parts.pop()!;
  let dir = disk.root;
  for (const part of parts) {
    const below = dir.entries.get(part) ?? disk.make('directory');
    if (!dir.entries.has(part)) disk.change(dir, [[part, below]], atNs);
    dir = below;
  }
  const inode = disk.make('file');
  disk.change(dir, [[name, inode]], atNs);
  disk.write(inode, Buffer.from(file.content), atNs);
  return inode;
}

/** Its look comes at its time, and again until the index has it; what its recorder takes away is missed later. */
export function lookAt(world: World, clip: Recorded): void {
  const { scheduler, random, box } = world;
  const { fact } = clip;
  scheduler.after(clip.seenMs - START_MS, WORLD, () => {
    look(world, clip);
  });
  if (clip.tidiedMs === undefined) return;
  scheduler.after(clip.tidiedMs - START_MS, WORLD, () => {
    const disk = box.disks.get(ROOT.id)!;
    const dir = disk.path(dirOf(clip.path));
    if (dir === undefined || disk.path(clip.path) !== fact.inode) return;
    disk.change(dir, [[nameOf(clip.path), undefined]], fact.inode.mtimeNs);
    disk.sync(dir);
    fact.goneMs = scheduler.nowMs;
    fact.goneBy = 'other';
    scheduler.tell(`the recorder takes ${clip.path} away`);
    scheduler.after(random.int(0, 20) * SECOND_MS, WORLD, () => {
      miss(world, clip);
    });
  });
}

function look(world: World, clip: Recorded): void {
  const { scheduler, random, box } = world;
  const { daemon } = box;
  const there = box.disks.get(ROOT.id)!.path(clip.path) === clip.fact.inode;
  if (!there || isIndexed(box.index.forModel, clip.fact)) return;
  scheduler.after(3 * SECOND_MS, WORLD, () => {
    look(world, clip);
  });
  if (daemon?.serving !== true) return;
  const put = putOf(clip);
  scheduler.after(random.int(0, 300), daemon, () => {
    daemon.found(put);
    scheduler.tell(`indexed ${clip.path}`);
  });
}

function miss(world: World, clip: Recorded): void {
  const { scheduler, box } = world;
  const { daemon } = box;
  if (daemon?.serving === true) {
    const clipId = rowIdOf(box.index.forModel, clip.fact);
    if (clipId !== undefined) daemon.missed(clipId);
    return;
  }
  scheduler.after(3 * SECOND_MS, WORLD, () => {
    miss(world, clip);
  });
}

function putOf({ fact, startMs, path, camera }: Recorded): Put {
  const { ino, sizeBytes, mtimeNs } = fact.inode;
  return {
    ...{ is: 'put', how: 'new', clipId: null },
    file: {
      ...{
        ino,
        sizeBytes,
        mtimeNs,
        dir: dirOf(path),
        name: nameOf(path),
        cameraId: camera.id,
        kind: 'video',
      },
      ...{ startsMs: [startMs], endsMs: [], statedLengthMs: CLIP_MS, shifted: false, within: null },
    },
    content: {
      fingerprint: fact.inode.bytes.toString('latin1').padEnd(16, '.'),
      media: null,
      arbiter: false,
      complete: true,
    },
  };
}

function dirOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
