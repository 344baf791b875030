/**
 * Strays: files among the pins and copies of a root that the index does not know, because it was lost or an older one was
 * put back, or because a crash left half a copy. What they are is read from where they lie; which may go is decided here.
 * Pure. In doubt they stay, and are told of.
 */
import { DAY_MS } from '../../base/clock.ts';
import { overlaps, widen, type TimeRange } from '../../base/range.ts';
import { RELEASE_MS } from '../../clips/times.ts';
import type { FileSight, FileStore } from '../../retention/file-protocol.ts';
import { COPY_DIR, isCopyDir } from './copies.ts';
import { binds, HOLD_MARGIN_MS, type HoldVersion } from '../hold.ts';
import { pinDir, type PinResult } from './pins.ts';

/** What a name among the pins and copies says. `half`: a copy that was never finished; `other`: no name of ours. */
export type KeptName =
  | { readonly is: 'pin'; readonly holdId: string; readonly clipId: number; readonly ino: bigint }
  | {
      readonly is: 'copy' | 'half';
      readonly clipId: number;
      readonly sourceIno: bigint;
      /** Whose clip it is, as the vault tells by the directory; undefined: of the root it lies on. */
      readonly sourceId: string | undefined;
    }
  | { readonly is: 'other'; readonly holdId: string | undefined };

/** As they are written: a number in another shape would be a name that no row leads to. */
const PIN = /^([1-9]\d{0,14})-([1-9a-z][0-9a-z]{0,12})\.pin$/;
const COPY = /^([1-9]\d{0,14})-([1-9a-z][0-9a-z]{0,12})\.copy(\.new)?$/;

/** Reads a path below a root, of a directory that is kept (`isKeptDir`). */
export function readKept(dir: string, name: string): KeptName {
  if (isCopyDir(dir)) {
    const [, clip, ino, half] = COPY.exec(name) ?? [];
    if (clip === undefined || ino === undefined) return { is: 'other', holdId: undefined };
    const sourceId = dir === COPY_DIR ? undefined : dir.slice(COPY_DIR.length + 1);
    const is = half === undefined ? 'copy' : 'half';
    return { is, clipId: Number(clip), sourceIno: fromBase36(ino), sourceId };
  }
  const holdId = dir.slice(pinDir('').length);
  const [, clip, ino] = PIN.exec(name) ?? [];
  if (clip === undefined || ino === undefined) return { is: 'other', holdId };
  return { is: 'pin', holdId, clipId: Number(clip), ino: fromBase36(ino) };
}

function fromBase36(digits: string): bigint {
  let sum = 0n;
  for (let at = 0; at < digits.length; at += 1)
    sum = sum * 36n + BigInt(Number.parseInt(digits.charAt(at), 36));
  return sum;
}

/** What is known at the moment of the decision. */
export interface StrayCircumstances {
  /** Retention clock. */
  readonly nowMs: number;
  readonly retentionMs: number;
  /** Every version there ever was of the hold under whose name it lies; none: no hold of that id is known. */
  readonly versions: readonly HoldVersion[];
  /** A mirror of that id lies on the root, although no such hold is known. */
  readonly mirrored: boolean;
  /** Holds as the decisions take them (`HoldSet.inForce`). */
  readonly holds: readonly HoldVersion[];
  /** Cameras of the root, retired ones included. */
  readonly cameraIds: ReadonlySet<string>;
  /** Longest clip of the root's layout; null when it has no limit. */
  readonly maxClipMs: number | null;
}

/** `held`: a hold that binds may be about it. `doubt`: whose it is cannot be told. `young`: its fourteen days are not over. */
export type StrayFate = 'go' | 'held' | 'doubt' | 'young';

/** What becomes of a stray whose content is no clip's. */
export function fateOf(name: KeptName, sight: FileSight, by: StrayCircumstances): StrayFate {
  if (name.is === 'other') return 'doubt';
  if (name.is === 'half') return 'go'; // it never was a copy
  const binding = by.holds.filter((h) => binds(h, by.nowMs));
  const could = name.is === 'pin' ? ownersOfPin(name.holdId, binding, by) : ofRoot(binding, by.cameraIds);
  if (could.length > 0) return 'held';
  if (name.is === 'pin' && by.versions.length === 0 && by.mirrored) return 'doubt';
  return recordedMs(sight, by.nowMs) + by.retentionMs > by.nowMs ? 'young' : 'go';
}

/**
 * The holds that bind and may be about a pin: the one it lies under, and those that touch what that one ever covered,
 * since a clip that was given up by one hold may be another's and have this name only. Of an unknown hold: all.
 */
function ownersOfPin(
  holdId: string,
  binding: readonly HoldVersion[],
  { versions, cameraIds, maxClipMs }: StrayCircumstances,
): readonly HoldVersion[] {
  if (versions.length === 0) return ofRoot(binding, cameraIds);
  const reachMs = (maxClipMs ?? DAY_MS) + HOLD_MARGIN_MS;
  const scopes = versions.flatMap((v) => [v.terms, ...v.leaving]);
  const cameras = new Set(scopes.flatMap((scope) => scope.cameraIds));
  const windows: TimeRange[] = scopes.map((scope) => widen(scope.window, reachMs));
  return binding.filter(
    (h) =>
      h.holdId === holdId ||
      (h.terms.cameraIds.some((id) => cameras.has(id)) && windows.some((w) => overlaps(w, h.terms.window))),
  );
}

function ofRoot(binding: readonly HoldVersion[], cameraIds: ReadonlySet<string>): readonly HoldVersion[] {
  return binding.filter((h) => h.terms.cameraIds.some((id) => cameraIds.has(id)));
}

/** When it was recorded, at the latest; a time that cannot be right gives way to the one nobody can set. */
function recordedMs({ mtimeNs, ctimeMs }: FileSight, nowMs: number): number {
  const mtimeMs = Number(mtimeNs / 1_000_000n);
  return mtimeMs >= RELEASE_MS && mtimeMs <= nowMs ? mtimeMs : ctimeMs;
}

/** A row of the list of strays; a byte string below the root. */
export interface StrayFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** A pin whose file a clip is known by: it takes the name of that clip's pin. */
export interface AdoptedPin {
  readonly name: string;
  readonly clipId: number;
  readonly ino: bigint;
}

/** What is done on the disk. Rejects with a FortnightError when the root cannot be used. */
export interface StrayDisk {
  /** The names in one of the root's own directories, byte strings; none when it is not there. */
  ownNames(
    rootId: string,
    dir: string,
  ): Promise<{ readonly names: readonly string[]; readonly directories: readonly string[] }>;
  /** Renames, or removes what has that name already, durably. */
  adoptPins(rootId: string, holdId: string, pins: readonly AdoptedPin[]): Promise<readonly PinResult[]>;
  /** What files of one size that begin and end alike have in common; null of what is no file that can be read. */
  ends(placeId: string, paths: readonly string[]): Promise<readonly (string | null)[]>;
}

/** What the index knows of strays. `begin` leaves out what a row leads to by now. */
export interface StrayStore extends FileStore<StrayFile> {
  /** Those of these names of a directory that no row of a pin, a copy or a clip leads to. */
  unknown(rootId: string, dir: string, names: readonly string[]): string[];
  /** The clip of this root whose file has this inode; undefined when it is being recorded or deleted, or there is none. */
  clipWith(rootId: string, ino: bigint): number | undefined;
  /** Whether a clip has a verified copy. */
  copied(clipId: number): boolean;
  /** Pins that are asked for, unless they are made already. One durable transaction. */
  adopt(rootId: string, holdId: string, pins: readonly AdoptedPin[]): void;
  /** These are the strays of a root now. */
  note(rootId: string, files: readonly StrayFile[], nowMs: number): void;
  counts(rootId: string): { readonly files: number; readonly bytes: number };
}
