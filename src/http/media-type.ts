/** How footage is named to a browser. Pure. */
import { utcParts } from '../base/clock.ts';
import type { Clip } from '../clips/clip.ts';

interface MediaKind {
  readonly type: string;
  readonly extension: string;
}

const KINDS: Readonly<Record<string, MediaKind>> = {
  mov: { type: 'video/mp4', extension: 'mp4' },
  mp4: { type: 'video/mp4', extension: 'mp4' },
  matroska: { type: 'video/x-matroska', extension: 'mkv' },
  webm: { type: 'video/webm', extension: 'webm' },
  mpegts: { type: 'video/mp2t', extension: 'ts' },
  mpeg: { type: 'video/mpeg', extension: 'mpg' },
  avi: { type: 'video/x-msvideo', extension: 'avi' },
  flv: { type: 'video/x-flv', extension: 'flv' },
};
const STILL_KINDS: Readonly<Record<string, MediaKind>> = {
  png_pipe: { type: 'image/png', extension: 'png' },
  webp_pipe: { type: 'image/webp', extension: 'webp' },
};

export interface MediaHeaders {
  readonly 'Content-Type': string;
  readonly 'Content-Disposition': string;
}

/**
 * Type by what the probe found, never by the file's name; what it could not read is saved, not shown: a text in a
 * file called .mp4 must not be rendered. The offered name is made of the camera's id and the time, not of the file's.
 */
export function mediaHeaders(clip: Clip, container: string | undefined): MediaHeaders {
  const fallback = clip.kind === 'still' ? { type: 'image/jpeg', extension: 'jpg' } : VIDEO;
  const kinds = clip.kind === 'still' ? STILL_KINDS : KINDS;
  const known = container === undefined ? fallback : (kinds[container] ?? fallback);
  const shown = container !== undefined && (clip.kind === 'still' || container in KINDS);
  const name = `${safeName(clip.cameraId)}_${compactUtc(clip.startMs)}.${known.extension}`;
  return {
    'Content-Type': known.type,
    'Content-Disposition': `${shown ? 'inline' : 'attachment'}; filename="${name}"`,
  };
}

const VIDEO: MediaKind = { type: 'video/mp4', extension: 'mp4' };

function safeName(cameraId: string): string {
  return cameraId.replace(/[^A-Za-z0-9_-]/g, '_');
}

/** `20260903T141500Z` */
function compactUtc(ms: number): string {
  const t = utcParts(ms);
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = `${String(t.year).padStart(4, '0')}${two(t.month)}${two(t.day)}`;
  return `${date}T${two(t.hour)}${two(t.minute)}${two(t.second)}Z`;
}
