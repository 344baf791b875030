/** ffmpeg and ffprobe that are absent, too old, hang, fork or flood (F-M3): degraded, never stuck. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Log } from '../../src/base/log.ts';
import { createMedia, type JobEnd, type Media } from '../../src/media/media.ts';
import { findTools } from '../../src/media/tools.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-tools-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const VERSION = 'if [ "$1" = -version ]; then echo "$(basename $0) version 5.1.9"; exit 0; fi';

let places = 0;

/** A directory with programs of these bodies; they answer `-version` well unless `version` says otherwise. */
function toolbox(bodies: { ffmpeg?: string; ffprobe?: string }, version = VERSION): string {
  const place = join(directory, String(places++));
  mkdirSync(place);
  for (const [name, body] of Object.entries(bodies)) {
    writeFileSync(join(place, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${version}\n${body}\n`);
    chmodSync(join(place, name), 0o755);
  }
  return place;
}

interface Rig {
  readonly media: Media;
  readonly warnings: unknown[];
  readonly ends: JobEnd[];
}

function rig(place: string, timeoutMs = 20_000): Rig {
  const warnings: unknown[] = [];
  const ends: JobEnd[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (event, fields) => warnings.push([event, fields?.['tool'], fields?.['why']]),
    error: () => undefined,
  };
  return {
    media: createMedia({ log, onJob: (end) => ends.push(end), toolDirectories: [place], timeoutMs }),
    warnings,
    ends,
  };
}

function clip(): number {
  const path = join(directory, 'clip.dav');
  writeFileSync(path, 'DHAV');
  return openSync(path, 'r');
}

/** Whether a process exists; one that was killed and not yet reaped by its new parent does not count. */
function alive(pid: number): boolean {
  if (!existsSync(`/proc/${String(pid)}/stat`)) return false;
  return !/\) [ZX] /.test(readFileSync(`/proc/${String(pid)}/stat`, 'latin1'));
}

test('the system has what the product needs', async () => {
  const tools = await findTools();
  expect(tools.ffmpeg?.version).toMatch(/\d/);
  expect(tools.ffprobe?.version).toMatch(/\d/);
});

test('absent tools are reported once, and what needs them is degraded', async () => {
  const { media, warnings } = rig(toolbox({}));
  expect(await media.arbitrate(clip())).toMatchObject({ ok: false, arbiter: false });
  expect(await media.arbitrate(clip())).toMatchObject({ ok: false, arbiter: false });
  const poster = media.makePoster({ fd: clip(), atMs: 0, outFile: join(directory, 'never.jpg') });
  await expect(poster).rejects.toMatchObject({ code: 'tool_missing' });
  expect(warnings).toEqual(
    ['ffmpeg', 'ffprobe', 'prlimit', 'nice'].map((tool) => ['tool_missing', tool, 'absent']),
  );
});

test.each([
  ['4.3.9', 'too_old'],
  ['3.4', 'too_old'],
  ['4.4', undefined],
  ['n6.1', undefined],
  ['N-109468-gd39b34123d', undefined],
])('version %s is judged', async (version, why) => {
  const place = toolbox({ ffmpeg: '', ffprobe: '' }, `echo "$(basename $0) version ${version} Copyright"`);
  const { missing } = await findTools([place]);
  expect(missing.find((m) => m.name === 'ffprobe')?.why).toBe(why);
});

test('a program of that name that is another, or that cannot be started, is unusable', async () => {
  expect((await findTools([toolbox({ ffprobe: '' }, 'echo hello')])).missing).toContainEqual(
    expect.objectContaining({ name: 'ffprobe', why: 'unusable' }),
  );
  const place = toolbox({ ffprobe: '' });
  writeFileSync(join(place, 'ffprobe'), '#!/nonexistent/interpreter\n');
  expect((await findTools([place])).missing).toContainEqual(
    expect.objectContaining({ name: 'ffprobe', why: 'unusable' }),
  );
});

test('a prlimit that may not set limits is reported and done without', async () => {
  const place = toolbox({ ffprobe: 'exit 1' });
  writeFileSync(join(place, 'prlimit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const tools = await findTools([place]);
  expect(tools.missing).toContainEqual(expect.objectContaining({ name: 'prlimit', why: 'unusable' }));
  expect(tools.prefix).toEqual([]);
});

test('ffprobe gets an empty environment, the clip as its third descriptor, and nothing by a shell', async () => {
  const place = toolbox({});
  const seen = join(place, 'seen');
  writeFileSync(
    join(place, 'ffprobe'),
    `#!/bin/sh\n${VERSION}\n/usr/bin/env > ${seen}.env\nprintf '%s\\n' "$@" > ${seen}.args\n/bin/cat <&3 > ${seen}.clip\n`,
    { mode: 0o755 },
  );
  await rig(place).media.arbitrate(clip());
  const environment = readFileSync(`${seen}.env`, 'utf8').split('\n');
  // The shell of the fake adds these itself.
  expect(environment.filter((line) => line !== '' && !/^(PWD|OLDPWD|SHLVL|_)=/.test(line))).toEqual([]);
  expect(readFileSync(`${seen}.args`, 'utf8')).toContain('file:/proc/self/fd/3\n');
  expect(readFileSync(`${seen}.clip`, 'utf8')).toBe('DHAV');
});

test('an ffprobe that hangs is killed with everything it forked', async () => {
  const pids = join(directory, 'pids');
  const place = toolbox({ ffprobe: `sleep 600 & echo $! > ${pids}; echo $$ >> ${pids}; sleep 600` });
  const { media, ends } = rig(place, 2000);
  expect(await media.arbitrate(clip())).toEqual({
    ok: false,
    reason: 'ffprobe took too long',
    arbiter: false,
  });
  const forked = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  expect(forked).toHaveLength(2);
  while (forked.some(alive)) await new Promise(setImmediate); // a kill takes a moment; a survivor would take 600 s
  expect(ends).toEqual([expect.objectContaining({ job: 'arbiter', outcome: 'failed' })]);
});

test('an ffprobe that leaves a process behind which keeps its output open is not waited for', async () => {
  const place = toolbox({ ffprobe: 'sleep 600 & echo "{}"' });
  expect(await rig(place).media.arbitrate(clip())).toMatchObject({ ok: false });
});

test('an ffprobe that prints a gigabyte is ended after a mebibyte', async () => {
  const place = toolbox({ ffprobe: 'head -c 1000000000 /dev/zero' });
  const before = process.memoryUsage().rss;
  expect(await rig(place).media.arbitrate(clip())).toMatchObject({
    ok: false,
    reason: 'ffprobe printed too much',
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

test.each([
  ['exits with an error', 'exit 1'],
  ['kills itself', 'kill -9 $$'],
  ['prints nonsense', 'echo "<html>"'],
  ['prints nothing', ''],
])('an ffprobe that %s gives a probe that is not ok', async (_, body) => {
  expect(await rig(toolbox({ ffprobe: body })).media.arbitrate(clip())).toMatchObject({ ok: false });
});

test('an ffmpeg that hangs, before or during the picture, is killed and leaves no file', async () => {
  const outFile = join(directory, 'hung.jpg');
  const place = toolbox({ ffmpeg: `echo half > ${outFile}; sleep 600` });
  const { media } = rig(place, 700);
  await expect(media.makePoster({ fd: clip(), atMs: 0, outFile })).rejects.toMatchObject({
    code: 'clip_unavailable',
  });
  expect(existsSync(outFile)).toBe(false);
});

test('an ffmpeg that floods its output is killed', async () => {
  const place = toolbox({ ffmpeg: 'head -c 1000000000 /dev/zero >&2' });
  const request = { fd: clip(), atMs: 0, outFile: join(directory, 'flood.jpg') };
  await expect(rig(place).media.makePoster(request)).rejects.toMatchObject({
    code: 'clip_unavailable',
    message: 'ffmpeg printed too much',
  });
});

test('ending the jobs of a clip kills their children before it returns', async () => {
  const pids = join(directory, 'ended');
  const place = toolbox({ ffprobe: `echo $$ > ${pids}; sleep 600` });
  const { media } = rig(place);
  const probing = media.arbitrate(clip(), { key: 'clip 7' });
  while (!existsSync(pids) || readFileSync(pids, 'utf8') === '') await new Promise(setImmediate);
  await media.endJobs('clip 7');
  expect(alive(Number(readFileSync(pids, 'utf8')))).toBe(false);
  expect(await probing).toEqual({ ok: false, reason: 'ended', arbiter: false });
});

test('an ffmpeg that says all is well and makes nothing is not believed, and an older file is no picture', async () => {
  const formats = 'echo " E mjpeg           raw MJPEG video"';
  const place = toolbox({ ffmpeg: `case "$*" in -formats) ${formats};; esac` });
  const outFile = join(directory, 'older.jpg');
  writeFileSync(outFile, 'an older picture');
  await expect(rig(place).media.makePoster({ fd: clip(), atMs: 0, outFile })).rejects.toMatchObject({
    code: 'clip_unavailable',
    message: 'no picture could be made of this clip',
  });
  expect(existsSync(outFile)).toBe(false);
});
