/** Why a clip shows no picture: its container, its codec, or what is in it. Pure. */
import type { ClipView } from '../../http/api/index.ts';

export type Obstacle =
  /** No browser plays such files. `name` as people know it. */
  | { readonly is: 'container'; readonly name: string }
  /** This browser lacks what the codec or the container needs; another may have it. */
  | { readonly is: 'browser'; readonly name: string }
  /** The browser should be able to, by its own word. */
  | { readonly is: 'damaged' };

/** Containers browsers play, as ffprobe names them. */
const PLAYED: Readonly<Record<string, string>> = {
  mov: 'video/mp4',
  mp4: 'video/mp4',
  matroska: 'video/x-matroska',
  webm: 'video/webm',
};

/** Containers as people know them; others by ffprobe's name. */
const CONTAINER_NAMES: Readonly<Record<string, string>> = {
  mpegts: 'MPEG-TS',
  mpeg: 'MPEG-PS',
  h264: 'H.264 (.h264)',
  hevc: 'H.265 (.h265)',
  matroska: 'Matroska',
};

interface Codec {
  readonly name: string;
  /** What a browser is asked by; undefined: none plays it. */
  readonly type?: string;
}

/** Codecs as ffprobe names them. */
const CODECS: Readonly<Record<string, Codec>> = {
  h264: { name: 'H.264', type: 'video/mp4; codecs="avc1.42E01E"' },
  hevc: { name: 'H.265', type: 'video/mp4; codecs="hvc1.1.6.L93.B0"' },
  av1: { name: 'AV1', type: 'video/mp4; codecs="av01.0.04M.08"' },
  vp8: { name: 'VP8', type: 'video/webm; codecs="vp8"' },
  vp9: { name: 'VP9', type: 'video/webm; codecs="vp9"' },
  mjpeg: { name: 'MJPEG' },
  mpeg4: { name: 'MPEG-4 Visual' },
};

/** `canPlay` is what the browser says of a MIME type. Asked only of clips that showed nothing. */
export function obstacleOf({ media }: Pick<ClipView, 'media'>, canPlay: (type: string) => boolean): Obstacle {
  if (media === null) return { is: 'damaged' };
  const { container, videoCodec } = media;
  const played = PLAYED[container];
  if (played === undefined) return { is: 'container', name: containerName(container) };
  const lacking = videoCodec === null ? undefined : lackingCodec(videoCodec, canPlay);
  if (lacking !== undefined) return { is: 'browser', name: lacking };
  return canPlay(played) ? { is: 'damaged' } : { is: 'browser', name: containerName(container) };
}

/** The codec's name when the browser cannot decode it. */
function lackingCodec(codec: string, canPlay: (type: string) => boolean): string | undefined {
  const { name, type } = CODECS[codec] ?? { name: codec };
  return type !== undefined && canPlay(type) ? undefined : name;
}

function containerName(container: string): string {
  return CONTAINER_NAMES[container] ?? container.toUpperCase();
}
