/** Track entries of Matroska: codec, picture size, frame length. */
import { audioOfWaveTag, codecOfMatroskaId, videoOfFourcc } from '../codecs.ts';
import type { Extent } from '../boxes.ts';
import { forEachElement, textOf, uintOf, type Element } from './ebml.ts';
import { ID, type MatroskaTrack } from './ids.ts';
import { sizeFromConfiguration } from '../mp4/entry.ts';
import type { Reader } from '../reader.ts';

const MAX_TRACKS = 64;
const KINDS = new Map([
  [1, 'video' as const],
  [2, 'audio' as const],
]);

export function readTracks(r: Reader, tracks: Element): MatroskaTrack[] {
  const found: MatroskaTrack[] = [];
  forEachElement(r, tracks, (child) => {
    if (child.id === ID.trackEntry && found.length < MAX_TRACKS) found.push(readTrack(r, child));
  });
  return found;
}

interface Draft {
  number: number;
  type: number;
  codecId: string;
  codecPrivate: Extent | undefined;
  frameNs: number;
  widthPx: number;
  heightPx: number;
  bits: number;
}

/** Numbers of a track entry, of its Video and of its Audio element; the ids are distinct. */
const NUMBERS: ReadonlyMap<number, 'number' | 'type' | 'frameNs' | 'widthPx' | 'heightPx' | 'bits'> = new Map(
  [
    [ID.trackNumber, 'number'],
    [ID.trackType, 'type'],
    [ID.defaultDuration, 'frameNs'],
    [ID.pixelWidth, 'widthPx'],
    [ID.pixelHeight, 'heightPx'],
    [ID.bitDepth, 'bits'],
  ],
);

function readTrack(r: Reader, entry: Element): MatroskaTrack {
  const t: Draft = {
    number: 0,
    type: 0,
    codecId: '',
    codecPrivate: undefined,
    frameNs: 0,
    widthPx: 0,
    heightPx: 0,
    bits: 16,
  };
  const take = (child: Element): void => {
    const field = NUMBERS.get(child.id);
    if (field !== undefined) t[field] = uintOf(r, child);
    else if (child.id === ID.codecId) t.codecId = textOf(r, child);
    else if (child.id === ID.codecPrivate) t.codecPrivate = child;
  };
  forEachElement(r, entry, (child) => {
    if (child.id === ID.video || child.id === ID.audio) forEachElement(r, child, take);
    else take(child);
  });
  const codec = codecOf(r, t);
  // As with MP4: the parameter set tells what is decoded; some headers state whole macroblocks (1088 lines for 1080).
  const configured = t.codecPrivate && sizeFromConfiguration(r, codec, t.codecPrivate);
  const stated = t.widthPx > 0 && t.heightPx > 0 ? { widthPx: t.widthPx, heightPx: t.heightPx } : undefined;
  const size = configured ?? stated;
  return { number: t.number, kind: KINDS.get(t.type) ?? 'other', codec, size, frameNs: t.frameNs };
}

/** What the codec id names; for the ids taken over from Windows the private data tells. */
function codecOf(r: Reader, { codecId, codecPrivate: data, bits }: Draft): string | null {
  if (codecId === 'V_MS/VFW/FOURCC') {
    return data === undefined || data.from + 20 > data.to
      ? null
      : videoOfFourcc(r.bytes(data.from + 16, 4).toString('latin1'));
  }
  if (codecId === 'A_MS/ACM') {
    return data === undefined || data.from + 16 > data.to
      ? null
      : audioOfWaveTag(r.u16le(data.from), r.u16le(data.from + 14));
  }
  return pcmOf(codecId, bits) ?? codecOfMatroskaId(codecId);
}

function pcmOf(codecId: string, bits: number): string | null {
  if (codecId === 'A_PCM/FLOAT/IEEE') return audioOfWaveTag(3, bits === 64 ? 64 : 32);
  if (!codecId.startsWith('A_PCM/INT/')) return null;
  const little = audioOfWaveTag(1, bits);
  return codecId === 'A_PCM/INT/BIG' ? (little?.replace(/le$/, 'be') ?? null) : little;
}
