/**
 * What the scan tells the index. A change is a finding about one name; the index applies it when the row is still as
 * the scan knew it, else leaves it to the next look. Everything here can be cloned between threads.
 */
import type { TimeRange } from '../base/range.ts';
import type { ClipKind } from './clip.ts';
import type { MediaInfo } from './media-info.ts';

/** A file as it stood when it was looked at. */
export interface Sight {
  readonly ino: bigint;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
}

/** A clip's file: where it is and what its path says. `dir` and `name` are byte strings. */
export interface ClipFile extends Sight {
  readonly dir: string;
  readonly name: string;
  readonly cameraId: string;
  readonly kind: ClipKind;
  readonly startsMs: readonly number[];
  readonly endsMs: readonly number[];
  /** Length the name states; null when it does not. */
  readonly statedLengthMs: number | null;
  /** The local time of the name lies in the spring gap. */
  readonly shifted: boolean;
  /** The range the name's day or hour spans, when it tells no more; null when it does. */
  readonly within: TimeRange | null;
}

/** What was found inside a finished file. */
export interface Content {
  /** Identifies the content (disk/content.ts): 16 bytes as a byte string, which costs a fifth of a buffer to send. */
  readonly fingerprint: string;
  /** Null: no probe in process could read it. */
  readonly media: MediaInfo | null;
  /** ffprobe is asked: the format may be one that only it reads, or what is known of the pictures lacks something. */
  readonly arbiter: boolean;
  /** The structure is whole. */
  readonly complete: boolean;
}

/** `new`: no row; `grown`: the row's recording goes on or has ended; `replaced`: other content under the same name. */
export type PutHow = 'new' | 'grown' | 'replaced';

export interface Put {
  readonly is: 'put';
  readonly how: PutHow;
  readonly clipId: number | null;
  readonly file: ClipFile;
  /** Null while the file is still being written. */
  readonly content: Content | null;
}

export type Change =
  | Put
  /** The content the row knows, with another inode or mtime: keeps its times. */
  | { readonly is: 'touched'; readonly clipId: number; readonly file: ClipFile }
  /** A row that was missing, or that the recorder had removed, is there again, unchanged. */
  | { readonly is: 'back'; readonly clipId: number }
  /** The file of `fromId` is now known as `toId`: one clip, under its new name. */
  | { readonly is: 'moved'; readonly fromId: number; readonly toId: number }
  /** A recording that was never finished is no longer there. */
  | { readonly is: 'vanished'; readonly clipId: number }
  /** Missing for the first time, for the second time, or for good. */
  | { readonly is: 'missing'; readonly clipId: number; readonly as: 'once' | 'twice' | 'gone' }
  | { readonly is: 'sidecar'; readonly dir: string; readonly name: string; readonly of: readonly string[] }
  | { readonly is: 'sidecar_gone'; readonly sidecarId: number }
  | {
      readonly is: 'unowned';
      readonly path: string;
      readonly reason: UnownedReason;
      readonly sizeBytes: number;
    }
  | { readonly is: 'unowned_gone'; readonly path: string }
  /** The directory was compared whole; while its mtime stays, its names need no look. */
  | { readonly is: 'listed'; readonly dir: string; readonly mtimeNs: bigint };

export type UnownedReason =
  | 'no_layout' // matches no pattern of the source's layout
  | 'no_camera' // its recorder camera is not configured
  | 'no_clip' // a sidecar whose clip is not there
  | 'unfinished' // a recorder's temporary file nobody writes to any more
  | 'link'
  | 'special' // FIFO, socket, device
  | 'unreadable_dir'
  | 'other_mount'
  | 'too_deep'; // lies deeper than any recorder writes

export function sameSight(a: Sight, b: Sight): boolean {
  return a.ino === b.ino && a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs;
}
