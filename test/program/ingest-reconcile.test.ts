import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { frigate, ingestLab, RETENTION_MS, tinyClip, type IngestLab } from '../support/ingest-lab.ts';
import { someClip } from '../support/some-clip.ts';

let lab: IngestLab;
beforeEach(() => {
  lab = ingestLab();
});
afterEach(async () => {
  await lab.close();
});

describe('a settled tree', () => {
  test('is indexed as finished in the first reconcile, each clip with its times', async () => {
    const path = someClip(lab);
    const report = await lab.full();
    expect(report).toMatchObject({ outcome: 'done', files: 1, changes: 1 });
    const row = lab.row(path);
    const endMs = lab.clock.wallMs() - 10 * MINUTE_MS;
    expect(row).toMatchObject({ state: 1, start_ms: endMs - 10_000, end_ms: endMs, end_from: 0 });
    expect(row?.due_ms).toBe(endMs + RETENTION_MS);
    expect(row?.flags).toBe(0);
  });

  test('gives no change the second time, in part or in full', async () => {
    for (let i = 0; i < 30; i += 1) someClip(lab, i * 10 * SECOND_MS);
    lab.put('notes.txt', 'not ours');
    await lab.full();
    const before = lab.rows();
    expect(await lab.full()).toMatchObject({ outcome: 'done', changes: 0, files: 31 });
    lab.clock.advance(MINUTE_MS);
    expect(await lab.changed()).toMatchObject({ outcome: 'done', changes: 0 });
    expect(await lab.changed()).toMatchObject({ changes: 0 });
    expect(lab.rows()).toEqual(before);
  });

  test('is not compared again where no directory changed, and a new file is found all the same', async () => {
    someClip(lab);
    await lab.full();
    lab.clock.advance(MINUTE_MS);
    await lab.changed();
    const path = frigate('entrance', lab.clock.wallMs() - 20 * MINUTE_MS);
    lab.put(path, tinyClip(), lab.clock.wallMs() - 19 * MINUTE_MS);
    expect(await lab.changed()).toMatchObject({ changes: 1 });
    expect(lab.row(path)?.state).toBe(1);
  });
});

describe('names', () => {
  test.each([
    ['bytes that are no text', 'ha\xff\xfell'],
    ['a newline', 'ha\nll'],
    ['a leading dash', '-rf'],
    ['255 bytes', 'x'.repeat(255)],
    ['a name that acts on terminals', '\x1b[2Jhall'],
  ])('with %s are indexed byte for byte', async (_, camera) => {
    await lab.close();
    const key = Buffer.from(camera, 'latin1').toString('utf8');
    lab = ingestLab({
      source: {
        layout: 'custom',
        pattern: '{camera}/{epoch}.mp4',
        cameras: { [key]: 'hall', hall: 'hall' },
      },
    });
    const seconds = Math.floor(lab.clock.wallMs() / 1000) - 900;
    lab.put(`hall/${String(seconds)}.mp4`);
    lab.put(`${camera}/${String(seconds)}.mp4`);
    await lab.full();
    const seen = [...lab.rows().map((r) => r.path), ...lab.unowned().map((u) => u.path)];
    expect(seen).toContain(`${camera}/${String(seconds)}.mp4`);
    expect(await lab.full()).toMatchObject({ changes: 0 });
  });

  test('that no layout or camera knows are counted and never touched', async () => {
    lab.put('holiday.mp4');
    lab.put(frigate('garden', lab.clock.wallMs() - HOUR_MS));
    await lab.full();
    expect(lab.rows()).toEqual([]);
    expect(
      lab
        .unowned()
        .map((u) => u.reason)
        .sort(),
    ).toEqual(['no_camera', 'no_layout']);
    rmSync(join(lab.root, 'holiday.mp4'));
    await lab.full();
    expect(lab.unowned().map((u) => u.reason)).toEqual(['no_camera']);
  });
});

describe('what is no regular file of this mount', () => {
  test('F-S15, F-S18: is never opened, followed or indexed: FIFO, link, directory with the name of a clip', async () => {
    const startMs = Math.floor(lab.clock.wallMs() / HOUR_MS) * HOUR_MS - 30 * MINUTE_MS;
    const dir = frigate('hall', startMs).slice(0, -'/00.00.mp4'.length);
    lab.put(frigate('hall', startMs));
    execFileSync('mkfifo', [join(lab.root, dir, '00.01.mp4')]);
    symlinkSync('/etc/passwd', join(lab.root, dir, '00.02.mp4'));
    mkdirSync(join(lab.root, dir, '00.03.mp4'));
    symlinkSync('/etc', join(lab.root, 'entrance'));
    await lab.full();
    expect(lab.rows()).toHaveLength(1);
    expect(
      lab
        .unowned()
        .map((u) => u.reason)
        .sort(),
    ).toEqual(['link', 'link', 'special']);
  });

  test('is not entered when it is a mount, and its clips do not count as missing', (context) => {
    const probe = spawnSync('unshare', ['-rm', 'true']);
    if (probe.status !== 0) context.skip('this machine allows no mount namespaces');
    lab.put('2026-01-01/00/hall/00.00.mp4');
    const script = `mount --bind /etc "$1/2026-01-01" && exec "$2" "$3" "$1"`;
    const walker = new URL('../support/walk-print.ts', import.meta.url).pathname;
    const out = execFileSync(
      'unshare',
      ['-rm', 'sh', '-c', script, 'sh', lab.root, process.execPath, walker],
      {
        encoding: 'utf8',
      },
    );
    expect(JSON.parse(out)).toEqual([
      { is: 'chunk', path: '' },
      { is: 'refused', path: '2026-01-01', reason: 'mount' },
    ]);
  });
});
