/** Copies on file systems whose files can share their blocks. They need root and loop mounts. */
import fs, {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statfsSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { shareContent, systemFiles } from '../../src/base/file-calls.ts';
import type { CopyDisk, CopyResult, CopyTask } from '../../src/holds/keep/copies.ts';
import { COPY_DIR, copyName } from '../../src/holds/keep/copies.ts';
import { copyDiskOn } from '../support/copy-disk.ts';
import { makeFootage, type Footage } from '../support/footage.ts';
import { Mounts, whyNoMounts } from '../support/mounts.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const MIB = 2 ** 20;
const SIZE = 24 * MIB;
const CLIP = 'cam/1.mp4';
/** Seconds; a whole number can be set again. */
const MTIME = 1_790_000_000;
const NOBODY = 65_534;

let dir: Scratch;
let mounts: Mounts;
let f: Footage | undefined;
let disk: CopyDisk;

beforeEach(() => {
  dir = scratch();
  mounts = new Mounts();
});
afterEach(() => {
  f?.close();
  f = undefined;
  mounts.close();
  dir.remove();
});

function footageOn(ctx: TestContext, fsType: string): Footage {
  const why = whyNoMounts('loop', fsType);
  if (why !== undefined) ctx.skip(`no ${fsType} mounts here: ${why}`);
  const at = join(dir.path, 'disk');
  mkdirSync(at);
  mounts.loop(join(dir.path, 'disk.img'), at, fsType);
  return footage(join(at, 'nvr'));
}

function footage(dir?: string): Footage {
  f = makeFootage(dir === undefined ? {} : { dir });
  disk = copyDiskOn(f, () => systemFiles);
  return f;
}

/** A clip whose blocks are on the disk, that everybody may read. */
function clip(at: Footage): CopyTask {
  const path = at.path(CLIP);
  mkdirSync(dirname(path));
  writeFileSync(path, randomBytes(SIZE), { mode: 0o644 });
  utimesSync(path, MTIME, MTIME);
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
  const { ino, mtimeNs } = statSync(path, { bigint: true });
  return { clipId: 1, dir: 'cam', name: '1.mp4', ino, sizeBytes: SIZE, mtimeNs };
}

async function copied(at: Footage): Promise<{ took: number; result: CopyResult | undefined; path: string }> {
  const task = clip(at);
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(at.root);
    return bavail * bsize;
  };
  const before = freeBytes();
  const [result] = await disk.copy({ placeId: 'nvr', sourceId: 'nvr' }, [task], 0);
  const took = before - freeBytes();
  return { took, result, path: at.path(`${COPY_DIR}/${copyName(task.clipId, task.ino)}`) };
}

describe.each(['xfs', 'btrfs'])('a copy on %s', (fsType) => {
  it('shares the blocks of its clip, and is hashed as what it is', async (ctx) => {
    const at = footageOn(ctx, fsType);
    const { took, result, path } = await copied(at);
    const content = readFileSync(at.path(CLIP));
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(result).toMatchObject({ found: 'made', sha256 });
    expect(took).toBeLessThan(SIZE / 2);
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('outlives truncation and overwriting of its clip', async (ctx) => {
    const at = footageOn(ctx, fsType);
    const { path } = await copied(at);
    const before = readFileSync(path);
    writeFileSync(at.path(CLIP), randomBytes(SIZE), { flag: 'r+' });
    truncateSync(at.path(CLIP), 10);
    expect(before).toHaveLength(SIZE);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('a clip that is written over with its old mtime, just after its blocks were shared', () => {
  it('has a copy with the hash of what the copy is', async (ctx) => {
    const at = footageOn(ctx, 'xfs');
    const share = fs.copyFileSync;
    fs.copyFileSync = (from, to, mode) => {
      share(from, to, mode);
      writeFileSync(at.path(CLIP), randomBytes(SIZE), { flag: 'r+' });
      utimesSync(at.path(CLIP), MTIME, MTIME);
    };
    syncBuiltinESMExports();
    try {
      const { result, path } = await copied(at);
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
      expect(readFileSync(path).equals(readFileSync(at.path(CLIP)))).toBe(false);
      expect(result).toMatchObject({ found: 'made', sha256 });
    } finally {
      fs.copyFileSync = share;
      syncBuiltinESMExports();
    }
  });
});

describe('a copy where blocks cannot be shared', () => {
  it('is written, with the mode of our own files', async () => {
    const at = footage();
    const { result, path } = await copied(at);
    expect(result).toMatchObject({ found: 'made' });
    expect(readFileSync(path).equals(readFileSync(at.path(CLIP)))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is written also where the mode of a file is not ours to change', (ctx) => {
    if (process.geteuid?.() !== 0) ctx.skip('only root can make a file of another owner');
    const at = footage();
    clip(at);
    const source = openSync(at.path(CLIP), 'r');
    const path = at.path('of-another.mp4');
    writeFileSync(path, '', { mode: 0o600 });
    const target = openSync(path, 'w');
    chmodSync(path, 0o666);
    try {
      process.seteuid?.(NOBODY);
      expect(() => {
        fchmodSync(target, 0o600);
      }).toThrow('EPERM');
      expect(shareContent(source, target, systemFiles)).toBe(false);
    } finally {
      process.seteuid?.(0);
      for (const fd of [source, target]) closeSync(fd);
    }
  });
});
