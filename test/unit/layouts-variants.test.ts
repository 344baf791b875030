/** Trees as recorders' settings and versions make them, beyond the default: what is proposed, and how it is read. */
import { describe, expect, test } from 'vitest';
import { survey } from '../../src/clips/layouts/survey.ts';
import {
  SOLE_CAMERA,
  compileLayout,
  detectUngovernable,
  proposeLayouts,
} from '../../src/clips/layouts/index.ts';

const BERLIN = 'Europe/Berlin';
const NOON = '2026-05-01T11:07:42.000Z';

/** The best proposal for the tree, and each camera it finds there with the start of its first file. */
function tried(paths: readonly string[]): [layout: string | undefined, cameras: [string, string][]] {
  const [best] = proposeLayouts(paths, BERLIN);
  if (best === undefined) return [undefined, []];
  const layout = compileLayout({ layout: best.name, timeZone: BERLIN });
  const files = paths.map((path) => ({ path, mtimeMs: 0 }));
  const { cameras } = survey(files, layout, Date.UTC(2027, 0));
  return [best.name, cameras.map((c) => [c.recorderCamera, new Date(c.first.startMs).toISOString()])];
}

describe('a tree of', () => {
  test.each<[string, string[], string, [string, string][]]>([
    [
      'MediaMTX in directories of days',
      ['hall/2026-05-01/2026-05-01_13-07-42-000000.mp4', 'hall/2026-05-02/2026-05-02_13-07-42-000000.mp4'],
      'mediamtx',
      [['hall', NOON]],
    ],
    [
      'MediaMTX in directories of hours',
      ['a/b/2026-05-01/13/2026-05-01_13-07-42.mp4', 'a/b/2026-05-01/14/2026-05-01_14-07-42.mp4'],
      'mediamtx',
      [['a/b', NOON]],
    ],
    [
      'MediaMTX with seconds since 1970 in directories of hours',
      ['hall/2026/05/01/13/1777633662-000000.mp4', 'hall/2026/05/02/13/1777720062-000000.mp4'],
      'mediamtx',
      [['hall', NOON]],
    ],
    [
      'MediaMTX with the date in directories only',
      ['hall/2026/05/01/13-07-42-000000.mp4', 'hall/2026/05/02/13-07-42.mp4'],
      'mediamtx',
      [['hall', NOON]],
    ],
    [
      'motionEye, taken at the directory of one camera',
      ['2026-05-01/13-07-42.mp4', '2026-05-01/13-07-42.mp4.thumb', '2026-05-02/14-07-42.mp4'],
      'motioneye',
      [[SOLE_CAMERA, NOON]],
    ],
    [
      'motionEye with pictures only',
      ['Camera1/2026-05-01/13-07-42.jpg', 'Camera1/2026-05-01/13-08-42.jpg'],
      'motioneye',
      [['Camera1', NOON]],
    ],
    [
      'Motion 4 as it is delivered, two cameras',
      ['1-07-20260501130742.mkv', '1-08-20260501140742.mkv', '2-101-20260501130742.mkv'],
      'motion',
      [
        ['1', NOON],
        ['2', NOON],
      ],
    ],
    [
      'Motion 5 as it is delivered',
      ['07-01-20260501130742.mkv', '107-02-20260501140742.mkv'],
      'motion',
      [[SOLE_CAMERA, NOON]],
    ],
    [
      'a Reolink camera with pictures only',
      ['2026/05/01/Front_00_20260501130742.jpg', '2026/05/01/Front_00_20260501130842.jpg'],
      'reolink-ftp',
      [['Front', NOON]],
    ],
    [
      'a Reolink card with names of a later version',
      ['Mp4Record/2026-05-01/RecM0A_DST20260501_130742_130801_0_7B288280000000_10BF000.mp4'],
      'reolink-card',
      [[SOLE_CAMERA, NOON]],
    ],
    [
      'a Dahua recorder that names channel, stream, start and end',
      ['NVR_ch1_main_20260501130742_20260501140742.dav', 'NVR_ch2_main_20260501130742_20260501140742.dav'],
      'dahua',
      [
        ['NVR_ch1', NOON],
        ['NVR_ch2', NOON],
      ],
    ],
    [
      'a Dahua camera with pictures in directories of hours',
      ['Tor/2026-05-01/001/jpg/13/13.07.42[M][0@0][0].jpg', 'Tor/2026-05-01/001/jpg/14/14.07.42[M].jpg'],
      'dahua',
      [['Tor', NOON]],
    ],
    [
      'a Dahua camera with pictures named by minute and second',
      ['Tor/2026-05-01/001/jpg/13/07.42[M][0@0][0].jpg'],
      'dahua',
      [['Tor', NOON]],
    ],
    [
      'a Dahua camera with pictures beside the recordings',
      ['Tor/2026-05-01/pic_001/13.07.42[R][0@0][0].jpg'],
      'dahua',
      [['Tor', NOON]],
    ],
  ])('%s', (_what, paths, layout, cameras) => {
    expect(tried(paths)).toEqual([layout, cameras]);
  });
});

describe('what a recorder is still making', () => {
  test.each([
    ['kerberos', '1777633722_3-967_front_door_120-40-200-180_1153_0.mp4', 'front_door'],
    ['kerberos', '1777633722_3-967_front_door_0-0-0-0_0_0_.mp4', 'front_door'],
    ['zoneminder', '2/2026-05-01/4715/incomplete.h264.mp4', '2'],
    ['zoneminder', '2/26/05/01/13/07/42/incomplete.hevc.mp4', '2'],
  ])('%s: %s is no clip yet, and one of its camera when it is left so', (layout, path, camera) => {
    const meaning = compileLayout({ layout, timeZone: BERLIN }).read(path);
    expect(meaning).toMatchObject({ is: 'unfinished', abandoned: { recorderCamera: camera } });
  });

  test('a name that ends with a token instead of a length is a clip, whatever the token', () => {
    const path = '1777633662_6-967003_oprit_577-283-727-375_1153_0.mp4';
    expect(compileLayout({ layout: 'kerberos', timeZone: BERLIN }).read(path)).toMatchObject({ is: 'clip' });
  });
});

describe('pictures of people beside the clips', () => {
  test.each([
    ['frigate', 'clips/review/thumb-front-door-1777633662.123456-abc123.webp', 'front-door'],
    ['frigate', 'clips/triggers/hall/1777633662.123456-abc123.webp', 'hall'],
    ['synology', 'Tor 1/@SSRECMETA/Preview/20260501PM/1777633600/1777633662', 'Tor 1'],
    ['synology', '@Snapshot/@PushServ/Tor 1/x.jpg', 'Tor 1'],
  ])('%s: %s is footage of its camera', (layout, path, camera) => {
    const meaning = compileLayout({ layout, timeZone: BERLIN }).read(path);
    const still = meaning?.is === 'sidecar' ? meaning.alone : meaning?.is === 'clip' ? meaning.reading : null;
    expect(still).toMatchObject({ kind: 'still', recorderCamera: camera });
  });
});

test('a camera of the configuration decides where a name of Motion can be read in two ways', () => {
  const layout = compileLayout({ layout: 'motion', timeZone: BERLIN, cameras: ['12'] });
  expect(layout.read('12-07-20260501130742.mkv')).toMatchObject({ reading: { recorderCamera: '12' } });
});

test('the setting of MediaMTX is read with and without its first directory', () => {
  const pattern = 'recordings/%path/%Y-%m-%d_%H-%M-%S-%f';
  const layout = compileLayout({ layout: 'mediamtx', pattern, timeZone: BERLIN });
  for (const path of ['recordings/a/b/2026-05-01_13-07-42-0.mp4', 'a/b/2026-05-01_13-07-42-0.mp4']) {
    const full = path.replace('-0.', '-000000.');
    expect(layout.read(full)).toMatchObject({ reading: { recorderCamera: 'a/b' } });
  }
});

test('the setting of Motion 5 is taken as it is', () => {
  const pattern = '%v-%{movienbr}-%Y%m%d%H%M%S';
  const layout = compileLayout({ layout: 'motion', pattern, timeZone: BERLIN });
  expect(layout.read('07-01-20260501130742.mkv')).toMatchObject({
    reading: { startsMs: [Date.parse(NOON)] },
  });
  expect(() => compileLayout({ layout: 'motion', pattern: '%{moovienbr}', timeZone: BERLIN })).toThrow(
    /unknown conversion "%\{moovienbr\}"/,
  );
});

describe('a recorder that cannot be governed', () => {
  test('is known among pictures that lie beside its files', () => {
    const pictures = ['a.jpg', 'b.jpg', 'c.jpg'];
    expect(detectUngovernable(['datadir0/hiv00000.mp4', ...pictures])?.name).toBe('hikvision');
    const viseron = [
      'hall/init.mp4',
      'hall/1.m4s',
      ...pictures.map((p) => `snapshots/${p}`),
      'snapshots/d.jpg',
    ];
    expect(detectUngovernable(viseron)?.name).toBe('viseron');
  });

  test('does not have a tree of which it owns the smaller part', () => {
    const clips = ['New/A.20260501_130742.mp4', 'New/A.20260501_140742.mp4'];
    expect(detectUngovernable(['New/A.20260501_120742.bvr', ...clips])).toBeUndefined();
  });
});
