/**
 * Picture size from the sequence parameter set of H.264 (ITU-T H.264, 7.3.2.1.1) and HEVC (H.265, 7.3.2.2.1),
 * cropping applied: what a decoder shows and ffprobe prints. A set that does not parse gives undefined.
 */
export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A set is far shorter; what lies beyond is not looked at. */
const MAX_SPS = 512;

const H264_SPS = 7;
const HEVC_SPS = 33;

/** `nal` begins with the NAL header. */
export function sizeFromH264(nal: Buffer): PictureSize | undefined {
  if (((nal[0] ?? 0) & 31) !== H264_SPS || !PROFILES.has(nal[1] ?? 0)) return undefined;
  return guarded(() => h264(new Bits(unescape(nal, 1))));
}

/** `nal` begins with the two bytes of the NAL header. */
export function sizeFromHevc(nal: Buffer): PictureSize | undefined {
  if ((((nal[0] ?? 0) >> 1) & 63) !== HEVC_SPS) return undefined;
  return guarded(() => hevc(new Bits(unescape(nal, 2))));
}

function h264(b: Bits): PictureSize {
  const profile = b.u(8);
  b.skip(16);
  b.ue();
  let chroma = 1;
  if (HIGH_PROFILES.has(profile)) {
    chroma = b.ue();
    if (chroma === 3) b.skip(1);
    b.ue();
    b.ue();
    b.skip(1);
    if (b.u(1) === 1) skipScalingLists(b, chroma === 3 ? 12 : 8);
  }
  b.ue();
  skipPictureOrder(b);
  b.ue();
  b.skip(1);
  const widthMbs = b.ue() + 1;
  const heightUnits = b.ue() + 1;
  const framesOnly = b.u(1);
  if (framesOnly === 0) b.skip(1);
  b.skip(1);
  const crop = b.u(1) === 1 ? [b.ue(), b.ue(), b.ue(), b.ue()] : [0, 0, 0, 0];
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = (chroma === 1 ? 2 : 1) * (2 - framesOnly);
  return cropped({ widthPx: widthMbs * 16, heightPx: heightUnits * 16 * (2 - framesOnly) }, crop, [
    unitX,
    unitY,
  ]);
}

/** Those whose set carries the chroma format; with the three older ones, all there are: another number is damage. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const PROFILES = new Set([66, 77, 88, ...HIGH_PROFILES]);

function skipScalingLists(b: Bits, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (b.u(1) === 0) continue;
    let last = 8;
    let next = 8;
    for (let i = 0; i < (list < 6 ? 16 : 64); i++) {
      if (next !== 0) next = (last + b.se() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

function skipPictureOrder(b: Bits): void {
  const type = b.ue();
  if (type === 0) b.ue();
  if (type !== 1) return;
  b.skip(1);
  b.se();
  b.se();
  const cycle = b.ue();
  if (cycle > 255) throw new RangeError('picture order cycle');
  for (let i = 0; i < cycle; i++) b.se();
}

function hevc(b: Bits): PictureSize {
  b.skip(4);
  const subLayers = b.u(3);
  b.skip(1 + 88 + 8);
  const present = Array.from({ length: subLayers }, () => [b.u(1), b.u(1)]);
  if (subLayers > 0) b.skip(2 * (8 - subLayers));
  for (const [profile, level] of present) b.skip((profile === 1 ? 88 : 0) + (level === 1 ? 8 : 0));
  b.ue();
  const chroma = b.ue();
  if (chroma === 3) b.skip(1);
  const widthPx = b.ue();
  const heightPx = b.ue();
  const crop = b.u(1) === 1 ? [b.ue(), b.ue(), b.ue(), b.ue()] : [0, 0, 0, 0];
  return cropped({ widthPx, heightPx }, crop, [chroma === 1 || chroma === 2 ? 2 : 1, chroma === 1 ? 2 : 1]);
}

/** `crop`: left, right, top, bottom in units of `unit` (x, y). */
function cropped(coded: PictureSize, crop: number[], unit: [number, number]): PictureSize {
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  return {
    widthPx: coded.widthPx - (left + right) * unit[0],
    heightPx: coded.heightPx - (top + bottom) * unit[1],
  };
}

function guarded(parse: () => PictureSize): PictureSize | undefined {
  try {
    const size = parse();
    const plausible = (n: number): boolean => n > 0 && n <= 65_535;
    return plausible(size.widthPx) && plausible(size.heightPx) ? size : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Removes the emulation prevention bytes (00 00 03 -> 00 00). */
function unescape(nal: Buffer, from: number): Buffer {
  const end = Math.min(nal.length, MAX_SPS);
  const out = Buffer.allocUnsafe(Math.max(0, end - from));
  let length = 0;
  let zeros = 0;
  for (let i = from; i < end; i++) {
    const byte = nal.readUInt8(i);
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** One for all: made anew for each set that ends early, of which a hostile clip has a million, it would take seconds. */
const ENDS_EARLY = new RangeError('a parameter set ends early');

/** Bits from the most significant on. Throws RangeError at the end. */
class Bits {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  u(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw ENDS_EARLY;
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }
  skip(bits: number): void {
    this.#at += bits;
  }
  /** Unsigned Exp-Golomb. */
  ue(): number {
    let zeros = 0;
    while (this.u(1) === 0) if (++zeros > 32) throw new RangeError('Exp-Golomb code too long');
    return 2 ** zeros - 1 + this.u(zeros);
  }
  /** Signed Exp-Golomb. */
  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
