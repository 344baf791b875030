/** The neighbours of the server, as far as a request can see them. */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { FortnightError } from '../../../src/base/errors.ts';
import { merge, overlaps, type TimeRange } from '../../../src/base/range.ts';
import type { Clip } from '../../../src/clips/clip.ts';
import type { MediaInfo } from '../../../src/clips/media-info.ts';
import type { CameraTotals, ClipLocation, ClipPageQuery, Receipt } from '../../../src/clips/store.ts';
import type { CoverageReport } from '../../../src/holds/coverage-report.ts';
import * as acts from '../../../src/holds/acts.ts';
import type { HoldTerms, HoldVersion, Scope } from '../../../src/holds/hold.ts';
import { HoldSet, type Case } from '../../../src/holds/hold-set.ts';
import type { Act, CaseChange, Holds, PlacedHold } from '../../../src/holds/holds.ts';
import { holdOver } from '../sweeping.ts';
import type { PreservedReport } from '../../../src/holds/keep/preserved.ts';
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

/** Holds without journal, index and mirrors: the acts of the product, kept in memory. */
export class FakeHolds implements Holds {
  readonly #versions: HoldVersion[] = [];
  readonly #set = new HoldSet();
  readonly #nowMs: () => number;
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }
  place(terms: HoldTerms, { by }: { by: string }): Promise<PlacedHold> {
    const base = holdOver([], 0, 0);
    const at = { by, atMs: this.#nowMs() };
    const made = { holdId: randomUUID(), terms, ...at, why: terms.reason, boundBy: by, boundMs: at.atMs };
    const hold = this.#add({ ...base, ...made, case: { id: randomUUID(), version: 1, ...at } });
    return Promise.resolve({ hold, coverage: NOTHING_FOUND, replayed: false });
  }
  /** Both people at once. */
  release(holdId: string, { by, reason }: { by: string; reason: string }): Promise<HoldVersion> {
    const { version } = this.#known(holdId);
    void this.ask({ holdId, version, by, reason }, undefined);
    return this.approve({ holdId, version: version + 1, by: 'a.jansen', reason });
  }
  widen(act: Act, to: Scope): Promise<PlacedHold> {
    const hold = this.#act(act, (h, a) => acts.widened(h, a, { ...to, ...RULES }));
    return Promise.resolve({ hold, coverage: NOTHING_FOUND, replayed: false });
  }
  review = (act: Act, reviewMs: number): Promise<HoldVersion> =>
    this.#later(act, (h, a) => acts.reviewed(h, a, reviewMs));
  confirm = (act: Act): Promise<HoldVersion> => this.#later(act, acts.confirmed);
  ask = (act: Act, to: Scope | undefined): Promise<HoldVersion> =>
    this.#later(act, (h, a) => acts.asked(h, a, { to, rules: RULES }));
  approve = (act: Act): Promise<HoldVersion> =>
    this.#later(act, (h, a) => acts.granted(h, a, RULES.coolingOffMs));
  refuse = (act: Act): Promise<HoldVersion> => this.#later(act, acts.refused);
  withdraw = (act: Act): Promise<HoldVersion> => this.#later(act, acts.withdrawn);
  async changeCase(caseId: string, change: CaseChange): Promise<Case> {
    const carrier = this.current().find((h) => h.case.id === caseId);
    if (carrier === undefined) throw new FortnightError('not_found', 'there is no such case');
    await this.#later({ ...change, ...carrier }, (h, a) => acts.caseChanged(h, a, change));
    return this.cases().find((c) => c.mark.id === caseId)!;
  }
  current(): readonly HoldVersion[] {
    return this.#set.all();
  }
  cases(): readonly Case[] {
    return this.#set.cases();
  }
  inForce(): readonly HoldVersion[] {
    return this.#set.inForce();
  }
  history(holdId: string): readonly HoldVersion[] {
    return this.#versions.filter((v) => v.holdId === holdId);
  }
  coverage(holdId: string): Promise<CoverageReport> {
    this.#known(holdId);
    return Promise.resolve(NOTHING_FOUND);
  }
  preview(): Promise<CoverageReport> {
    return Promise.resolve(NOTHING_FOUND);
  }
  #later(act: Act, make: (hold: HoldVersion, actor: acts.Actor) => HoldVersion): Promise<HoldVersion> {
    return new Promise((resolve) => {
      resolve(this.#act(act, make));
    });
  }
  #act(act: Act, make: (hold: HoldVersion, actor: acts.Actor) => HoldVersion): HoldVersion {
    const known = this.#known(act.holdId);
    if (known.version !== act.version) throw new FortnightError('conflict', 'another version');
    return this.#add(make(known, { by: act.by, reason: act.reason, nowMs: this.#nowMs() }));
  }
  #known(holdId: string): HoldVersion {
    const known = this.#set.get(holdId);
    if (known === undefined) throw new FortnightError('not_found', 'there is no such hold');
    return known;
  }
  #add(version: HoldVersion): HoldVersion {
    this.#versions.push(version);
    this.#set.add(version);
    return version;
  }
}

const RULES = { coolingOffMs: 86_400_000, aloneAfterMs: undefined };

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
    vault: null,
    clock: { state: 'trusted', unacceptedMs: 0, synchronised: true },
    holds: {
      standing: 0,
      coolingOff: 0,
      reviewOverdue: 0,
      nextReviewMs: null,
      unconfirmed: 0,
      confirmOverdue: 0,
      pending: 0,
    },
    alarms: [],
  };
}

export const NOTHING_PRESERVED: PreservedReport = {
  covered: 0,
  pinned: 0,
  copied: 0,
  whole: 0,
  damaged: 0,
  unchecked: 0,
  flaws: [],
};
