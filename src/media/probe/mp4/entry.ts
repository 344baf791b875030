/** Sample entries: which codec a track holds and how large its pictures are. */
import { findBox, forEachBox, fourcc, fourccText, type Extent } from '../boxes.ts';
import { audioOfFourcc, audioOfWaveTag, codecOfObjectType, videoOfFourcc } from '../codecs.ts';
import type { Reader } from '../reader.ts';
import { sizeFromH264, sizeFromHevc, type PictureSize } from '../sps.ts';

export interface SampleEntry {
  readonly codec: string | null;
  /** Undefined for sound. */
  readonly size?: PictureSize | undefined;
}

const SINF = fourcc('sinf');
const FRMA = fourcc('frma');
const ESDS = fourcc('esds');
const WAVE = fourcc('wave');
const AVCC = fourcc('avcC');
const HVCC = fourcc('hvcC');

/** VisualSampleEntry: eight bytes of SampleEntry, seventy of its own. */
const VISUAL_BYTES = 78;
const AUDIO_BYTES = 28;
/** QuickTime's sound descriptions of version 1 and 2 are longer. */
const AUDIO_V1_EXTRA = 16;
const AUDIO_V2_EXTRA = 36;
const MAX_SPS = 512;

/** The first entry of a `stsd` body; undefined when there is none. */
export function sampleEntry(r: Reader, stsd: Extent, kind: 'video' | 'audio'): SampleEntry | undefined {
  let entry: SampleEntry | undefined;
  forEachBox(r, { from: stsd.from + 8, to: stsd.to }, (type, body) => {
    entry ??= kind === 'video' ? videoEntry(r, type, body) : audioEntry(r, type, body);
  });
  return entry;
}

function videoEntry(r: Reader, type: number, body: Extent): SampleEntry | undefined {
  if (body.from + VISUAL_BYTES > body.to) return undefined;
  const inside = { from: body.from + VISUAL_BYTES, to: body.to };
  const format = originalFormat(r, type, inside);
  const stated = { widthPx: r.u16(body.from + 24), heightPx: r.u16(body.from + 26) };
  if (format === 'mp4v') return { codec: codecOfEsds(r, inside) ?? 'mpeg4', size: stated };
  const codec = videoOfFourcc(format);
  return { codec, size: configuredSize(r, codec, inside) ?? stated };
}

/** Size by the parameter set in the decoder configuration: what is decoded, whatever the entry states. */
function configuredSize(r: Reader, codec: string | null, inside: Extent): PictureSize | undefined {
  const type = codec === 'h264' ? AVCC : codec === 'hevc' ? HVCC : undefined;
  const record = type === undefined ? undefined : findBox(r, inside, type);
  return record === undefined ? undefined : sizeFromConfiguration(r, codec, record);
}

/** Size from an AVC or HEVC decoder configuration record; undefined when it holds no parameter set that parses. */
export function sizeFromConfiguration(
  r: Reader,
  codec: string | null,
  record: Extent,
): PictureSize | undefined {
  if (codec === 'hevc') return sizeFromHvcc(r, record);
  if (codec !== 'h264' || record.from + 8 > record.to || (r.u8(record.from + 5) & 31) === 0) return undefined;
  return sizeFromH264(nalAt(r, record.from + 6, record.to));
}

const HEVC_SPS = 33;

/** HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1): arrays of NAL units by type. */
function sizeFromHvcc(r: Reader, hvcc: Extent): PictureSize | undefined {
  if (hvcc.from + 23 > hvcc.to) return undefined;
  let at = hvcc.from + 23;
  for (let array = r.u8(hvcc.from + 22); array > 0 && at + 5 <= hvcc.to; array--) {
    const type = r.u8(at) & 63;
    let nals = r.u16(at + 1);
    at += 3;
    if (type === HEVC_SPS && nals > 0) return sizeFromHevc(nalAt(r, at, hvcc.to));
    for (; nals > 0 && at + 2 <= hvcc.to; nals--) at += 2 + r.u16(at);
  }
  return undefined;
}

/** A NAL unit behind its 16-bit length, cut at `to` and at what a parameter set needs. */
function nalAt(r: Reader, at: number, to: number): Buffer {
  if (at + 2 > to) return Buffer.alloc(0);
  return r.bytes(at + 2, Math.min(r.u16(at), MAX_SPS, to - at - 2));
}

function audioEntry(r: Reader, type: number, body: Extent): SampleEntry | undefined {
  if (body.from + AUDIO_BYTES > body.to) return undefined;
  const version = r.u16(body.from + 8);
  const bits = r.u16(body.from + 18);
  const extra = version === 1 ? AUDIO_V1_EXTRA : version === 2 ? AUDIO_V2_EXTRA : 0;
  const inside = { from: Math.min(body.from + AUDIO_BYTES + extra, body.to), to: body.to };
  const format = originalFormat(r, type, inside);
  if (format === 'mp4a') return { codec: codecOfEsds(r, inside) ?? 'aac' };
  if (format === 'twos' && bits === 8) return { codec: 'pcm_s8' };
  if (format === 'sowt') return { codec: audioOfWaveTag(1, bits) };
  return { codec: audioOfFourcc(format) };
}

/** The entry's name, or for an encrypted one (`encv`, `enca`) the name it had before. */
function originalFormat(r: Reader, type: number, inside: Extent): string {
  const name = fourccText(type);
  if (name !== 'encv' && name !== 'enca') return name;
  const sinf = findBox(r, inside, SINF);
  const frma = sinf === undefined ? undefined : findBox(r, sinf, FRMA);
  return frma === undefined || frma.from + 4 > frma.to ? name : fourccText(r.u32(frma.from));
}

/** The object type in an `esds` box; QuickTime puts it into a `wave` atom. */
function codecOfEsds(r: Reader, inside: Extent): string | null {
  const wave = findBox(r, inside, WAVE);
  const esds = findBox(r, inside, ESDS) ?? (wave === undefined ? undefined : findBox(r, wave, ESDS));
  if (esds === undefined) return null;
  const elementary = descriptor(r, esds.from + 4, esds.to);
  if (elementary?.tag !== 3) return null;
  const flags = r.u8(elementary.from + 2);
  let at = elementary.from + 3 + (flags & 0x80 ? 2 : 0);
  if (flags & 0x40) at += 1 + r.u8(at);
  if (flags & 0x20) at += 2;
  const decoder = descriptor(r, at, esds.to);
  return decoder?.tag === 4 && decoder.from < esds.to ? codecOfObjectType(r.u8(decoder.from)) : null;
}

/** A descriptor's tag and where its content begins: the length takes one to four bytes. */
function descriptor(r: Reader, at: number, to: number): { tag: number; from: number } | undefined {
  let from = at + 1;
  for (let i = 0; i < 4 && from < to; i++) {
    const more = r.u8(from) & 0x80;
    from += 1;
    if (more === 0) break;
  }
  return from < to ? { tag: r.u8(at), from } : undefined;
}
