/** What the main thread and the thread of a root say to one another. Everything here can be cloned between threads. */
import type { Erasure, ErasureResult } from '../retention/erasure.ts';
import type { CopyReading, CopyResult, CopyTask, LooseCopy } from '../holds/keep/copies.ts';
import type { LoosePin, PinResult, PinTask } from '../holds/keep/pins.ts';
import type { AdoptedPin } from '../holds/keep/strays.ts';
import type { FileSight } from '../retention/file-protocol.ts';
import type { Planted } from './drill.ts';
import type { ExpectedRoot } from './verified-root.ts';

export interface RootAddress {
  readonly path: string;
  readonly expected: ExpectedRoot;
}

export type RootRequest =
  | { readonly op: 'erase'; readonly batch: readonly Erasure[]; readonly abort: SharedArrayBuffer }
  | {
      readonly op: 'mirror';
      readonly name: string;
      readonly text: string;
      readonly holdSeq: number;
      readonly holdMac: string;
    }
  | { readonly op: 'mark'; readonly holdSeq: number; readonly holdMac: string }
  | { readonly op: 'drop_mirrors'; readonly names: readonly string[] }
  | { readonly op: 'head'; readonly text: string }
  | { readonly op: 'read_mirrors' }
  | { readonly op: 'empty_dirs' }
  | { readonly op: 'sight'; readonly paths: readonly string[] }
  | { readonly op: 'remove_dirs'; readonly paths: readonly string[] }
  | { readonly op: 'plant'; readonly clip: Planted }
  | { readonly op: 'drill_names' }
  | { readonly op: 'drill_clear'; readonly names: readonly string[] }
  | { readonly op: 'pin'; readonly holdId: string; readonly tasks: readonly PinTask[] }
  | { readonly op: 'unpin'; readonly holdId: string; readonly pins: readonly LoosePin[] }
  | { readonly op: 'prune_pins' }
  | { readonly op: 'own_names'; readonly dir: string }
  | { readonly op: 'adopt_pins'; readonly holdId: string; readonly pins: readonly AdoptedPin[] }
  | { readonly op: 'ends'; readonly paths: readonly string[] }
  | {
      readonly op: 'copy';
      readonly tasks: readonly CopyTask[];
      readonly keepFreeBytes: number;
      /** Where the copies go, below the place that is called. */
      readonly dir: string;
      /** The root the clips lie on; undefined: the place that is called. */
      readonly from: RootAddress | undefined;
    }
  | { readonly op: 'read_copies'; readonly copies: readonly LooseCopy[] }
  | { readonly op: 'remove_copies'; readonly copies: readonly LooseCopy[] }
  | { readonly op: 'hash'; readonly file: CopyTask }
  | { readonly op: 'settle_copy'; readonly copy: LooseCopy }
  | { readonly op: 'rename_copy'; readonly dir: string; readonly from: string; readonly to: string }
  | { readonly op: 'open'; readonly dir: string; readonly name: string };

export interface RootCall {
  readonly id: number;
  readonly at: RootAddress;
  readonly request: RootRequest;
}

export type RootAnswer =
  | { readonly of: 'unlinked'; readonly results: ErasureResult[]; readonly tookMs: number }
  | { readonly of: 'durable'; readonly failure: string | undefined }
  | { readonly of: 'mirrored' }
  | { readonly of: 'head_written' }
  | { readonly of: 'empty_dirs'; readonly paths: string[] }
  | { readonly of: 'sights'; readonly sights: (FileSight | null)[] }
  /** `file`: `<device>:<inode>`. */
  | { readonly of: 'planted'; readonly file: string }
  | { readonly of: 'drill_names'; readonly names: string[] }
  | { readonly of: 'drill_cleared' }
  | { readonly of: 'pinned'; readonly results: readonly PinResult[] }
  | { readonly of: 'unpinned' }
  | { readonly of: 'own_names'; readonly names: string[]; readonly directories: string[] }
  | { readonly of: 'ends'; readonly ends: (string | null)[] }
  | { readonly of: 'copied'; readonly results: readonly CopyResult[] }
  | { readonly of: 'copies_read'; readonly readings: readonly CopyReading[] }
  | { readonly of: 'removed'; readonly dirs: number }
  /** Undefined: it is not there, or another file. */
  | { readonly of: 'hashed'; readonly sha256: string | undefined }
  /** Of what was asked about a copy's name: whether it is so now. */
  | { readonly of: 'copy_named'; readonly done: boolean }
  | { readonly of: 'mirrors'; readonly texts: string[]; readonly unreadable: number }
  /** Descriptors belong to the process: the main thread reads from it and closes it. */
  | {
      readonly of: 'opened';
      readonly fd: number;
      readonly sizeBytes: number;
      readonly ino: bigint;
      readonly mtimeNs: bigint;
    }
  | { readonly of: 'absent' }
  /** The root is not the one enrolled, or not writable: nothing was done. */
  | { readonly of: 'refused'; readonly state: string; readonly why: string }
  /** An fsync failed: the outcome is unknown, and the root is failing. */
  | { readonly of: 'not_durable'; readonly message: string }
  /** Something that should not happen; the caller treats the outcome as unknown. */
  | { readonly of: 'failed'; readonly message: string };

export interface RootReply {
  readonly id: number;
  readonly answer: RootAnswer;
}
