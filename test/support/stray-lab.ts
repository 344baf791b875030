/** Strays really there below a root, and the run over them with the disk's thread called in place. */
import { existsSync, linkSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { everyRecord } from '../../src/audit/verify.ts';
import { breathe } from '../../src/base/delay.ts';
import { FortnightError } from '../../src/base/errors.ts';
import { silentLog } from '../../src/base/log.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { createPinStore } from '../../src/db/holds/pins.ts';
import { createStrayStore } from '../../src/db/holds/strays.ts';
import { EraseBatch } from '../../src/disk/erase.ts';
import type { DirHandle } from '../../src/disk/handle.ts';
import { pruneHoldDirs } from '../../src/disk/pins.ts';
import { sightsOf } from '../../src/disk/sights.ts';
import { adoptPins, endsOf, ownNames } from '../../src/disk/strays.ts';
import { openVerified } from '../../src/disk/verified-root.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { Strays, type StrayDeps } from '../../src/holds/keep/stray-run.ts';
import { Gate } from '../../src/retention/gate.ts';
import type { BlockedReason } from '../../src/roots/root.ts';
import { DAY, T0, makeFootage, type Footage } from './footage.ts';
import { holdOver, makeSweeping } from './sweeping.ts';

export const CLAIM = '7b0e4a1c-6a53-4d52-9c11-0d6c0a4b1f10';
export const ORDER = '11111111-2222-4333-8444-555555555555';
export const HOUR = 3_600_000;
/** When what is held was recorded: long enough ago for its retention to be over. */
export const START = T0 - 20 * DAY;
/** Released, and the cooling-off is over. */
export const ENDED = { version: 2, releasedMs: T0 - 2 * DAY, endsMs: T0 - DAY };

export class StrayLab {
  readonly f: Footage = makeFootage();
  readonly #reader = makeSweeping(this.f).reader;
  set = new HoldSet();
  readonly versions: HoldVersion[] = [];
  readonly #gate = new Gate(() => new Promise(() => undefined));
  reconciled = true;
  blocked: BlockedReason[] = [];
  durableFailure: string | undefined;
  /** Called when files have been looked at: once when they are found, and once more before the intent. */
  afterLook: () => void = () => undefined;
  /** What the last run told of as kept without a clip. */
  kept = 0;

  strays(): Strays {
    const { f } = this;
    return new Strays({
      store: createStrayStore(f.db, f.audit),
      pins: createPinStore(f.db),
      disk: {
        ownNames: (_root, dir) => this.#below((root) => ownNames(root, dir)),
        adoptPins: (_root, holdId, pins) => this.#below((root) => adoptPins(root, holdId, pins)),
        ends: (_root, paths) => this.#below((root) => endsOf(root, paths)),
        prunePins: () =>
          this.#below((root) => {
            pruneHoldDirs(root);
          }),
      },
      eraser: { erase: (...call) => this.#erase(...call) },
      gate: this.#gate,
      sights: (_root, paths) => {
        const seen = this.#below((root) => sightsOf(root, paths));
        this.afterLook();
        return seen;
      },
      set: { inForce: () => this.set.inForce(), ofCamera: (id) => this.set.ofCamera(id) },
      versions: (holdId) => this.versions.filter((v) => v.holdId === holdId),
      clip: (id) => this.#reader.clip(id),
      location: (id) => this.#reader.location(id),
      layout: () => ({ cameraIds: new Set(['entrance', 'hall']), maxClipMs: 60_000 }),
      onlineRoots: () => ['nvr'],
      reconciled: () => this.reconciled,
      blocked: () => this.blocked,
      nowMs: () => f.clock.wallMs(),
      retentionMs: () => 14 * DAY,
      onKept: (_root, { files }) => {
        this.kept = files;
      },
      onEnd: () => undefined,
      failing: () => undefined,
      doubt: () => undefined,
      breathe,
      log: silentLog,
    });
  }

  run(): Promise<void> {
    return this.strays().run();
  }

  /** An hour of one camera, held. */
  hold(holdId: string, extra: Partial<HoldVersion> = {}): HoldVersion {
    const version = holdOver(['entrance'], START, START + HOUR, { holdId, ...extra });
    this.set.add(version);
    this.versions.push(version);
    return version;
  }

  ended(holdId: string, extra: Partial<HoldVersion> = {}): void {
    this.hold(holdId);
    this.hold(holdId, { ...ENDED, ...extra });
  }

  /** A clip of the held hour. */
  clip(): number {
    return this.f.add('cam/1.mp4', { startMs: START, endMs: START + 10_000 });
  }

  /** A file of ours, by default as old as what was held. */
  plant(path: string, recordedMs = START, content = 'footage'): string {
    mkdirSync(dirname(this.f.path(path)), { recursive: true });
    writeFileSync(this.f.path(path), content);
    utimesSync(this.f.path(path), recordedMs / 1000, recordedMs / 1000);
    return path;
  }

  /** A pin of the clip, under a number that is not the clip's unless it is given. */
  pinAs(holdId: string, clipId = 4711): string {
    const path = `.fortnight/holds/${holdId}/${String(clipId)}-${this.ino().toString(36)}.pin`;
    mkdirSync(dirname(this.f.path(path)), { recursive: true });
    linkSync(this.f.path('cam/1.mp4'), this.f.path(path));
    return path;
  }

  ino(): bigint {
    return statSync(this.f.path('cam/1.mp4'), { bigint: true }).ino;
  }

  there(path: string): boolean {
    return existsSync(this.f.path(path));
  }

  names(holdId: string): string[] {
    return readdirSync(this.f.path(`.fortnight/holds/${holdId}`));
  }

  /** Whether the index knows the pin of a clip as made. */
  isMade(clipId: number, holdId: string): boolean {
    const find = this.f.db.prepare('SELECT 1 FROM pin WHERE clip_id = ? AND hold_id = ? AND state = 1');
    return find.get(clipId, holdId) !== undefined;
  }

  kinds(): string[] {
    return [...everyRecord(createAuditStore(this.f.db))].map((r) => r.kind);
  }

  payloads(): string[] {
    return [...everyRecord(createAuditStore(this.f.db))].map((r) => r.payload ?? '');
  }

  #erase(
    ...[, batch, abort]: Parameters<StrayDeps['eraser']['erase']>
  ): ReturnType<StrayDeps['eraser']['erase']> {
    const failure = this.durableFailure;
    const unlinked = this.#below((root) => {
      const work = new EraseBatch(root);
      const results = work.unlinkAll(batch, () => abort.raised);
      if (failure === undefined) work.makeDurable();
      work.close();
      return { results, tookMs: 1 };
    });
    return { unlinked, durable: unlinked.then(() => ({ failure })) };
  }

  #below<T>(work: (root: DirHandle) => T): Promise<T> {
    const open = openVerified(this.f.address.path, this.f.address.expected);
    if (open.root === undefined) throw new FortnightError('root_refused', open.why);
    try {
      return Promise.resolve(work(open.root));
    } finally {
      open.root.close();
    }
  }
}
