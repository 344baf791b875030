/** Kinds of files by the end of their name. Extensions are compared in lower case. */

/** Containers and raw streams recorders write. */
export const VIDEO_EXTS: readonly string[] = [
  ...['mp4', 'mkv', 'avi', 'ts', 'mov', 'm4v', 'webm', 'flv', 'dav', 'mts', 'm2ts', 'mpg', 'mpeg'],
  ...['3gp', 'asf', 'wmv', 'h264', '264', 'h265', '265', 'hevc', 'mjpg', 'mjpeg', 'ogv', 'swf'],
];

/** Pictures: footage when they belong to no clip. */
export const PICTURE_EXTS: ReadonlySet<string> = new Set([
  ...['jpg', 'jpeg', 'png', 'webp', 'gif', 'bmp', 'ppm', 'avif', 'heic', 'thumb', 'thm'],
]);

/** Data about a clip, without pictures. */
export const DATA_EXTS: ReadonlySet<string> = new Set([
  ...['xml', 'json', 'srt', 'vtt', 'ass', 'txt', 'csv', 'idx', 'nfo', 'md5', 'sha1', 'sha256', 'log', 'yaml'],
]);

/** What uploaders and recorders append until a file is whole. */
const TEMPORARY =
  /^(?:\.(.+)\.[A-Za-z0-9]{6}|(.+)\.(?:part|partial|filepart|tmp|temp|crdownload|uploading|writing|lock|new)|(.+\.[A-Za-z0-9]{2,5})_)$/i;

/** The extension of a name in lower case, without the dot; empty when it has none. */
export function extOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** A name without its last extension. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}

/**
 * The name a temporary name will become, or undefined when it is not temporary (rsync's `.a.mp4.Xy12ab`, `a.mp4.part`,
 * `a.dav_`).
 */
export function finalName(name: string): string | undefined {
  const match = TEMPORARY.exec(name);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}
