/** The ingest of the daemon, as the rest of the program sees it and what it needs of it. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Clip } from '../clips/clip.ts';
import type { Applied, IndexWriter, Reckoning } from '../clips/index-writer.ts';
import type { RootAddress } from './messages.ts';
import type { Scope } from './reconcile.ts';
import type { ScanReport } from './report.ts';
import type { ScanThread } from './scan-client.ts';
import type { RootRules } from './tree.ts';
import type { Watch } from './watch.ts';

/** A root that can be scanned now. */
export interface ScannableRoot {
  readonly rootId: string;
  readonly address: RootAddress;
  readonly trustNames: boolean;
  /** No events come from its file system. */
  readonly eventless: boolean;
}

/** What the ingest tells the rest of the program. */
export interface IngestEvents {
  indexed(rootId: string, applied: Applied): void;
  overlong(clips: readonly Clip[]): void;
  reconciled(rootId: string, scope: Scope, report: ScanReport & { readonly tookMs: number }): void;
  /** Clips are missing in numbers: for the record, once per loss. */
  loss(rootId: string, loss: { readonly clips: readonly Clip[] }): void;
  /** A call into the root did not return for two minutes; its thread was given up. */
  hung(rootId: string): void;
  /** Three scans ended while they read this file; its content is not looked into any more. */
  givenUp(rootId: string, path: string): void;
  /** Its directories are listed every 30 s from now on: no watches left, or none possible. */
  watchFailed(rootId: string, error: unknown): void;
}

export interface IngestDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly index: IndexWriter;
  readonly rules: ReadonlyMap<string, RootRules>;
  /** Roots that can be read now, with what they are expected to be. */
  readonly roots: () => readonly ScannableRoot[];
  /** Times are reckoned by the retention clock. */
  readonly retention: () => Pick<Reckoning, 'nowMs' | 'retentionMs' | 'timesBelievable'>;
  /** Those of the clips that a hold covers. */
  readonly heldAmong: (clips: readonly Clip[]) => readonly number[];
  readonly spawn: () => ScanThread;
  readonly watch: Watch;
  readonly events: IngestEvents;
  /** Lets everything else run. */
  readonly breathe: () => Promise<void>;
}

export interface Ingest {
  /** Starts the beat; returns at once. */
  start(): void;
  stop(): Promise<void>;
  beat(): void;
  /** Reconciles one root now. Refused (in the report) when it cannot be read. */
  reconcile(rootId: string, options: { readonly full: boolean }): Promise<ScanReport>;
  lookNow(rootId: string, paths: readonly string[]): Promise<void>;
  /** Reckons the times of a root's clips again after a person said to trust their names. */
  reckonAgain(rootId: string): Promise<void>;
  /** The disk of a root was given up: what lay on it is gone, without scans. Clips that have a copy elsewhere live on as that. */
  lost(rootId: string): Promise<void>;
  queueDepth(): number;
  /** How long the oldest event has been waiting for its look, in ms. */
  lagMs(): number;
}
