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
  clips: [
    '{camera}/{YYYY}-{MM}-{DD}/{hh}-{mm}-{ss}(|-{serial}){ext}',
    // The camera's own directory is the root of the source.
    '{YYYY}-{MM}-{DD}/{hh}-{mm}-{ss}(|-{serial}){ext}',
  ],
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
    {
      path: '2024-05-01/13-07-42.mp4',
      camera: SOLE_CAMERA,
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
  clips: [
    '({camera+}/|){serial:2}-{YYYY}{MM}{DD}{hh}{mm}{ss}(|-{any}){ext}',
    // As the files that come with it set it: 5.x event and movie, 4.x camera and event. Only events have two digits
    // from the first on.
    '({camera+}/|){serial:2}-{serial:2}-{YYYY}{MM}{DD}{hh}{mm}{ss}(|-{any}){ext}',
    '{dirs}{camera}-{serial:2}-{YYYY}{MM}{DD}{hh}{mm}{ss}(|-{any}){ext}',
  ],
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
    {
      path: '07-01-20240501130742.mkv',
      camera: SOLE_CAMERA,
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
    { path: '2-101-20240501130742.mkv', camera: '2', zone: BERLIN, start: '2024-05-01T11:07:42.000Z' },
  ],
};

export const reolinkFtp: Recorder = {
  name: 'reolink-ftp',
  title: 'Reolink (FTP upload)',
  zoneRule: 'local',
  ext: 'mp4',
  clips: [
    '{dirs}(|{YYYY}/{MM}/{DD}/|{YYYY}/{MM}/|{YYYY}-{MM}-{DD}/){camera}_{channel}_{YYYY}{MM}{DD}{hh}{mm}{ss}{ext}',
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
    // The two characters behind the letter are the version of the name: 02, 0A.
    '({camera+}/|)Mp4Record/{YYYY}-{MM}-{DD}/Rec(M|S|E|C){hex:2}_{dst}{YYYY}{MM}{DD}_{hh}{mm}{ss}_{endhh}{endmm}{endss}(|_{any}){ext}',
    '{YYYY}-{MM}-{DD}/Rec(M|S|E|C){hex:2}_{dst}{YYYY}{MM}{DD}_{hh}{mm}{ss}_{endhh}{endmm}{endss}(|_{any}){ext}',
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
      path: 'gate/Mp4Record/2024-05-01/RecS0A_DST20240501_130742_130812_0_6D28808_2C3B4A.mp4',
      camera: 'gate',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

const FROM_TO = '{YYYY}{MM}{DD}{hh}{mm}{ss}_{endYYYY}{endMM}{endDD}{endhh}{endmm}{endss}';
const PICTURES = '({camera}/{dirs}|){YYYY}-{MM}-{DD}/({serial}/jpg|pic_{serial})/';

export const dahua: Recorder = {
  name: 'dahua',
  title: 'Dahua and Amcrest (FTP upload)',
  zoneRule: 'local',
  ext: 'dav',
  clips: [
    '({camera}/{dirs}|){YYYY}-{MM}-{DD}/{serial:3}/(dav|mp4)/{hh}/{dirs}{hh}.{mm}.{ss}-{endhh}.{endmm}.{endss}{any:[M][0@0][0]}{ext}',
    // Recorders for several cameras: the channel is part of the name, and so is the stream.
    `{dirs}{camera}_(main|sub|extra)_${FROM_TO}{ext}`,
    `{dirs}{camera}_${FROM_TO}{ext}`,
  ],
  stills: [
    `${PICTURES}{hh}/{mm}/{ss}\\[{any}{ext}`,
    `${PICTURES}(|{hh}/){hh}.{mm}.{ss}{any}{ext}`,
    `${PICTURES}{hh}/{mm}.{ss}\\[{any}{ext}`,
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
    {
      path: 'NVR_ch1_main_20240501130742_20240501140742.dav',
      camera: 'NVR_ch1',
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
  // While recording: no length yet, or none. Renamed when it is known; one that never is stays footage.
  unfinished: [
    '{dirs}{epoch}_{numbers}_{camera}_{numbers}_{numbers}_{numbers}_{ext}',
    '{dirs}{epoch}_(3|2|1)-{numbers}_{camera}_{numbers}_{numbers}_0{ext}',
  ],
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
