/** Cameras and motion recorders that write files themselves: Motion, motionEye, Reolink, Dahua, Kerberos, Axis. */
import { MINUTE_MS, SECOND_MS } from '../../../base/clock.ts';
import { SOLE_CAMERA } from '../layout.ts';
import type { Recorder } from '../recorder.ts';

const BERLIN = 'Europe/Berlin';

export const motioneye: Recorder = {
  name: 'motioneye',
  title: 'motionEye',
  zoneRule: 'local',
  ext: 'mp4',
  clips: ['{camera}/{YYYY}-{MM}-{DD}/{hh}-{mm}-{ss}(|-{serial}){ext}'],
  homes: ['{camera}'],
  companions: ['{camera}/.keep'],
  usualClipMs: null,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: 'Camera1/2024-05-01/13-07-42.mp4',
      camera: 'Camera1',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

export const motion: Recorder = {
  name: 'motion',
  title: 'Motion',
  zoneRule: 'local',
  ext: 'mkv',
  clips: ['({camera+}/|){serial:2}-{YYYY}{MM}{DD}{hh}{mm}{ss}(|-{any}){ext}'],
  usualClipMs: null,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: 'yard/07-20240501130742.mkv',
      camera: 'yard',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
    { path: '07-20240501130742.mkv', camera: SOLE_CAMERA, zone: BERLIN, start: '2024-05-01T11:07:42.000Z' },
  ],
};

export const reolinkFtp: Recorder = {
  name: 'reolink-ftp',
  title: 'Reolink (FTP upload)',
  zoneRule: 'local',
  ext: 'mp4',
  clips: [
    '{dirs}(|{YYYY}/{MM}/{DD}/|{YYYY}/{MM}/|{YYYY}-{MM}-{DD}/){camera}_{any:00}_{YYYY}{MM}{DD}{hh}{mm}{ss}{ext}',
    // With the channel as part of the camera's name, for an NVR that uploads several: counts when configured so.
    '{dirs}(|{YYYY}/{MM}/{DD}/|{YYYY}/{MM}/|{YYYY}-{MM}-{DD}/){camera}_{YYYY}{MM}{DD}{hh}{mm}{ss}{ext}',
  ],
  usualClipMs: null,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: '2024/05/01/Gate_00_20240501130742.mp4',
      camera: 'Gate',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
    { path: 'Gate_00_20240501130742.mp4', camera: 'Gate', zone: BERLIN, start: '2024-05-01T11:07:42.000Z' },
  ],
};

export const reolinkCard: Recorder = {
  name: 'reolink-card',
  title: 'Reolink (memory card)',
  zoneRule: 'local',
  ext: 'mp4',
  clips: [
    '({camera+}/|)Mp4Record/{YYYY}-{MM}-{DD}/Rec(M|S){serial:2}_{dst}{YYYY}{MM}{DD}_{hh}{mm}{ss}_{endhh}{endmm}{endss}(|_{any}){ext}',
    '{YYYY}-{MM}-{DD}/Rec(M|S){serial:2}_{dst}{YYYY}{MM}{DD}_{hh}{mm}{ss}_{endhh}{endmm}{endss}(|_{any}){ext}',
  ],
  usualClipMs: null,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: 'Mp4Record/2024-01-05/RecM01_20240105_130742_130812_6D28808_2C3B4A.mp4',
      camera: SOLE_CAMERA,
      zone: BERLIN,
      start: '2024-01-05T12:07:42.000Z',
    },
    {
      path: 'gate/Mp4Record/2024-05-01/RecS02_DST20240501_130742_130812_0_6D28808_2C3B4A.mp4',
      camera: 'gate',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

export const dahua: Recorder = {
  name: 'dahua',
  title: 'Dahua and Amcrest (FTP upload)',
  zoneRule: 'local',
  ext: 'dav',
  clips: [
    '({camera}/{dirs}|){YYYY}-{MM}-{DD}/{serial:3}/(dav|mp4)/{hh}/{dirs}{hh}.{mm}.{ss}-{endhh}.{endmm}.{endss}{any:[M][0@0][0]}{ext}',
  ],
  stills: [
    '({camera}/{dirs}|){YYYY}-{MM}-{DD}/{serial}/jpg/{hh}/{mm}/{ss}\\[{any}{ext}',
    '({camera}/{dirs}|){YYYY}-{MM}-{DD}/{serial}/jpg/{hh}/{mm}.{ss}{any}{ext}',
  ],
  companions: ['{dirs}DVRWorkDirectory'],
  usualClipMs: null,
  maxClipMs: null,
  // The name with the end stands only when the end is known, but an upload still grows under it.
  finishedBy: 'none',
  examples: [
    {
      path: 'Gate/4F0A1B2PAZ/2024-05-01/001/dav/13/13.07.42-13.08.12[M][0@0][0].dav',
      camera: 'Gate',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

export const kerberos: Recorder = {
  name: 'kerberos',
  title: 'Kerberos agent',
  zoneRule: 'exact',
  ext: 'mp4',
  clips: [
    '{dirs}{epoch}_(3|2|1)-{numbers}_{camera}_{numbers}_{numbers}_{durationms}{ext}',
    // The older agent wrote microseconds, and ended the name with a token instead of the length.
    '{dirs}{epoch}_6-{numbers}_{camera}_{numbers}_{numbers}_{numbers}{ext}',
  ],
  // While recording: no length yet. Renamed when it is known.
  unfinished: ['{dirs}{epoch}_{numbers}_{camera}_{numbers}_{numbers}_{numbers}_{ext}'],
  usualClipMs: 30 * SECOND_MS,
  maxClipMs: null,
  finishedBy: 'final_name',
  examples: [
    {
      path: '1714561662_3-967_front_door_0-0-0-0_-1_29769.mp4',
      camera: 'front_door',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
    {
      path: '1714561662_6-967003_oprit_577-283-727-375_1153_27.mp4',
      camera: 'oprit',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

export const axisEdge: Recorder = {
  name: 'axis-edge',
  title: 'Axis edge storage',
  zoneRule: 'local',
  ext: 'mkv',
  clips: [
    '{dirs}{YYYY}{MM}{DD}_{hh}{mm}{ss}_{hex:4}_{camera}/{YYYY}{MM}{DD}_{hh}/{YYYY}{MM}{DD}_{hh}{mm}{ss}_{hex:4}{ext}',
  ],
  homes: [
    '{dirs}{serial:8}_{serial:6}_{hex:4}_{camera}/{any}',
    '{dirs}{serial:8}_{serial:6}_{hex:4}_{camera}',
  ],
  companions: ['{dirs}{serial:8}_{serial:6}_{hex:4}_{camera}/recording.xml'],
  // A recording's directory is named after its start and goes on receiving blocks; only the hour's directory closes.
  closing: ['{dirs}{serial:8}_{serial:6}_{hex:4}_{camera}/{YYYY}{MM}{DD}_{hh}'],
  usualClipMs: 5 * MINUTE_MS,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: '20240501_130700_8D1F_ACCC8E012345/20240501_13/20240501_130742_77A0.mkv',
      camera: 'ACCC8E012345',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};
