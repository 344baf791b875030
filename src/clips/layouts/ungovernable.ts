/**
 * Recorders whose footage cannot be deleted clip by clip. They are recognised by their names and refused: to pretend
 * would be a promise that cannot be kept.
 */
import { DATA_EXTS, PICTURE_EXTS, extOf } from './files.ts';

export interface Ungovernable {
  readonly name: string;
  readonly title: string;
  /** Why, and what can be done instead. */
  readonly reason: string;
  /** Whether a file, by its path below the root (byte string), is one of this recorder's. */
  owns(path: string): boolean;
}

const hasExt =
  (ext: string) =>
  (path: string): boolean =>
    extOf(path) === ext;

const matches =
  (pattern: RegExp) =>
  (path: string): boolean =>
    pattern.test(path);

export const UNGOVERNABLE: readonly Ungovernable[] = [
  {
    name: 'hikvision',
    title: 'Hikvision block store',
    reason:
      'it fills pre-allocated files (hiv00000.mp4) that each hold many recordings; deleting one would take footage of several days. Upload clips by FTP or record the stream with another recorder',
    owns: matches(/(?:^|\/)(?:datadir\d+\/|hiv\d{5}\.(?:mp4|pic)$|index0[01]\.bin$)/i),
  },
  {
    name: 'unifi',
    title: 'UniFi Protect',
    reason: 'its .ubv files hold a rotating buffer only Protect can read. Set the retention in Protect',
    owns: hasExt('ubv'),
  },
  {
    name: 'moonfire',
    title: 'Moonfire NVR',
    reason:
      'its sample files mean nothing without its database, which must delete them itself. Set the retention in Moonfire',
    owns: matches(/(?:^|\/)(?:[0-9a-f]{16}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/),
  },
  {
    name: 'scrypted',
    title: 'Scrypted NVR',
    reason: 'its .rtsp files are indexed by its database. Set the retention in Scrypted',
    owns: hasExt('rtsp'),
  },
  {
    name: 'blueiris-bvr',
    title: 'Blue Iris .bvr',
    reason:
      'the .bvr container is proprietary and cannot be read. Set Blue Iris to record MP4: layout blueiris',
    owns: hasExt('bvr'),
  },
  {
    name: 'viseron',
    title: 'Viseron segments',
    reason:
      'its segments are headerless fragments that need a shared init.mp4; one deleted alone leaves a database entry and footage nobody can play. Set the retention in Viseron',
    owns: matches(/(?:\.m4s|(?:^|\/)init\.mp4)$/i),
  },
];

/** A recorder owns a tree when this share of its files is its own; pictures and data that lie beside say nothing. */
const SHARE = 0.5;

/** The recorder that cannot be governed and owns most of these files; undefined when there is none. */
export function detectUngovernable(paths: readonly string[]): Ungovernable | undefined {
  return UNGOVERNABLE.find((recorder) => {
    const owned = paths.filter((path) => recorder.owns(path)).length;
    const others = paths.filter((path) => !recorder.owns(path) && isFootage(path)).length;
    return owned > 0 && owned >= (owned + others) * SHARE;
  });
}

function isFootage(path: string): boolean {
  const ext = extOf(path);
  return !PICTURE_EXTS.has(ext) && !DATA_EXTS.has(ext);
}
