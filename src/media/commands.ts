/**
 * Argument lists for ffprobe and ffmpeg, pure. Nothing a recorder or a user wrote stands in them but numbers and our
 * own paths.
 */

/** What a file may be: no playlists, session descriptions or images that name other files or hosts (F-M2). */
const FORMATS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,h264,hevc,dhav,asf';
const PROTOCOLS = 'file,pipe,fd';

/** For inputs of both programs. */
const GUARDED_INPUT = ['-protocol_whitelist', PROTOCOLS, '-format_whitelist', FORMATS] as const;

/**
 * The path under which process `pid` (or the child itself) reaches descriptor `fd`: the file that was opened and
 * checked, whatever its name means now.
 */
export function descriptorUrl(pid: number | 'self', fd: number): string {
  return `file:/proc/${String(pid)}/fd/${String(fd)}`;
}

const ENTRIES = [
  'format=format_name,duration',
  'format_tags=creation_time',
  'stream=codec_type,codec_name,width,height,avg_frame_rate',
].join(':');

/** ffprobe on the file that the child has as descriptor `fd`. */
export function probeArguments(fd: number): string[] {
  return [
    '-v',
    'error',
    ...GUARDED_INPUT,
    '-of',
    'json',
    '-show_entries',
    ENTRIES,
    descriptorUrl('self', fd),
  ];
}

/**
 * Decodes every picture of the file that the child has as descriptor `fd`, and keeps none. What goes wrong is printed to
 * standard error, how far it came to standard output.
 */
export function decodeArguments(fd: number): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-v', 'error', '-threads', '1'],
    ...['-progress', 'pipe:1', '-stats_period', '10'],
    ...GUARDED_INPUT,
    ...['-i', descriptorUrl('self', fd)],
    ...['-map', '0:v:0', '-f', 'null', '-'],
  ];
}

/** Three seconds of ffmpeg's own test picture on standard output, in the encoder that every build has. */
export function testClipArguments(): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-threads', '1'],
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=5:duration=3'],
    ...['-c:v', 'mpeg4', '-g', '5', '-b:v', '200k', '-map_metadata', '-1'],
    ...['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1'],
  ];
}

/** How a picture is looked for: at the key frame before a time, or the first that decodes at all. */
export type PosterSearch = { readonly keyFrameAtMs: number } | 'first_picture';

export interface PosterCommand {
  readonly inputOptions: readonly string[];
  readonly outputOptions: readonly string[];
}

/** JPEG quality of ffmpeg's scale from 2 (best) to 31. */
const QUALITY = 5;

/** One picture as JPEG, at most `widthPx` wide, without the clip's tags. */
export function posterCommand(search: PosterSearch, widthPx: number): PosterCommand {
  const seek =
    search === 'first_picture'
      ? []
      : ['-noaccurate_seek', '-ss', (search.keyFrameAtMs / 1000).toFixed(3), '-skip_frame', 'nokey'];
  return {
    inputOptions: [
      '-hide_banner',
      '-nostdin',
      '-loglevel',
      'error',
      '-threads',
      '1',
      ...GUARDED_INPUT,
      ...seek,
    ],
    outputOptions: [
      ...['-y', '-map', '0:v:0', '-frames:v', '1', '-map_metadata', '-1'],
      ...['-vf', `scale=w=min(${widthPx.toFixed()}\\,iw):h=-2`],
      ...['-pix_fmt', 'yuvj420p', '-q:v', QUALITY.toFixed(), '-f', 'mjpeg'],
    ],
  };
}
