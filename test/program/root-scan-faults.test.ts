/** Disks that go or stop answering while they are looked through. Numbers: faults and attacks. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/base/clock.ts';
import { createProbeClient } from '../../src/disk/probe-client.ts';
import { RootHangs } from '../../src/roots/contract.ts';
import { frigate, ingestLab, type IngestLab } from '../support/ingest-lab.ts';
import { Mounts, whyNoMounts } from '../support/mounts.ts';

const noBind = whyNoMounts('bind');
const noFuse = whyNoMounts('fuse');
const CLIPS = 5;
const NOBODY = 65_534;

let lab: IngestLab;
let mounts: Mounts;
beforeEach(async () => {
  mounts = new Mounts();
  lab = ingestLab();
  for (const camera of ['hall', 'entrance']) {
    for (let i = 0; i < CLIPS; i += 1) {
      lab.put(frigate(camera, lab.clock.wallMs() - HOUR_MS - i * MINUTE_MS));
    }
  }
  await lab.full();
});
afterEach(async () => {
  mounts.close();
  await lab.close();
});

const untouched = (): boolean => lab.rows().every((r) => r.state === 1 && r.missing_ms === null);

/** Scans as often as it takes to believe an absence. */
async function fourScans(): Promise<void> {
  for (let i = 0; i < 4; i += 1) {
    await lab.full();
    await lab.changed();
    lab.clock.advance(HOUR_MS);
  }
}

describe('F-S7 a disk that goes while it is looked through', () => {
  it.skipIf(noBind !== undefined).each([
    ['leaves an empty directory', false],
    ['uncovers the same directory on another mount', true],
  ])(`%s: the look is discarded, and nothing counts as missing ${noBind ?? ''}`, async (_, uncovers) => {
    for (const { path } of lab.rows()) rmSync(join(lab.root, path));
    if (!uncovers) {
      renameSync(lab.root, `${lab.root}.disk`);
      mkdirSync(lab.root);
    }
    mounts.bind(uncovers ? lab.root : `${lab.root}.disk`, lab.root);
    const before = lab.rows();
    let steps = 0;
    lab.duringWalk = () => {
      steps += 1;
      if (steps === 2) mounts.umount(lab.root);
    };
    expect(await lab.full()).toMatchObject({ outcome: 'discarded' });
    expect(steps).toBeGreaterThan(1);
    expect(lab.rows()).toEqual(before);
  });
});

describe('F-S9 a part of the tree that answers with an error', () => {
  it.skipIf(noFuse !== undefined)(
    `is unknown, not empty, wherever it begins, and known again when it answers ${noFuse ?? ''}`,
    async () => {
      const [first] = lab.rows();
      const day = dirname(dirname(dirname(first!.path)));
      for (const dir of [dirname(first!.path), day]) {
        mounts.fuse(join(lab.root, dir)).die();
        expect(await lab.full()).toMatchObject({ outcome: 'done', unreadableDirs: 1, missing: 0 });
        await fourScans();
        expect(untouched()).toBe(true);
        mounts.umount(join(lab.root, dir));
        expect(await lab.full()).toMatchObject({ unreadableDirs: 0, missing: 0 });
      }
      expect(untouched()).toBe(true);
    },
  );
});

describe('F-S9 a mount that never answers', () => {
  it.skipIf(noFuse !== undefined)(
    `hangs the thread that looks and nothing else: it is given up, and the next look is made by another ${noFuse ?? ''}`,
    async () => {
      let timeUp: () => void = () => undefined;
      const threads: Worker[] = [];
      const probes = createProbeClient({
        spawn: () => {
          const thread = new Worker(new URL('../../src/probe-worker.ts', import.meta.url));
          threads.push(thread);
          return thread;
        },
        delay: () => new Promise((resolve) => (timeUp = resolve)),
      });
      expect(await probes.observe(lab.root, true)).toMatchObject({ reach: 'open' });
      const share = join(lab.root, 'share');
      mkdirSync(share);
      const fuse = mounts.fuse(share);
      const asked = probes.observe(share, true);
      const hangs = expect(asked).rejects.toBeInstanceOf(RootHangs);
      await new Promise((resolve) => setImmediate(resolve));
      timeUp();
      await hangs;
      expect(await probes.observe(lab.root, true)).toMatchObject({ reach: 'open' });
      expect(threads).toHaveLength(2);
      fuse.die();
      expect(await probes.observe(share, true)).toMatchObject({ reach: 'none', cause: 'stale' });
      await probes.stop();
    },
  );
});

describe('F-S10 a directory that may not be read', () => {
  it('keeps its clips from counting as missing, and the others go on', async () => {
    const [first] = lab.rows();
    chmodSync(join(lab.root, dirname(first!.path)), 0);
    await asAnOrdinaryUser(async () => {
      expect(await lab.full()).toMatchObject({ outcome: 'done', unreadableDirs: 1, missing: 0 });
      lab.put(frigate('hall', lab.clock.wallMs() - 40 * MINUTE_MS));
      await fourScans();
    });
    expect(untouched()).toBe(true);
    expect(lab.rows()).toHaveLength(2 * CLIPS + 1);
    expect(lab.unowned()).toEqual([{ path: dirname(first!.path), reason: 'unreadable_dir' }]);
  });

  /** Root reads every directory: the tree becomes somebody else's, and so does this process for a while. */
  async function asAnOrdinaryUser(work: () => Promise<void>): Promise<void> {
    if (process.getuid?.() !== 0) {
      await work();
      return;
    }
    spawnSync('chown', ['-R', String(NOBODY), dirname(lab.root)]);
    process.seteuid?.(NOBODY);
    try {
      await work();
    } finally {
      process.seteuid?.(0);
    }
  }
});
