/** Network video recorders in software: Frigate, MediaMTX, Shinobi, ZoneMinder, Synology, Bluecherry, lightNVR, Blue Iris. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../base/clock.ts';
import type { Recorder } from '../recorder.ts';

const BERLIN = 'Europe/Berlin';

export const frigate: Recorder = {
  name: 'frigate',
  title: 'Frigate',
  zoneRule: 'utc',
  ext: 'mp4',
  clips: ['(|recordings/){YYYY}-{MM}-{DD}/{hh}/{camera}/{mm}.{ss}{ext}'],
  homes: ['clips/(previews|thumbs|triggers)/{camera}'],
  stills: [
    'clips/{camera}-{epoch}.{ffffff}-{any}{ext}',
    'clips/review/thumb-{camera}-{epoch}.{ffffff}-{any}{ext}',
  ],
  usualClipMs: 10 * SECOND_MS,
  // Frigate discards segments that are longer (MAX_SEGMENT_DURATION).
  maxClipMs: 600 * SECOND_MS,
  // Copied from its cache to the final name: for a moment the file grows there.
  finishedBy: 'none',
  examples: [
    {
      path: '2024-05-01/13/front_door/07.42.mp4',
      camera: 'front_door',
      zone: BERLIN,
      start: '2024-05-01T13:07:42.000Z',
    },
  ],
};

/** MediaMTX may be told to sort by days, which belong to no camera's name. */
const DAYS = '(|{YYYY}-{MM}-{DD}/(|{hh}/)|{YYYY}/{MM}/{DD}/(|{hh}/))';

export const mediamtx: Recorder = {
  name: 'mediamtx',
  title: 'MediaMTX',
  zoneRule: 'local',
  ext: 'mp4',
  clips: [
    `{camera+}/${DAYS}{YYYY}-{MM}-{DD}_{hh}-{mm}-{ss}(-{ffffff}|)(|(|-|_){zone}){ext}`,
    `{camera+}/${DAYS}{epoch}(|(.|-|_){ffffff}){ext}`,
    '{camera+}/{YYYY}/{MM}/{DD}/{hh}-{mm}-{ss}(|-{ffffff}){ext}',
  ],
  usualClipMs: HOUR_MS,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: 'hall/2024-05-01_13-07-42-123456.mp4',
      camera: 'hall',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.123Z',
    },
    {
      path: 'site/hall/2024-05-01_13-07-42-123456.ts',
      camera: 'site/hall',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.123Z',
    },
    {
      path: 'hall/2024-05-01_13-07-42-123456-0700.mp4',
      camera: 'hall',
      zone: BERLIN,
      start: '2024-05-01T20:07:42.123Z',
    },
    { path: 'hall/1714561662.mp4', camera: 'hall', zone: BERLIN, start: '2024-05-01T11:07:42.000Z' },
    {
      path: 'hall/2024-05-01/13/2024-05-01_13-07-42-123456.mp4',
      camera: 'hall',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.123Z',
    },
  ],
};

export const shinobi: Recorder = {
  name: 'shinobi',
  title: 'Shinobi',
  zoneRule: 'local',
  ext: 'mp4',
  clips: [
    '{any:group}/{camera}/{YYYY}-{MM}-{DD}T{hh}-{mm}-{ss}{ext}',
    '{camera}/{YYYY}-{MM}-{DD}T{hh}-{mm}-{ss}{ext}',
  ],
  stills: ['{any}/{camera}_timelapse/{YYYY}-{MM}-{DD}/{YYYY}-{MM}-{DD}T{hh}-{mm}-{ss}{ext}'],
  usualClipMs: 15 * MINUTE_MS,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: '2Df5hBE/yard/2024-05-01T13-07-42.mp4',
      camera: 'yard',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

export const zoneminder: Recorder = {
  name: 'zoneminder',
  title: 'ZoneMinder',
  zoneRule: 'local',
  ext: 'mp4',
  clips: [
    '{camera}/{YYYY}-{MM}-{DD}/{serial}/{serial}-video(|.{word}){ext}',
    '{camera}/{YY}/{MM}/{DD}/{hh}/{mm}/{ss}/{serial}-video(|.{word}){ext}',
    '{camera}/{serial}/{serial}-video(|.{word}){ext}',
  ],
  unfinished: ['{camera}/{any}/{any}/incomplete(|.{word}){ext}', '{camera}/{dirs}incomplete(|.{word}){ext}'],
  companions: ['{camera}/{dirs}.{serial}'],
  attached: {
    dir: '{camera}/(|{YYYY}-{MM}-{DD}/){serial}',
    of: ['', '.h264', '.hevc', '.h265', '.av1', '.vp9'].map((codec) => `{serial}-video${codec}{ext}`),
  },
  usualClipMs: 600 * SECOND_MS,
  maxClipMs: null,
  finishedBy: 'final_name',
  examples: [
    { path: '1/2024-05-01/4711/4711-video.mp4', camera: '1', zone: BERLIN, start: undefined },
    {
      path: '1/24/05/01/13/07/42/4711-video.mp4',
      camera: '1',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
    { path: '1/4711/4711-video.mp4', camera: '1', zone: BERLIN, start: undefined },
  ],
};

export const synology: Recorder = {
  name: 'synology',
  title: 'Synology Surveillance Station',
  zoneRule: 'exact',
  ext: 'mp4',
  clips: [
    '{camera}/{YYYY}{MM}{DD}{ampm}/({camera}|{any}){YYYY}{MM}{DD}-{hh}{mm}{ss}(-{epoch}|){ext}',
    '{camera}/({camera}|{any}){YYYY}{MM}{DD}-{hh}{mm}{ss}(-{epoch}|){ext}',
  ],
  stills: [
    '@Snapshot/{camera}-{YYYY}{MM}{DD}-{any}{ext}',
    '@Snapshot/@PushServ/{camera}/{any}{ext}',
    '@Snapshot/{camera}/{any}{ext}',
    // Pictures for its timeline, without an extension.
    '{camera}/@SSRECMETA/Preview/{any}/{serial}/{epoch}',
  ],
  usualClipMs: 30 * MINUTE_MS,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: 'Gate 1/20240501PM/Gate 120240501-130742-1714561662.mp4',
      camera: 'Gate 1',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

export const bluecherry: Recorder = {
  name: 'bluecherry',
  title: 'Bluecherry',
  zoneRule: 'local',
  ext: 'mp4',
  clips: ['{YYYY}/{MM}/{DD}/{camera}/{hh}-{mm}-{ss}{ext}'],
  usualClipMs: null,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: '2024/05/01/000003/13-07-42.mp4',
      camera: '000003',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

export const lightnvr: Recorder = {
  name: 'lightnvr',
  title: 'lightNVR',
  zoneRule: 'local',
  ext: 'mp4',
  clips: ['(mp4/|){camera}/(|{YYYY}/{MM}/{DD}/)recording_{YYYY}{MM}{DD}_{hh}{mm}{ss}{ext}'],
  usualClipMs: 30 * SECOND_MS,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: 'mp4/yard/recording_20240501_130742.mp4',
      camera: 'yard',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
    {
      path: 'mp4/yard/2024/05/01/recording_20240501_130742.mp4',
      camera: 'yard',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};

export const blueiris: Recorder = {
  name: 'blueiris',
  title: 'Blue Iris (recording to MP4)',
  zoneRule: 'local',
  ext: 'mp4',
  clips: ['(New/|{dirs}){camera}.{YYYY}{MM}{DD}_{hh}{mm}{ss}(|(.|-|_){any}){ext}'],
  usualClipMs: null,
  maxClipMs: null,
  finishedBy: 'none',
  examples: [
    {
      path: 'New/FRONT.20240501_130742.mp4',
      camera: 'FRONT',
      zone: BERLIN,
      start: '2024-05-01T11:07:42.000Z',
    },
  ],
};
