/**
 * Changes on their way between two threads, as bytes. A batch of objects that arrives whole is alive until the last of
 * it is written, which is long enough for the collector to keep all of it; bytes become objects a few at a time.
 */
import { deserialize, serialize } from 'node:v8';
import type { Change, ClipFile, Content, Put } from '../clips/change.ts';
import type { MediaInfo } from '../clips/media-info.ts';

/** Some changes as bytes, to be handed over, not copied. */
export type Packed = Uint8Array<ArrayBuffer>;

/** A finished file that was new to the scan: what a first index consists of. */
type Finding = Put & { readonly how: 'new'; readonly clipId: null; readonly content: Content };

/** Structured clone writes the name of each property of each object; of findings only the values go, in this order. */
type Atom = string | number | bigint | boolean | null;

export function pack(changes: readonly Change[]): Packed {
  const value = changes.every(isFinding) ? atomsOf(changes) : { changes };
  // A copy in a buffer of its own: that of `serialize` may be larger, or shared.
  return new Uint8Array(serialize(value));
}

/** The changes of all pieces in order, each piece read when the one before it is done with. */
export function* unpack(pieces: readonly Packed[]): Generator<Change, void, undefined> {
  for (const piece of pieces) {
    const value = deserialize(piece) as Atom[] | { readonly changes: Change[] };
    yield* Array.isArray(value) ? new Findings(value).all() : value.changes;
  }
}

function isFinding(change: Change): change is Finding {
  return change.is === 'put' && change.how === 'new' && change.clipId === null && change.content !== null;
}

function atomsOf(findings: readonly Finding[]): Atom[] {
  const atoms: Atom[] = [];
  for (const { file, content } of findings) {
    atoms.push(file.dir, file.name, file.cameraId, file.kind, file.ino, file.sizeBytes, file.mtimeNs);
    list(atoms, file.startsMs);
    list(atoms, file.endsMs);
    const { within, statedLengthMs, shifted } = file;
    atoms.push(statedLengthMs, shifted, within?.fromMs ?? null, within?.toMs ?? null);
    atoms.push(content.fingerprint, content.arbiter, content.complete, content.media !== null);
    if (content.media === null) continue;
    const { media } = content;
    atoms.push(media.container, media.durationMs, media.claimedStartMs, media.videoCodec);
    atoms.push(media.widthPx, media.heightPx, media.frameRate, media.audioCodec, media.fragmented);
    list(atoms, media.keyFramesMs);
  }
  return atoms;
}

function list(atoms: Atom[], values: readonly number[]): void {
  atoms.push(values.length);
  for (const value of values) atoms.push(value);
}

/** Reads in the order of `atomsOf`. */
class Findings {
  readonly #atoms: readonly Atom[];
  #at = 0;

  constructor(atoms: readonly Atom[]) {
    this.#atoms = atoms;
  }

  *all(): Generator<Finding, void, undefined> {
    while (this.#at < this.#atoms.length) {
      yield { is: 'put', how: 'new', clipId: null, file: this.#file(), content: this.#content() };
    }
  }

  #file(): ClipFile {
    return {
      dir: this.#next<string>(),
      name: this.#next<string>(),
      cameraId: this.#next<string>(),
      kind: this.#next<ClipFile['kind']>(),
      ino: this.#next<bigint>(),
      sizeBytes: this.#next<number>(),
      mtimeNs: this.#next<bigint>(),
      startsMs: this.#list(),
      endsMs: this.#list(),
      statedLengthMs: this.#next<number | null>(),
      shifted: this.#next<boolean>(),
      within: this.#range(),
    };
  }

  #range(): ClipFile['within'] {
    const fromMs = this.#next<number | null>();
    const toMs = this.#next<number | null>();
    return fromMs === null || toMs === null ? null : { fromMs, toMs };
  }

  #content(): Content {
    const fingerprint = this.#next<string>();
    const arbiter = this.#next<boolean>();
    const complete = this.#next<boolean>();
    return { fingerprint, arbiter, complete, media: this.#next<boolean>() ? this.#media() : null };
  }

  #media(): MediaInfo {
    return {
      container: this.#next<string>(),
      durationMs: this.#next<number | null>(),
      claimedStartMs: this.#next<number | null>(),
      videoCodec: this.#next<string | null>(),
      widthPx: this.#next<number | null>(),
      heightPx: this.#next<number | null>(),
      frameRate: this.#next<number | null>(),
      audioCodec: this.#next<string | null>(),
      fragmented: this.#next<boolean>(),
      keyFramesMs: this.#list(),
    };
  }

  #list(): number[] {
    const count = this.#next<number>();
    const values: number[] = [];
    for (let i = 0; i < count; i += 1) values.push(this.#next<number>());
    return values;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the order of the atoms is their type
  #next<T extends Atom>(): T {
    const atom = this.#atoms[this.#at];
    this.#at += 1;
    return atom as T;
  }
}
