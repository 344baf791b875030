/** What a root lies on, told of real mounts. Numbers: faults and attacks. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { enrol, observe, testRoot } from '../../src/disk/root-probe.ts';
import { judgeStorage, type Storage } from '../../src/roots/storage.ts';
import { frigate, ingestLab } from '../support/ingest-lab.ts';
import { Mounts, whyNoMounts } from '../support/mounts.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';
import { fresh } from '../support/roots.ts';

let dir: Scratch;
let mounts: Mounts;
let at: string;
beforeEach(() => {
  dir = scratch();
  mounts = new Mounts();
  at = join(dir.path, 'nvr');
  mkdirSync(at);
});
afterEach(() => {
  mounts.close();
  dir.remove();
});

function needs(ctx: TestContext, ...kind: Parameters<typeof whyNoMounts>): void {
  const why = whyNoMounts(...kind);
  if (why !== undefined) ctx.skip(`no ${kind.join(' ')} mounts here: ${why}`);
}

/** As the status page has it, after the root was enrolled and tested. */
function storage(): Storage {
  if (!existsSync(join(at, '.fortnight')))
    enrol(at, {
      marker: { format: 1, rootUuid: newId(), installId: newId(), lastHoldSeq: 0 },
      over: fresh(at),
    });
  const seen = observe(at, true);
  if (seen.reach === 'none') throw new Error(seen.why);
  return judgeStorage(seen.storage, testRoot(at).clones);
}

describe('what a root lies on', () => {
  it('tmpfs is memory, and no disk', (ctx) => {
    needs(ctx, 'bind');
    mounts.tmpfs(at);
    expect(storage()).toMatchObject({
      fileSystem: 'tmpfs',
      erasure: 'memory',
      encrypted: null,
      snapshots: 0,
    });
    expect(storage().totalBytes).toBe(16 * 2 ** 20);
  });

  it('ext4 frees, on a disk that is not encrypted; a bind mount says what it is bound from', (ctx) => {
    needs(ctx, 'loop');
    mounts.loop(join(dir.path, 'a.img'), at);
    const freed = { fileSystem: 'ext4', erasure: 'freed', encrypted: false, snapshots: 0 };
    expect(storage()).toMatchObject(freed);
    const bound = join(dir.path, 'bound');
    mkdirSync(bound);
    mounts.bind(at, bound);
    at = bound;
    expect(storage()).toMatchObject(freed);
    expect(readdirSync(join(at, '.fortnight'))).toEqual(['marker.json']);
  });

  it('overlay hides names', (ctx) => {
    needs(ctx, 'overlay');
    const lower = join(dir.path, 'lower');
    const upper = join(dir.path, 'upper');
    for (const path of [lower, upper]) mkdirSync(path);
    if (statSync(lower).dev !== statSync('/').dev) mounts.tmpfs(upper);
    mounts.overlay(at, { lower, upper });
    expect(storage()).toMatchObject({ fileSystem: 'overlay', erasure: 'layered', encrypted: null });
  });

  it('F-S30 btrfs shares content, and its snapshots are seen', (ctx) => {
    needs(ctx, 'loop', 'btrfs');
    mounts.loop(join(dir.path, 'b.img'), at, 'btrfs');
    expect(storage()).toMatchObject({
      fileSystem: 'btrfs',
      erasure: 'shared',
      snapshots: 0,
      encrypted: false,
    });
    mkdirSync(join(at, '.snapshots', '7'), { recursive: true });
    expect(storage().snapshots).toBe(0);
    const { status, error } = spawnSync('btrfs', [
      'subvolume',
      'snapshot',
      at,
      join(at, '.snapshots/7/snapshot'),
    ]);
    if (error !== undefined || status !== 0) ctx.skip('no btrfs command here: no snapshot could be made');
    expect(storage().snapshots).toBe(1);
  });

  it('xfs shares content as it is made today', (ctx) => {
    needs(ctx, 'loop', 'xfs');
    mounts.loop(join(dir.path, 'x.img'), at, 'xfs');
    expect(storage()).toMatchObject({ fileSystem: 'xfs', erasure: 'shared' });
  });
});

describe('F-S29 a file system without proper names and times', () => {
  it('FAT is recognised, takes a marker, and is known by it after it was mounted anew', (ctx) => {
    needs(ctx, 'loop', 'vfat');
    const image = join(dir.path, 'v.img');
    mounts.loop(image, at, 'vfat');
    expect(storage()).toMatchObject({ fileSystem: 'vfat', erasure: 'freed' });
    const before = observe(at, true);
    mounts.umount(at);
    mounts.loop(image, at, 'vfat');
    const after = observe(at, true);
    const marker = before.reach === 'open' ? before.marker : undefined;
    expect(after).toMatchObject({ reach: 'open', marker });
  });

  it('inode numbers that change and times that are rounded leave every clip as it was', async () => {
    const lab = ingestLab();
    try {
      for (let i = 0; i < 20; i += 1) {
        const startMs = lab.clock.wallMs() - HOUR_MS - i * MINUTE_MS;
        lab.put(frigate('hall', startMs), undefined, startMs + 11_345);
      }
      await lab.full();
      const kept = (): unknown[] =>
        lab.rows().map(({ id, path, due_ms, state }) => ({ id, path, due_ms, state }));
      const before = kept();
      for (const { path } of lab.rows()) {
        const file = join(lab.root, path);
        const { ino, mtimeMs } = statSync(file);
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
        const rounded = Math.floor(mtimeMs / 2000) * 2;
        utimesSync(file, rounded, rounded);
        expect(statSync(file).ino).not.toBe(ino);
      }
      lab.told.length = 0;
      expect(await lab.full()).toMatchObject({ missing: 0 });
      expect(kept()).toEqual(before);
      expect(lab.told.flatMap((t) => [...t.added, ...t.contentChanged, ...t.gone])).toEqual([]);
      expect(await lab.full()).toMatchObject({ changes: 0 });
    } finally {
      await lab.close();
    }
  });
});
