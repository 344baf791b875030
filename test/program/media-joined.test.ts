/** A clip whose pictures the probe in process does not know by name: ffprobe says what is missing, and no more. */
import { execFileSync } from 'node:child_process';
import { openSync, closeSync, statSync, utimesSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { probeFile } from '../../src/media/probe.ts';
import { startWhole, until, type Whole } from '../support/whole.ts';

const HOUR = 3_600_000;
let w: Whole;
afterEach(async () => {
  await w.close();
});

/** Ten pictures of a codec no recorder of cameras writes, in the place of a clip that ended an hour ago. */
function film(): string {
  const path = w.path('nvr', w.record('nvr', Date.now() - HOUR, 2)).replace(/\.mp4$/, '.avi');
  const pictures = ['-f', 'lavfi', '-i', 'testsrc=s=160x120:r=5:d=2'];
  execFileSync('ffmpeg', ['-v', 'error', ...pictures, '-c:v', 'huffyuv', path]);
  const endS = (Date.now() - HOUR) / 1000;
  utimesSync(path, endS, endS);
  return path;
}

it('ffprobe names the codec; what was known before stays', async () => {
  w = await startWhole();
  const path = film();
  const fd = openSync(path, 'r');
  const probe = probeFile(fd, statSync(path).size);
  closeSync(fd);
  if (!probe.ok) throw new Error(probe.reason);
  const { keyFramesMs } = probe.info;
  expect(probe.info).toMatchObject({ videoCodec: null, widthPx: 160 });
  expect(keyFramesMs.length).toBeGreaterThan(1);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  const media = (): unknown => {
    const { db } = w.app.rooms.state;
    const id = db
      .prepare(
        `SELECT clip.id FROM clip JOIN media_format ON media_format.id = format_id WHERE container = 'avi'`,
      )
      .pluck()
      .get() as number | undefined;
    return id === undefined ? undefined : w.app.rooms.reader.media(id, true);
  };
  await until(() => JSON.stringify(media() ?? '').includes('huffyuv'));
  expect(media()).toEqual({ ...probe.info, videoCodec: 'huffyuv' });
});
