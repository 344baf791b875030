/** MP4 written by hand, for tests of what no encoder at hand writes. All sizes as in ISO/IEC 14496-12. */

export function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((v, i) => out.writeUInt32BE(v >>> 0, 4 * i));
  return out;
}

export function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}

export function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, 'latin1'), body]);
}

/** A box with a 64-bit size. */
export function wideBox(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(1), Buffer.from(type, 'latin1'), u64(16 + body.length), body]);
}

export interface TrackShape {
  readonly id?: number;
  readonly kind?: 'vide' | 'soun';
  readonly timescale?: number;
  /** Sample entry's name; its picture size is 640 x 360. */
  readonly format?: string;
  readonly size?: readonly [number, number];
  /** [segment duration, media time] in movie and track units. */
  readonly edits?: readonly (readonly [number, number])[];
  /** [count, delta] */
  readonly stts?: readonly (readonly [number, number])[];
  readonly ctts?: readonly (readonly [number, number])[];
  readonly stss?: readonly number[];
  readonly sampleSizes?: readonly number[];
  readonly sampleCount?: number;
  readonly chunkOffsets?: readonly number[];
  readonly wideOffsets?: boolean;
}

export interface MovieShape {
  readonly timescale?: number;
  readonly duration?: number;
  /** Seconds since 1904. */
  readonly created?: number;
  readonly tracks: readonly TrackShape[];
  /** Adds `mvex` with these defaults for every track. */
  readonly fragmentDefaults?: { readonly duration: number; readonly flags: number };
}

export function moov(shape: MovieShape): Buffer {
  const { timescale = 1000, duration = 0, created = 0 } = shape;
  const mvhd = box('mvhd', u32(0, created, 0, timescale, duration), Buffer.alloc(80));
  const defaults = shape.fragmentDefaults;
  const mvex =
    defaults === undefined
      ? []
      : [
          box(
            'mvex',
            ...shape.tracks.map((t) =>
              box('trex', u32(0, t.id ?? 1, 1, defaults.duration, 0, defaults.flags)),
            ),
          ),
        ];
  return box('moov', mvhd, ...shape.tracks.map(trak), ...mvex);
}

function trak(t: TrackShape): Buffer {
  const [width, height] = t.size ?? [640, 360];
  const tkhd = box('tkhd', u32(3, 0, 0, t.id ?? 1, 0, 0), Buffer.alloc(52), u32(width << 16, height << 16));
  const edits = t.edits ?? [];
  const elst = box('elst', u32(0, edits.length), ...edits.map(([d, m]) => u32(d, m, 0x10000)));
  const mdhd = box('mdhd', u32(0, 0, 0, t.timescale ?? 1000, 0, 0));
  const hdlr = box('hdlr', u32(0, 0), Buffer.from(t.kind ?? 'vide'), Buffer.alloc(13));
  return box(
    'trak',
    tkhd,
    ...(edits.length === 0 ? [] : [box('edts', elst)]),
    box('mdia', mdhd, hdlr, box('minf', stbl(t))),
  );
}

function stbl(t: TrackShape): Buffer {
  const runs = t.stts ?? [];
  const samples = t.sampleCount ?? runs.reduce((n, [count]) => n + count, 0);
  const table = (name: string, rows: readonly (readonly number[])[]): Buffer =>
    box(name, u32(0, rows.length), ...rows.map((row) => u32(...row)));
  const offsets = t.chunkOffsets ?? [];
  return box(
    'stbl',
    box('stsd', u32(0, 1), t.kind === 'soun' ? audioEntry(t.format ?? 'mp4a') : videoEntry(t)),
    table('stts', runs),
    ...(t.ctts === undefined ? [] : [table('ctts', t.ctts)]),
    ...(t.stss === undefined
      ? []
      : [
          table(
            'stss',
            t.stss.map((n) => [n]),
          ),
        ]),
    t.sampleSizes === undefined
      ? box('stsz', u32(0, 1, samples))
      : box('stsz', u32(0, 0, t.sampleSizes.length, ...t.sampleSizes)),
    t.wideOffsets === true
      ? box('co64', u32(0, offsets.length), ...offsets.map(u64))
      : table(
          'stco',
          offsets.map((n) => [n]),
        ),
  );
}

function videoEntry(t: TrackShape): Buffer {
  const [width, height] = t.size ?? [640, 360];
  const body = Buffer.alloc(78);
  body.writeUInt16BE(width, 24);
  body.writeUInt16BE(height, 26);
  return box(t.format ?? 'avc1', body);
}

function audioEntry(format: string): Buffer {
  return box(format, Buffer.alloc(28));
}

export interface RunShape {
  readonly durations?: readonly number[];
  readonly offsets?: readonly number[];
  /** Sample flags; the key bit is 0x10000 "not a key frame". */
  readonly flags?: readonly number[];
  readonly firstFlags?: number;
  readonly count?: number;
}

export function trun(run: RunShape): Buffer {
  const rows = run.durations ?? run.flags ?? run.offsets ?? [];
  const flags =
    (run.firstFlags === undefined ? 0 : 0x4) |
    (run.durations === undefined ? 0 : 0x100) |
    (run.flags === undefined ? 0 : 0x400) |
    (run.offsets === undefined ? 0 : 0x800);
  const present = <T>(list: readonly T[] | undefined, i: number): T[] =>
    list === undefined ? [] : [list[i]!];
  return box(
    'trun',
    u32(0x0100_0000 | flags, run.count ?? rows.length),
    ...(run.firstFlags === undefined ? [] : [u32(run.firstFlags)]),
    ...rows.map((_, i) =>
      u32(...present(run.durations, i), ...present(run.flags, i), ...present(run.offsets, i)),
    ),
  );
}

/** One fragment of one track: `moof` and its `mdat`. `base` is the decode time; undefined leaves `tfdt` out. */
export function fragment(base: number | undefined, runs: readonly RunShape[], trackId = 1): Buffer {
  const tfdt = base === undefined ? [] : [box('tfdt', u32(0x0100_0000), u64(base))];
  const traf = box('traf', box('tfhd', u32(0x02_0000, trackId)), ...tfdt, ...runs.map(trun));
  return Buffer.concat([box('moof', box('mfhd', u32(0, 1)), traf), box('mdat', Buffer.alloc(32))]);
}

export const FTYP = box('ftyp', Buffer.from('isom'), u32(0), Buffer.from('isom'));
export const MDAT = box('mdat', Buffer.alloc(64));
