/** What the server needs of the rest of the program, in domain words; app.ts hands it in. */
import type { OpenedClip } from '../clips/opened.ts';
import type { Access } from '../access/access.ts';
import type { AuditRecord } from '../audit/entry.ts';
import type { Log } from '../base/log.ts';
import type { TimeRange } from '../base/range.ts';
import type { ClipReader } from '../clips/store.ts';
import type { Config } from '../config/config.ts';
import type { HoldVersion } from '../holds/hold.ts';
import type { Holds } from '../holds/holds.ts';
import type { PreservedReport } from '../holds/keep/preserved.ts';
import type { Status, UnownedPage, UnownedQuery } from './api/index.ts';

export interface HttpDeps {
  readonly access: Access;
  readonly clips: HttpClips;
  readonly cameras: CameraFacts;
  readonly holds: Holds;
  /** How far the clips of a hold are preserved. */
  readonly preserved: (hold: HoldVersion) => Promise<PreservedReport>;
  readonly audit: AuditPages;
  readonly footage: Footage;
  readonly posters: Posters;
  readonly confirmations: Confirmations;
  readonly health: Health;
  readonly unowned: UnownedPages;
  readonly clock: HttpClock;
  readonly events: { footageSent(what: { readonly bytes: number }): void };
  readonly log: Log;
  readonly config: Pick<Config, 'site' | 'retention' | 'cameras' | 'holds' | 'http' | 'stateDir'>;
  /** Directory of the built page; undefined: the API alone. */
  readonly pageDir: string | undefined;
}

export type HttpClips = Pick<
  ClipReader,
  'clip' | 'location' | 'media' | 'page' | 'coverage' | 'totals' | 'receipt' | 'receipts'
>;

export interface CameraFacts {
  /** Ids of cameras with a file that was written to in the minutes before `wallMs`. */
  recording(wallMs: number): ReadonlySet<string>;
  /** Where the camera's clips that are not known to be finished ended when they were last looked at, around `wallMs`. */
  growingEndsMs(cameraId: string, wallMs: number): ReadonlySet<number>;
  /** Spans of the window whose footage was deleted, by its receipts, merged; those closer than a minute are one. */
  deletedSpans(cameraId: string, window: TimeRange): TimeRange[];
}

export interface AuditPages {
  head(): { readonly seq: number } | undefined;
  /** Newest first. */
  newest(query: { beforeSeq: number | undefined; kind: string | undefined; limit: number }): AuditRecord[];
  /** Reads the whole chain, off the main thread or in slices. */
  verify(): Promise<{ readonly ok: boolean; readonly records: number; readonly firstBadSeq: number | null }>;
  /** Whether the last verification found the chain whole; null: none was made yet. */
  lastVerified(): boolean | null;
}

/** A clip's file, opened by descriptor below its verified root. Whoever gets it closes it. */
export type OpenFootage = OpenedClip;

export interface Footage {
  /** Undefined: the root is not there or the file is not. */
  open(clipId: number): Promise<OpenFootage | undefined>;
}

export interface Posters {
  /** A JPEG of the clip. Throws `clip_unavailable` when none can be made. */
  poster(clipId: number): Promise<Buffer>;
}

/** What a person confirms with the password given again; each writes its own record. */
export interface Confirmations {
  /** Throws `not_found`, or `conflict` when nothing waits for it. */
  adopt(rootId: string, how: { readonly by: string; readonly trustNames: boolean }): Promise<void>;
  /** The list of holds as it stands now, for a root in recovery. */
  confirmHolds(rootId: string, by: string): Promise<void>;
  /** The disk that lies in the place of this one takes it over; rejects with `conflict` when there is none. */
  replaceDisk(rootId: string, by: string): Promise<void>;
  resetBreaker(rootId: string, by: string): Promise<void>;
  confirmClock(by: string): Promise<void>;
  /** The rule for files nobody owns; throws `conflict` when none waits. */
  confirmUnowned(rootId: string, by: string): Promise<void>;
}

export interface UnownedPages {
  /** Files nobody owns, by root and path. Throws `invalid` for a cursor that is none. */
  page(query: UnownedQuery): UnownedPage;
}

export interface Health {
  status(): Status;
  /** False while footage cannot be served or recorded: a root is offline, the audit cannot be written. */
  ready(): boolean;
}

export interface HttpClock {
  /** The retention clock: never steps back. */
  nowMs(): number;
  /** The wall clock: for certificates only. */
  wallMs(): number;
}
