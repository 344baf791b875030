/**
 * How a recorder lays footage on disk, as the rest of the program sees it. The recorders are data (one file each);
 * `compile.ts` makes a layout of a source's configuration.
 */
import type { TimeRange } from '../../base/range.ts';
import type { ClipKind } from '../clip.ts';

/** What a path tells about a clip. */
export interface Reading {
  readonly kind: ClipKind;
  /**
   * The recorder's own name of the camera as text; the source's configuration maps it to a camera id. Bytes that are
   * not UTF-8 stand as lone surrogates (camera-name.ts), so that such a name never equals a configured one.
   * `SOLE_CAMERA` where the layout has no camera in its paths.
   */
  readonly recorderCamera: string;
  /** Starts the name can mean, UTC ms, ascending: none (no time in the name), one, or two in the autumn hour. */
  readonly startsMs: readonly number[];
  /** Ends the name states, by position as startsMs; empty when it states none. */
  readonly endsMs: readonly number[];
  /** The length the name states; null when it does not. */
  readonly lengthMs: number | null;
  /** The local time lies in the spring gap and was shifted forward. */
  readonly shifted: boolean;
  /** The path has the exact shape of one of the layout's patterns; false where only its directory gave it away. */
  readonly named: boolean;
  /** The name tells only the day or hour of the recording: the range it lies in. Counts for holds. */
  readonly within?: TimeRange;
}

/** `recorderCamera` of a layout that has no camera in its paths: one camera owns the whole root. */
export const SOLE_CAMERA = '*';

/** What a file below a root is. Paths are byte strings relative to the root. */
export type PathMeaning =
  | { readonly is: 'clip'; readonly reading: Reading }
  /** Belongs to a clip: the paths it may stand beside, the likeliest first. Unlinked with it. */
  | {
      readonly is: 'sidecar';
      readonly of: readonly string[];
      /** What it is when none of `of` exists: a picture is footage too (a still). Absent: data without pictures. */
      readonly alone?: Reading;
    }
  /** A file the recorder is still making under a name of its own; it will be renamed or linked to its final name. */
  | {
      readonly is: 'unfinished';
      /** What it is when nobody finishes it (quiet for an hour): footage of this camera. Absent: the camera is unknown. */
      readonly abandoned?: Reading;
    }
  /** Recorder's own data without pictures of people (`@eaDir`): follows its directory, never counted as unowned. */
  | { readonly is: 'companion' };

export interface CompiledLayout {
  readonly name: string;
  /** Longest clip this layout produces as configured; null when it has no limit. */
  readonly maxClipMs: number | null;
  /** Usual length, to say what a clip longer than an hour costs; null when events decide. */
  readonly usualClipMs: number | null;
  /** `final_name`: the name appears only when the clip is whole; `none`: the recorder says nothing. */
  readonly finishedBy: 'final_name' | 'none';
  /** Undefined: this layout does not know such a file. */
  read(path: string): PathMeaning | undefined;
  /** The path of a clip of `recorderCamera` that starts at `startMs`; the inverse of `read`. `serial` fills counters. */
  format(recorderCamera: string, startMs: number, serial?: number): string;
  /**
   * The UTC moment after which directory `dir` receives no more files, by the dates in its path (the later reading);
   * null when its path carries no date: it can receive files for ever.
   */
  closesMs(dir: string): number | null;
}
