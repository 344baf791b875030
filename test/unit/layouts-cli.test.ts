import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { command } from '../../src/cli/layouts.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layouts-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ status: number; out: string }> {
  let out = '';
  const sink = { write: (text: string) => (out += text) };
  const signals = { stop: () => new AbortController().signal, onHangup: () => undefined };
  const status = await command.run(args, { out: sink, err: sink, stdin: new PassThrough(), signals });
  return { status, out };
}

/** A file of the tree, by byte string, recorded until `end`. */
function put(path: string, end = '2026-05-01T11:08:00Z'): void {
  const full = Buffer.from(`${root}/${path}`, 'latin1');
  mkdirSync(Buffer.from(dirname(`${root}/${path}`), 'latin1'), { recursive: true });
  writeFileSync(full, 'x');
  utimesSync(full, new Date(end), new Date(end));
}

const names = (dir: string): string[] => readdirSync(dir, { recursive: true, encoding: 'latin1' }).sort();

describe('fortnight layouts', () => {
  test('lists every layout and every recorder that cannot be governed', async () => {
    const { status, out } = await run();
    expect(status).toBe(0);
    for (const name of ['frigate', 'mediamtx', 'axis-edge', 'custom', 'Hikvision', 'Viseron'])
      expect(out).toContain(name);
    const { layouts, refused } = JSON.parse((await run('--json')).out) as Record<string, { name: string }[]>;
    expect(layouts?.map((l) => l.name)).toContain('motioneye');
    expect(refused?.map((l) => l.name)).toContain('unifi');
  });
});

describe('fortnight layouts try', () => {
  test('takes the layout that fits best and shows cameras, strangers and lines for the configuration', async () => {
    put('Tor 1/2026-05-01/13-07-42.mp4');
    put('Tor 1/2026-05-01/13-07-42.mp4.thumb');
    put('hall/2026-05-01/13-07-50.mp4');
    put('notes.txt');
    const { status, out } = await run('try', root, '--zone', 'Europe/Berlin');
    expect(status).toBe(0);
    expect(out).toContain('Layout motioneye');
    expect(out).toMatch(/Tor 1 +1 +0 +2026-05-01T13:07:42\+02:00/);
    expect(out).toContain('1 match nothing and would never be deleted:\n  notes.txt\n');
    const [source] = parse(out.slice(out.indexOf('  - id:'))) as Record<string, unknown>[];
    expect(source).toMatchObject({
      root,
      layout: 'motioneye',
      timeZone: 'Europe/Berlin',
      cameras: { 'Tor 1': 'tor-1', hall: 'hall' },
    });
  });

  test('only reads: no name, size or time of the tree changes, links are not followed', async () => {
    put('hall/2026-05-01_13-07-42.mp4');
    const outside = mkdtempSync(join(tmpdir(), 'layouts-outside-'));
    writeFileSync(join(outside, '2026-05-01_13-07-43.mp4'), 'x');
    symlinkSync(outside, join(root, 'linked'));
    const before = [names(root), statSync(join(root, 'hall')).mtimeMs];
    const { survey } = JSON.parse((await run('try', root, '--json', '--zone', 'UTC')).out) as {
      survey: { files: number };
    };
    expect(survey.files).toBe(1);
    expect([names(root), statSync(join(root, 'hall')).mtimeMs]).toEqual(before);
    rmSync(outside, { recursive: true });
  });

  test('shows names that would act on a terminal as escapes', async () => {
    put('hall/2026-05-01_13-07-42.mp4');
    put('\x1b[2J\xff\n.mp4');
    const { out } = await run('try', root, '--zone', 'UTC');
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(out).toContain('\\u{1b}[2J');
  });

  test('a camera whose name is no text is shown but not written into the configuration', async () => {
    put('c\xff/2026-05-01/13-07-42.mp4');
    const { out } = await run('try', root, '--zone', 'UTC');
    expect(out).toContain('name is not UTF-8');
  });

  test('names that YAML would take for something else become ids all the same', async () => {
    for (const camera of ['1', 'Null', '1e5', '0x1f', 'True']) put(`${camera}/2026-05-01/13-07-42.mp4`);
    const { out } = await run('try', root, '--zone', 'UTC');
    expect(parse(out.slice(out.indexOf('  - id:')))).toMatchObject([
      { cameras: { '1': 'camera-1', Null: 'null', '1e5': '1e5', '0x1f': '0x1f', True: 'true' } },
    ]);
  });

  test('a recorder of another zone is told with the zone to set, in the warning and in the lines', async () => {
    for (const minute of ['00', '01', '02', '03'])
      put(`hall/2026-12-01/12-${minute}-00.mp4`, `2026-12-01T12:${minute}:20Z`);
    const { out } = await run('try', root, '--zone', 'Europe/Brussels');
    expect(out).toContain(
      'most names, read as Europe/Brussels, are 1 h behind their files’ times: set `timeZone: Etc/UTC`',
    );
    expect(parse(out.slice(out.indexOf('  - id:')))).toMatchObject([{ timeZone: 'Etc/UTC' }]);
    const json = JSON.parse((await run('try', root, '--zone', 'Europe/Brussels', '--json')).out) as object;
    expect(json).toMatchObject({ zoneFinding: { is: 'off', hoursBehind: 1, zone: 'Etc/UTC' } });
    expect((await run('try', root, '--zone', 'UTC')).out).not.toContain('zone cannot be told');
  });

  test('of a copied tree it says that the zone cannot be told', async () => {
    for (const hour of ['08', '09', '10', '11'])
      put(`hall/2026-05-01/${hour}-00-00.mp4`, '2026-05-03T09:00:00Z');
    const { out } = await run('try', root, '--zone', 'Europe/Berlin');
    expect(out).toContain('note: whether Europe/Berlin is the recorder’s zone cannot be told');
    expect(out).toContain('rsync -a');
  });

  test('a pattern of one’s own is tried and comes back in the lines', async () => {
    put('clips_hall_1777633662.mkv');
    const pattern = 'clips_{camera}_{epoch}.mkv';
    const { out, status } = await run('try', root, '--pattern', pattern, '--zone', 'UTC');
    expect(status).toBe(0);
    expect(parse(out.slice(out.indexOf('  - id:')))).toMatchObject([
      { layout: 'custom', pattern, cameras: { hall: 'hall' } },
    ]);
  });

  test('stops at its limit and says so', async () => {
    for (let i = 10; i < 20; i++) put(`hall/2026-05-01_13-07-${i}.mp4`);
    expect((await run('try', root, '--limit', '4', '--zone', 'UTC')).out).toContain(
      '4 files (more were left out',
    );
  });

  test('without a layout that fits it ends with 1, with a recorder that cannot be governed with 65', async () => {
    put('films/holiday.mp4');
    expect(await run('try', root)).toMatchObject({
      status: 1,
      out: expect.stringContaining('No layout fits') as string,
    });
    rmSync(join(root, 'films'), { recursive: true });
    put('datadir0/hiv00000.mp4');
    await expect(run('try', root)).rejects.toMatchObject({ code: 'invalid', exitCode: 65 });
  });

  test('arguments that make no sense are refused before anything is read', async () => {
    await expect(run('try')).rejects.toMatchObject({ code: 'usage' });
    await expect(run('try', root, '--zone', 'Nowhere')).rejects.toMatchObject({ code: 'usage' });
    await expect(run('try', root, '--limit', '0')).rejects.toMatchObject({ code: 'usage' });
    await expect(run('try', root, '--layout', 'frigat')).rejects.toMatchObject({
      hint: 'did you mean frigate?',
    });
    await expect(run('try', join(root, 'absent'))).rejects.toMatchObject({ code: 'not_found' });
  });
});
