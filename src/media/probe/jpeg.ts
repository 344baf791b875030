/** Loose stills of recorders: JPEG (ITU-T T.81, annex B). */
import type { Probe } from '../../clips/media-info.ts';
import { mediaInfo } from './info.ts';
import type { Reader } from './reader.ts';

const START_OF_IMAGE = 0xffd8;
const END_OF_IMAGE = 0xffd9;

/** Undefined when this is no JPEG. `complete`: the end marker stands within the last bytes. */
export function probeJpeg(r: Reader): Probe | undefined {
  if (r.sizeBytes < 4 || r.u16(0) !== START_OF_IMAGE) return undefined;
  const size = frameSize(r);
  if (size === undefined) return { ok: false, reason: 'no picture in this JPEG', arbiter: false };
  const video = { codec: 'mjpeg', size, frameRate: null, keyFramesMs: [] };
  const info = mediaInfo({ container: 'jpeg_pipe', durationMs: null, video });
  return { ok: true, info, complete: endsWell(r) };
}

/** From the first frame header; the segments before it (Exif, tables) are passed over. */
function frameSize(r: Reader): { widthPx: number; heightPx: number } | undefined {
  for (let at = 2; at + 9 <= r.sizeBytes;) {
    r.count();
    const marker = r.u16(at);
    if (marker === 0xffff) at += 1;
    else if (isFrameHeader(marker)) return { heightPx: r.u16(at + 5), widthPx: r.u16(at + 7) };
    else if (marker >> 8 !== 0xff) return undefined;
    else at += 2 + Math.max(2, r.u16(at + 2));
  }
  return undefined;
}

/** SOF0 to SOF15 without the markers of tables between them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xffc0 && marker <= 0xffcf && marker !== 0xffc4 && marker !== 0xffc8 && marker !== 0xffcc;
}

/** Cameras put a few bytes of their own behind the end. */
const MAX_TRAILER = 512;

function endsWell(r: Reader): boolean {
  const from = Math.max(2, r.sizeBytes - MAX_TRAILER);
  return (
    r.bytes(from, r.sizeBytes - from).lastIndexOf(Buffer.from([END_OF_IMAGE >> 8, END_OF_IMAGE & 255])) >= 0
  );
}
