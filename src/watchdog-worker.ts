/**
 * The watchdog's thread: one walk of one root, then it ends. It has no connection to the index. A hung mount hangs this
 * thread and nothing else.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from './base/assert.ts';
import type { SourceConfig } from './config/config.ts';
import { visitFilesBelow, visitKeptFiles, type FileTimes } from './disk/files-below.ts';
import { openForReading, type ExpectedRoot } from './disk/verified-root.ts';
import { rulesOf } from './ingest/rules.ts';
import { MAX_NAMED, type DiskWalk } from './retention/disk-watch.ts';
import { judgeFound, keptDueMs, looseSinceMs, youngByName, type WatchTerms } from './retention/watchdog.ts';
import { OWN_DIR } from './roots/root.ts';

/** What the thread is started with. */
export interface WatchdogWork {
  readonly path: string;
  readonly expected: ExpectedRoot;
  /** Of the vault, in which copies of all sources lie and no footage is looked for: undefined. */
  readonly source: SourceConfig | undefined;
  /** Cameras whose copies may lie here. */
  readonly cameraIds: readonly string[];
  readonly terms: WatchTerms;
  /** Every file is looked at, also those whose name says that they are young. */
  readonly full: boolean;
}

/** The walk, or why there was none. */
export type WatchdogAnswer = DiskWalk | { readonly why: string };

function walked(work: WatchdogWork): WatchdogAnswer {
  const open = openForReading(work.path, work.expected);
  if (open.root === undefined) return { why: open.why };
  try {
    const finding = new Finding(work);
    if (work.source !== undefined) visitFilesBelow(open.root, finding);
    visitKeptFiles(open.root, finding);
    return finding.result();
  } finally {
    open.root.close();
  }
}

class Finding {
  readonly #work: WatchdogWork;
  readonly #rules: ReturnType<ReturnType<typeof rulesOf>['get']>;
  #files = 0;
  #unreadableDirs = 0;
  #oldestMs = Infinity;
  #overdueFiles = 0;
  readonly #loose = new Map<string, number | undefined>();
  readonly #overdue: { path: string; endMs: number }[] = [];

  constructor(work: WatchdogWork) {
    this.#work = work;
    this.#rules = work.source && rulesOf([work.source]).get(work.source.id);
    assert(work.source === undefined || this.#rules !== undefined, 'each source has its rules');
  }

  unreadable(): void {
    this.#unreadableDirs += 1;
  }

  file(path: string, times: () => FileTimes | undefined): void {
    if (path.startsWith(`${OWN_DIR}/`)) this.#kept(path, times);
    else this.#footage(path, times);
  }

  #footage(path: string, times: () => FileTimes | undefined): void {
    const { terms, full } = this.#work;
    const rules = this.#rules;
    if (rules === undefined) return;
    const meaning = rules.layout.read(path);
    if (meaning?.is !== 'clip') return;
    const { reading } = meaning;
    const cameraId = rules.cameras.get(reading.recorderCamera);
    if (cameraId === undefined) return;
    this.#files += 1;
    const { startsMs, endsMs, lengthMs: statedLengthMs } = reading;
    if (!full && youngByName(startsMs, terms)) {
      this.#oldestMs = Math.min(this.#oldestMs, startsMs.at(-1) ?? Infinity);
      return;
    }
    const seen = times();
    if (seen === undefined) return;
    const { maxClipMs } = rules.layout;
    const found = { cameraId, startsMs, endsMs, statedLengthMs, maxClipMs, ...seen };
    const { endMs, held, overdue } = judgeFound(found, terms);
    if (held) return;
    this.#oldestMs = Math.min(this.#oldestMs, endMs);
    if (overdue) this.#note({ path, endMs });
  }

  /** A pin or a copy; the mirrors of holds are no footage. While a hold may be about it, nothing else need be asked. */
  #kept(path: string, times: () => FileTimes | undefined): void {
    const [, holdId, kind] =
      /^[^/]+\/(?:holds\/([^/]+)|copies(?:\/[^/]+)?)\/\d+-[0-9a-z]+\.(pin|copy)(?:\.new)?$/.exec(path) ?? [];
    if (kind === undefined) return;
    const { terms } = this.#work;
    const sinceMs = this.#looseSince(holdId);
    const seen = sinceMs === undefined ? undefined : times();
    if (sinceMs === undefined || seen === undefined || keptDueMs(seen, sinceMs, terms) > terms.nowMs) return;
    this.#oldestMs = Math.min(this.#oldestMs, seen.mtimeMs);
    this.#note({ path, endMs: seen.mtimeMs });
  }

  /** The same for all pins of a hold, and for all copies. */
  #looseSince(holdId: string | undefined): number | undefined {
    const key = holdId ?? '';
    if (!this.#loose.has(key)) {
      const { cameraIds, terms } = this.#work;
      this.#loose.set(key, looseSinceMs({ holdId, cameraIds }, terms));
    }
    return this.#loose.get(key);
  }

  /** The oldest are named, at most twice as many as are told in the end. */
  #note(file: { path: string; endMs: number }): void {
    this.#overdueFiles += 1;
    this.#overdue.push(file);
    if (this.#overdue.length >= 2 * MAX_NAMED) this.#keepOldest();
  }

  #keepOldest(): void {
    this.#overdue.sort((a, b) => a.endMs - b.endMs);
    this.#overdue.length = Math.min(this.#overdue.length, MAX_NAMED);
  }

  result(): DiskWalk {
    this.#keepOldest();
    return {
      files: this.#files,
      unreadableDirs: this.#unreadableDirs,
      oldestUnheldEndMs: this.#oldestMs === Infinity ? null : this.#oldestMs,
      overdueFiles: this.#overdueFiles,
      overdue: this.#overdue.map((f) => f.path),
    };
  }
}

assert(parentPort !== null, 'watchdog-worker runs as a worker thread');
parentPort.postMessage(walked(workerData as WatchdogWork));
