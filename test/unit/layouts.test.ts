import { describe, expect, test } from 'vitest';
import {
  LAYOUTS,
  SOLE_CAMERA,
  compileLayout,
  type PathMeaning,
  type Reading,
} from '../../src/clips/layouts/index.ts';

const BERLIN = 'Europe/Berlin';

function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function read(layout: string, path: string, timeZone = BERLIN): PathMeaning | undefined {
  return compileLayout({ layout, timeZone }).read(bytes(path));
}

function clip(meaning: PathMeaning | undefined): Reading {
  if (meaning?.is !== 'clip') throw new Error(`no clip: ${JSON.stringify(meaning)}`);
  return meaning.reading;
}

function starts(reading: Reading): string[] {
  return reading.startsMs.map((ms) => new Date(ms).toISOString());
}

const EXAMPLES = LAYOUTS.flatMap((layout) => layout.examples.map((e) => ({ layout: layout.name, ...e })));

describe('each layout reads the names of its recorder', () => {
  test.each(EXAMPLES)('$layout: $path', ({ layout, path, zone, camera, start }) => {
    const reading = clip(read(layout, path, zone));
    expect(reading.recorderCamera).toBe(camera);
    expect(starts(reading)).toEqual(start === undefined ? [] : [start]);
    expect(reading).toMatchObject({ kind: 'video', named: true, shifted: false });
  });

  test.each([
    ['frigate', 'recordings/2026-05-01/13/hall-2/07.42.mp4', 'hall-2', '2026-05-01T13:07:42.000Z'],
    ['frigate', '2026-05-01/13/Hof Süd/07.42.MP4', 'Hof Süd', '2026-05-01T13:07:42.000Z'],
    ['mediamtx', 'a/b/c/2026-05-01_13-07-42.ts', 'a/b/c', '2026-05-01T11:07:42.000Z'],
    ['mediamtx', 'hall/2026-05-01_13-07-42-000000Z.mp4', 'hall', '2026-05-01T13:07:42.000Z'],
    ['mediamtx', 'hall/2026-05-01_13-07-42+0530.mp4', 'hall', '2026-05-01T07:37:42.000Z'],
    ['mediamtx', 'hall/1777633662.500000.mp4', 'hall', '2026-05-01T11:07:42.500Z'],
    ['shinobi', 'yard/2026-05-01T13-07-42.mkv', 'yard', '2026-05-01T11:07:42.000Z'],
    ['motioneye', 'Camera 1/2026-05-01/13-07-42.avi', 'Camera 1', '2026-05-01T11:07:42.000Z'],
    ['motion', 'cam1/1234-20260501130742.mp4', 'cam1', '2026-05-01T11:07:42.000Z'],
    ['zoneminder', '2/26/05/01/13/07/42/9-video.h264.mp4', '2', '2026-05-01T11:07:42.000Z'],
    [
      'synology',
      'Tor/20260501AM/alter Name20260501-090742-1777619262.mp4',
      'Tor',
      '2026-05-01T07:07:42.000Z',
    ],
    ['synology', 'Tor/20260501AM/Tor20260501-090742.mp4', 'Tor', '2026-05-01T07:07:42.000Z'],
    ['reolink-ftp', '2026/05/front_door_01_20260501130742.mp4', 'front_door', '2026-05-01T11:07:42.000Z'],
    ['reolink-ftp', 'upload/gate/2026-05-01/G.1_00_20260501130742.mp4', 'G.1', '2026-05-01T11:07:42.000Z'],
    [
      'dahua',
      '2026-05-01/001/dav/13/13.07.42-13.08.12[R][0@0][0].mp4',
      SOLE_CAMERA,
      '2026-05-01T11:07:42.000Z',
    ],
    [
      'dahua',
      'Tor/S1/S1/2026-05-01/001/dav/13/13.07.42-13.08.12[M][0@0][0].dav',
      'Tor',
      '2026-05-01T11:07:42.000Z',
    ],
    ['kerberos', '1777633662_2-67_a_b_c_0-0-0-0_-1_29769.mp4', 'a_b_c', '2026-05-01T11:07:42.000Z'],
    ['lightnvr', 'yard/recording_20260501_130742.mp4', 'yard', '2026-05-01T11:07:42.000Z'],
    ['blueiris', 'Stored/FRONT.20260501_130742.12.3.mp4', 'FRONT', '2026-05-01T11:07:42.000Z'],
  ])('%s also reads %s', (layout, path, camera, start) => {
    const reading = clip(read(layout, path));
    expect([reading.recorderCamera, ...starts(reading)]).toEqual([camera, start]);
  });

  test.each([
    ['frigate', '2026-13-01/13/hall/07.42.mp4'],
    ['frigate', '2026-05-01/24/hall/07.42.mp4'],
    ['frigate', 'hall.mp4'],
    ['motioneye', 'Camera1/2026-02-30/13-07-42.mp4'],
    ['reolink-ftp', 'Gate_00_18990501130742.mp4'],
    ['reolink-ftp', 'holiday.mp4'],
    ['bluecherry', '2026/05/01/readme.txt'],
  ])('%s does not know %s', (layout, path) => {
    expect(read(layout, path)).toBeUndefined();
  });
});

describe('times in names', () => {
  test('a local name in the autumn hour keeps both readings', () => {
    expect(starts(clip(read('motioneye', 'C/2026-10-25/02-30-00.mp4')))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
  });

  test('a UTC name never has two readings, whatever the zone', () => {
    expect(starts(clip(read('frigate', '2026-10-25/02/c/30.00.mp4')))).toEqual(['2026-10-25T02:30:00.000Z']);
  });

  test('a local name in the spring gap moves forward and says so', () => {
    const reading = clip(read('motioneye', 'C/2026-03-29/02-30-00.mp4'));
    expect(reading.shifted).toBe(true);
    expect(starts(reading)).toEqual(['2026-03-29T01:30:00.000Z']);
  });

  test('DST in a Reolink name decides the autumn hour', () => {
    const name = (dst: string): string => `Mp4Record/2026-10-25/RecM01_${dst}20261025_023000_023100_1_2.mp4`;
    expect(starts(clip(read('reolink-card', name('DST'))))).toEqual(['2026-10-25T00:30:00.000Z']);
    expect(starts(clip(read('reolink-card', name(''))))).toHaveLength(2);
  });

  test('an end in the name is read with its start, over midnight and over the autumn hour', () => {
    const ends = (path: string): string[] => {
      const { startsMs, endsMs } = clip(read('dahua', path));
      return endsMs.map((end, i) => `${String((end - startsMs[i]!) / 1000)} s`);
    };
    expect(ends('G/2026-05-01/001/dav/23/23.59.30-00.00.10[M][0@0][0].dav')).toEqual(['40 s']);
    expect(ends('G/2026-03-29/001/dav/01/01.59.30-03.00.10[M][0@0][0].dav')).toEqual(['40 s']);
    // From 02:59:30 summer time to 02:00:10 winter time; read as winter time it would last a day.
    expect(ends('G/2026-10-25/001/dav/02/02.59.30-02.00.10[M][0@0][0].dav')).toEqual(['40 s']);
  });

  test('the length a Kerberos name states is kept, the token of an old one is not taken for it', () => {
    expect(clip(read('kerberos', '1777633662_3-967_a_0-0-0-0_-1_29769.mp4')).lengthMs).toBe(29769);
    expect(clip(read('kerberos', '1777633662_6-967003_a_5-6-7-8_1153_27.mp4')).lengthMs).toBeNull();
  });

  test('a name with the day only gives that day, in the recorder’s zone', () => {
    const { within, startsMs } = clip(read('zoneminder', '1/2026-10-25/4711/4711-video.mp4'));
    expect(startsMs).toEqual([]);
    expect([within?.fromMs, within?.toMs].map((ms) => new Date(ms!).toISOString())).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
  });
});

describe('what stands beside clips', () => {
  test('a motionEye thumbnail belongs to its movie; alone it is a still of its camera', () => {
    const meaning = read('motioneye', 'C/2026-05-01/13-07-42.mp4.thumb');
    expect(meaning).toMatchObject({ is: 'sidecar', of: ['C/2026-05-01/13-07-42.mp4'] });
    expect(meaning).toMatchObject({ alone: { kind: 'still', recorderCamera: 'C' } });
  });

  test('a picture may belong to a clip of its stem; else it is a still', () => {
    const meaning = read('bluecherry', '2026/05/01/000003/13-07-42.jpg');
    expect(meaning).toMatchObject({
      is: 'sidecar',
      alone: { kind: 'still', recorderCamera: '000003', lengthMs: 0 },
    });
    expect(meaning?.is === 'sidecar' && meaning.of.slice(0, 2)).toEqual([
      '2026/05/01/000003/13-07-42.mp4',
      '2026/05/01/000003/13-07-42.MP4',
    ]);
  });

  test('a loose picture in a camera’s directory is a still of that camera without a time', () => {
    const meaning = read('motioneye', 'C/2026-05-01/lastsnap.jpg');
    expect(meaning).toMatchObject({ alone: { kind: 'still', recorderCamera: 'C', startsMs: [] } });
  });

  test('a video in a camera’s directory whose name tells no time is a clip of that camera', () => {
    for (const [layout, path, camera] of [
      ['frigate', '2026-05-01/13/hall/odd name.mp4', 'hall'],
      ['mediamtx', 'site/hall/odd\nname.mkv', 'site/hall'],
      ['shinobi', 'g/hall/--help.mp4', 'hall'],
    ] as const) {
      expect(clip(read(layout, path))).toMatchObject({ recorderCamera: camera, startsMs: [], named: false });
    }
  });

  test('where paths name no camera, everything in the right place is of the only one', () => {
    expect(clip(read('motion', 'odd.mkv'))).toMatchObject({ recorderCamera: SOLE_CAMERA, startsMs: [] });
    expect(clip(read('reolink-card', 'Mp4Record/2026-05-01/odd.mp4'))).toMatchObject({
      recorderCamera: SOLE_CAMERA,
    });
    expect(read('reolink-card', 'odd.mp4')).toBeUndefined();
  });

  test('a picture whose camera is unknown is nothing we know', () => {
    expect(read('reolink-ftp', 'snapshot.jpg')).toBeUndefined();
    expect(read('frigate', 'loose.jpg')).toBeUndefined();
  });

  test('an Axis XML belongs to its block; that of the recording is the recorder’s own', () => {
    const recording = '20260501_130700_8D1F_ACCC8E012345';
    expect(read('axis-edge', `${recording}/20260501_13/20260501_130742_77A0.xml`)).toMatchObject({
      is: 'sidecar',
    });
    expect(read('axis-edge', `${recording}/recording.xml`)).toEqual({ is: 'companion' });
  });

  test('pictures of a ZoneMinder event belong to its video', () => {
    const meaning = read('zoneminder', '1/2026-05-01/4711/00012-capture.jpg');
    expect(meaning?.is === 'sidecar' && meaning.of[0]).toBe('1/2026-05-01/4711/4711-video.mp4');
  });

  test('incomplete.mp4 of ZoneMinder is unfinished, in every scheme', () => {
    for (const path of [
      '1/2026-05-01/4711/incomplete.mp4',
      '1/26/05/01/13/07/42/incomplete.mp4',
      '1/4711/incomplete.mp4',
    ]) {
      expect(read('zoneminder', path)).toMatchObject({
        is: 'unfinished',
        abandoned: { recorderCamera: '1' },
      });
    }
  });

  test.each([
    ['frigate', '2026-05-01/13/hall/07.42.mp4.part'],
    ['reolink-ftp', 'Gate_00_20260501130742.mp4.tmp'],
    ['motioneye', 'C/2026-05-01/.13-07-42.mp4.Xy12Ab'],
    ['dahua', 'G/S/2026-05-01/001/dav/13/13.07.42-13.08.12[M][0@0][0].dav_'],
    ['kerberos', '1777633662_3-967_yard_0-0-0-0_0_0_.mp4'],
  ])('%s: %s is unfinished and would be footage if abandoned', (layout, path) => {
    expect(read(layout, path)).toMatchObject({ is: 'unfinished', abandoned: { kind: 'video' } });
  });

  test('Synology’s thumbnails follow their clip, its other data is its own, its snapshots are stills', () => {
    const name = 'Tor20260501-090742-1777619262.mp4';
    expect(read('synology', `Tor/20260501AM/@eaDir/${name}/SYNOVIDEO_VIDEO_SCREENSHOT.jpg`)).toEqual({
      is: 'sidecar',
      of: [`Tor/20260501AM/${name}`],
    });
    expect(read('synology', 'Tor/@eaDir/SYNO@.fileindexdb')).toEqual({ is: 'companion' });
    expect(clip(read('synology', '@Snapshot/Tor-20260501-0907421234.jpg'))).toMatchObject({
      kind: 'still',
      recorderCamera: 'Tor',
    });
  });
});

describe('names of cameras', () => {
  test('bytes that are not UTF-8 name a camera no configuration can name, and come back as bytes', () => {
    const layout = compileLayout({ layout: 'motioneye', timeZone: 'UTC' });
    const path = 'c\xff/2026-05-01/13-07-42.mp4';
    const { recorderCamera, startsMs } = clip(layout.read(path));
    expect(recorderCamera).not.toBe('cÿ');
    expect(layout.format(recorderCamera, startsMs[0]!)).toBe(path);
  });

  test('of two ways to read a path the one with a configured camera counts', () => {
    const path = 'NVR_01_20260501130742.mp4';
    const options = { layout: 'reolink-ftp', timeZone: 'UTC' };
    expect(clip(compileLayout(options).read(path)).recorderCamera).toBe('NVR');
    const cameras = ['NVR_00', 'NVR_01'];
    expect(clip(compileLayout({ ...options, cameras }).read(path)).recorderCamera).toBe('NVR_01');
  });

  test.each(['', '.', '..', 'a/b', 'a\0b'])('format refuses %j as a camera', (camera) => {
    const layout = compileLayout({ layout: 'frigate', timeZone: 'UTC' });
    expect(() => layout.format(camera, 0)).toThrow(/camera/);
  });
});

describe('until when a directory receives files', () => {
  const closes = (layout: string, dir: string, timeZone = BERLIN): string | null => {
    const ms = compileLayout({ layout, timeZone }).closesMs(bytes(dir));
    return ms === null ? null : new Date(ms).toISOString();
  };

  test('an hour’s directory of Frigate closes an hour and the longest clip after its hour', () => {
    expect(closes('frigate', '2026-05-01/13/hall')).toBe('2026-05-01T15:10:00.000Z');
    expect(closes('frigate', '2026-05-01/13')).toBe('2026-05-01T15:10:00.000Z');
    expect(closes('frigate', '2026-05-01')).toBe('2026-05-02T01:10:00.000Z');
  });

  test('a day is the recorder’s day, and clips without a limit may still end a day later', () => {
    expect(closes('motioneye', 'C/2026-05-01')).toBe('2026-05-02T23:00:00.000Z');
    expect(closes('reolink-ftp', '2026/05')).toBe('2026-06-01T23:00:00.000Z');
    expect(closes('reolink-ftp', 'deep/2026')).toBe('2027-01-02T00:00:00.000Z');
    expect(closes('bluecherry', '2026/05/01/000003/x')).toBe('2026-05-02T23:00:00.000Z');
  });

  test('a directory without a date never closes', () => {
    expect(closes('mediamtx', 'hall')).toBeNull();
    expect(closes('frigate', '')).toBeNull();
    expect(closes('motioneye', 'C')).toBeNull();
    expect(closes('frigate', '2026-99-01/13')).toBeNull();
  });

  test('the directory of an Axis recording goes on, only its hours close', () => {
    const recording = '20260501_130700_8D1F_ACCC8E012345';
    expect(closes('axis-edge', recording)).toBeNull();
    expect(closes('axis-edge', `${recording}/20260501_13`)).toBe('2026-05-02T13:00:00.000Z');
  });
});
