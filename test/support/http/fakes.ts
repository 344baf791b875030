/** The neighbours of the server, as far as a request can see them. */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { FortnightError } from '../../../src/base/errors.ts';
import { merge, overlaps, type TimeRange } from '../../../src/base/range.ts';
import type { Clip } from '../../../src/clips/clip.ts';
import type { MediaInfo } from '../../../src/clips/media-info.ts';
import type { CameraTotals, ClipLocation, ClipPageQuery, Receipt } from '../../../src/clips/store.ts';
import type { CoverageReport } from '../../../src/holds/coverage-report.ts';
import type { HoldTerms, HoldVersion } from '../../../src/holds/hold.ts';
import type { Holds, PlacedHold } from '../../../src/holds/holds.ts';
import type { HttpClips } from '../../../src/http/deps.ts';
import type { Status } from '../../../src/http/api/index.ts';

export class FakeClips implements HttpClips {
  readonly #clips = new Map<number, Clip>();
  readonly #receipts = new Map<number, Receipt>();
  readonly #path: (id: number) => string | undefined;
  container = 'mov';
  constructor(path: (id: number) => string | undefined) {
    this.#path = path;
  }
  put(clip: Clip): void {
    this.#clips.set(clip.id, clip);
  }
  change(id: number, change: Partial<Clip>): void {
    this.#clips.set(id, { ...this.#clips.get(id)!, ...change });
  }
  /** The sweep went over it: the row is gone, its receipt is there. */
  delete(id: number, reason: Receipt['reason'] = 'retention'): void {
    const { cameraId, startMs, endMs, sizeBytes, dueMs } = this.#clips.get(id)!;
    this.#clips.delete(id);
    const times = { startMs, endMs, dueMs: dueMs ?? endMs, atMs: dueMs ?? endMs };
    const chain = { intentSeq: 1, terminalSeq: 2 };
    this.#receipts.set(id, {
      clipId: id,
      cameraId,
      sizeBytes,
      outcome: 'deleted',
      reason,
      ...times,
      ...chain,
    });
  }
  clip(id: number): Clip | undefined {
    return this.#clips.get(id);
  }
  location(id: number): ClipLocation | undefined {
    const path = this.#path(id);
    const seen = path === undefined ? undefined : this.#identity.get(id);
    return seen ?? (path === undefined ? undefined : this.#remember(id, path));
  }
  media(id: number, withKeyFrames: boolean): MediaInfo | undefined {
    if (!this.#clips.has(id) || this.container === '') return undefined;
    return {
      container: this.container,
      durationMs: 10_000,
      claimedStartMs: null,
      videoCodec: 'h264',
      widthPx: 1280,
      heightPx: 720,
      frameRate: 25,
      audioCodec: null,
      keyFramesMs: withKeyFrames ? [0, 2000] : [],
      fragmented: false,
    };
  }
  page({ cameraId, window, limit, after }: ClipPageQuery): Clip[] {
    const isAfter = (c: Clip): boolean =>
      after === undefined || c.startMs > after.startMs || (c.startMs === after.startMs && c.id > after.id);
    return [...this.#clips.values()]
      .filter((c) => c.cameraId === cameraId && overlaps({ fromMs: c.startMs, toMs: c.endMs }, window))
      .sort((a, b) => a.startMs - b.startMs || a.id - b.id)
      .filter(isAfter)
      .slice(0, limit);
  }
  coverage(cameraId: string, window: TimeRange): TimeRange[] {
    const mine = this.page({ cameraId, window, limit: Infinity });
    return merge(mine.map((c) => ({ fromMs: c.startMs, toMs: c.endMs })));
  }
  totals(): CameraTotals[] {
    return [];
  }
  receipt(clipId: number): Receipt | undefined {
    return this.#receipts.get(clipId);
  }
  receipts(cameraId: string): Receipt[] {
    return [...this.#receipts.values()].filter((r) => r.cameraId === cameraId);
  }
  readonly #identity = new Map<number, ClipLocation>();
  /** What the index knew when the clip was first asked for. */
  #remember(id: number, path: string): ClipLocation {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    const location = { rootId: 'nvr', dir: '', name: 'x', ino, sizeBytes: Number(size), mtimeNs };
    this.#identity.set(id, location);
    return location;
  }
}

export class FakeHolds implements Holds {
  readonly #versions: HoldVersion[] = [];
  readonly #nowMs: () => number;
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }
  place(terms: HoldTerms, request: { by: string }): Promise<PlacedHold> {
    const hold: HoldVersion = {
      holdId: randomUUID(),
      version: 1,
      terms,
      by: request.by,
      atMs: this.#nowMs(),
      releasedMs: null,
      releaseReason: null,
      endsMs: null,
    };
    this.#versions.push(hold);
    return Promise.resolve({ hold, coverage: NOTHING_FOUND, replayed: false });
  }
  release(holdId: string, request: { by: string; reason: string }): Promise<HoldVersion> {
    const last = this.history(holdId).at(-1);
    if (last === undefined) throw new FortnightError('not_found', 'there is no such hold');
    const nowMs = this.#nowMs();
    const released = { releasedMs: nowMs, releaseReason: request.reason, endsMs: nowMs + 86_400_000 };
    const version = { ...last, ...released, version: last.version + 1, by: request.by, atMs: nowMs };
    this.#versions.push(version);
    return Promise.resolve(version);
  }
  current(): readonly HoldVersion[] {
    return [...new Map(this.#versions.map((v) => [v.holdId, v])).values()];
  }
  history(holdId: string): readonly HoldVersion[] {
    return this.#versions.filter((v) => v.holdId === holdId);
  }
  preview(): Promise<CoverageReport> {
    return Promise.resolve(NOTHING_FOUND);
  }
}

const NOTHING_FOUND: CoverageReport = {
  clips: 0,
  bytes: 0,
  rescued: 0,
  outcomeUnknown: [],
  notPinned: 0,
  percent: null,
  cameras: [],
  deletedClips: 0,
  receipts: [],
};

export function someStatus(nowMs: number): Status {
  return {
    nowMs,
    wallMs: nowMs,
    retentionDays: 14,
    oldestUnheldEndMs: null,
    nextDueMs: null,
    overdueClips: 0,
    blocked: [],
    lastSweep: null,
    drill: null,
    deletedPerHour: [],
    cameras: [],
    roots: [],
    clock: { state: 'trusted', unacceptedMs: 0, synchronised: true },
    holds: { standing: 0, coolingOff: 0, reviewOverdue: 0, nextReviewMs: null },
    alarms: [],
  };
}
