import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { ingestLab, RETENTION_MS, type IngestLab } from '../support/ingest-lab.ts';
import { someClip } from '../support/some-clip.ts';

let lab: IngestLab;
beforeEach(() => {
  lab = ingestLab();
});
afterEach(async () => {
  await lab.close();
});

describe('a missing clip', () => {
  test('F-S23: is gone only after two scans ten minutes apart, and is back as it was when it returns', async () => {
    for (let i = 0; i < 200; i += 1) someClip(lab, i * 10 * SECOND_MS);
    await lab.full();
    const { path, due_ms } = lab.rows()[50]!;
    const away = join(lab.root, 'away.tmp');
    renameSync(join(lab.root, path), away);
    unlinkAfterReading(away);
    await lab.full();
    expect(lab.row(path)).toMatchObject({ state: 1, missing_ms: lab.clock.wallMs() });
    lab.clock.advance(9 * MINUTE_MS);
    await lab.changed();
    expect(lab.row(path)?.state).toBe(1);
    lab.clock.advance(MINUTE_MS);
    await lab.changed();
    expect(lab.row(path)?.state).toBe(3);
    expect(lab.told.flatMap((t) => t.gone)).toHaveLength(1);

    writeFileSync(join(lab.root, path), kept);
    await lab.full();
    expect(lab.row(path)).toMatchObject({ state: 1, due_ms, missing_ms: null });
  });

  test('F-S15: is missing also when a link or a FIFO has its name, whether it was finished or not', async () => {
    const finished = someClip(lab, 0);
    const recording = someClip(lab, 10 * SECOND_MS);
    lab.put(recording, 'not finished', lab.clock.wallMs());
    await lab.full();
    expect([lab.row(finished)?.state, lab.row(recording)?.state]).toEqual([1, 0]);
    unlinkSync(join(lab.root, finished));
    unlinkSync(join(lab.root, recording));
    execFileSync('mkfifo', [join(lab.root, finished)]);
    symlinkSync('/etc/passwd', join(lab.root, recording));
    await lab.full();
    expect(lab.row(finished)).toMatchObject({ state: 1, missing_ms: lab.clock.wallMs() });
    expect(lab.row(recording)).toBeUndefined();
    for (const minutes of [10, 60]) {
      lab.clock.advance(minutes * MINUTE_MS);
      await lab.changed();
    }
    expect(lab.row(finished)?.state).toBe(3);
    expect(lab.unowned().map((u) => u.reason)).toEqual(['link', 'special']);
  });

  let kept: Buffer;
  function unlinkAfterReading(path: string): void {
    kept = readFileSync(path);
    unlinkSync(path);
  }

  test('F-S11: is one of many: the loss is recorded, and believed only an hour later', async () => {
    for (let i = 0; i < 120; i += 1) someClip(lab, i * 10 * SECOND_MS);
    await lab.full();
    for (const { path } of lab.rows().slice(0, 60)) unlinkSync(join(lab.root, path));
    await lab.full();
    lab.clock.advance(15 * MINUTE_MS);
    expect(await lab.full()).toMatchObject({ massLoss: true, missing: 60 });
    expect(lab.rows().every((r) => r.state === 1)).toBe(true);
    expect(lab.audit('clips_missing')).toMatchObject([{ root: 'nvr', clips: 60 }]);
    expect(lab.losses).toHaveLength(1);
    lab.clock.advance(45 * MINUTE_MS);
    await lab.full();
    expect(lab.rows().every((r) => r.state === 1)).toBe(true);
    lab.clock.advance(15 * MINUTE_MS);
    await lab.full();
    expect(lab.rows().filter((r) => r.state === 3)).toHaveLength(60);
    expect(lab.audit('clips_missing')).toHaveLength(1);
    lab.clock.advance(RETENTION_MS);
    lab.ingest.beat();
    expect(lab.rows()).toHaveLength(60);
    const empty = 'SELECT count(*) FROM dir WHERE NOT EXISTS (SELECT 1 FROM clip WHERE dir_id = dir.id)';
    expect(lab.db.prepare(empty).pluck().get()).toBe(0);
  });

  test('below a directory that cannot be read, or is a mount, is not missing', async (context) => {
    if (process.getuid?.() === 0) context.skip('root reads every directory');
    const path = someClip(lab);
    await lab.full();
    const dir = join(lab.root, path, '..');
    chmodSync(dir, 0);
    expect(await lab.full()).toMatchObject({ unreadableDirs: 1, missing: 0 });
    chmodSync(dir, 0o700);
    expect(lab.row(path)).toMatchObject({ state: 1, missing_ms: null });
  });
});

describe('a root that is not the one it was', () => {
  test('is not scanned when its marker is missing or foreign', async () => {
    someClip(lab);
    await lab.full();
    const before = lab.rows();
    rmSync(join(lab.root, '.fortnight'), { recursive: true });
    rmSync(join(lab.root, lab.rows()[0]!.path));
    expect(await lab.full()).toMatchObject({ outcome: 'refused' });
    expect(lab.rows()).toEqual(before);
  });

  test('at the end of the walk discards what seemed missing', async () => {
    for (let i = 0; i < 5; i += 1) someClip(lab, i * HOUR_MS);
    await lab.full();
    const before = lab.rows();
    for (const { path } of before) unlinkSync(join(lab.root, path));
    lab.duringWalk = () => {
      const text = JSON.stringify({ ...lab.marker, rootUuid: 'ffffffff-ffff-4fff-bfff-ffffffffffff' });
      writeFileSync(join(lab.root, '.fortnight/marker.json'), text);
    };
    expect(await lab.full()).toMatchObject({ outcome: 'discarded' });
    expect(lab.rows()).toEqual(before);
  });

  test('because another directory took its path during the walk, discards too', async () => {
    someClip(lab);
    await lab.full();
    const before = lab.rows();
    let swapped = false;
    lab.duringWalk = () => {
      if (swapped) return;
      swapped = true;
      renameSync(lab.root, `${lab.root}.old`);
      mkdirSync(join(lab.root, '.fortnight'), { recursive: true });
      copyFileSync(`${lab.root}.old/.fortnight/marker.json`, join(lab.root, '.fortnight/marker.json'));
    };
    expect(await lab.full()).toMatchObject({ outcome: 'discarded' });
    expect(lab.rows()).toEqual(before);
  });
});
