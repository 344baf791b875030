/** Files nobody owns, really there and really listed, and the sweep over them with the disk's thread called in place. */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { everyRecord } from '../../src/audit/verify.ts';
import { FortnightError } from '../../src/base/errors.ts';
import type { UnownedReason } from '../../src/clips/change.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { createUnownedRules, createUnownedStore, type UnownedRules } from '../../src/db/retention/unowned.ts';
import { createUnownedList } from '../../src/db/retention/unowned-list.ts';
import { EraseBatch } from '../../src/disk/erase.ts';
import { sightsOf } from '../../src/disk/sights.ts';
import { openVerified, type OpenRoot } from '../../src/disk/verified-root.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { Gate, type AbortFlag } from '../../src/retention/gate.ts';
import type { FileEnd } from '../../src/retention/file-protocol.ts';
import { UnownedSweep, type UnownedDeps } from '../../src/retention/unowned-sweep.ts';
import type { BlockedReason } from '../../src/roots/root.ts';
import { DAY, makeFootage, T0, type Footage } from './footage.ts';

export const RULE = { id: 'nvr', unownedDeleteAfterMs: 30 * DAY };
export const OLD = T0 - 40 * DAY;

interface Planted {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly seenMs: number;
  readonly reason: UnownedReason;
}

export class UnownedLab {
  readonly f: Footage = makeFootage();
  readonly rules: UnownedRules = createUnownedRules(this.f.db, this.f.audit);
  readonly holds: HoldVersion[] = [];
  readonly ends: FileEnd[] = [];
  readonly said: string[] = [];
  readonly #changeTimes = new Map<string, number>();
  blocked: BlockedReason[] = [];
  believable = true;
  gate = new Gate(() => new Promise(() => undefined));
  /** Called when the files have been looked at and nothing was decided yet; and between the intent and the unlinks. */
  afterLook: () => void = () => undefined;
  beforeUnlink: (abort: AbortFlag) => void = () => undefined;
  durableFailure: string | undefined;

  /** A file of the list, by default old by every evidence. The system's own time of change cannot be set: it is told. */
  add(
    path: string,
    { mtimeMs = OLD, ctimeMs = OLD, seenMs = OLD, reason = 'no_layout' }: Partial<Planted> = {},
  ): void {
    const at = Buffer.from(this.f.path(path), 'latin1');
    mkdirSync(dirname(this.f.path(path)), { recursive: true });
    writeFileSync(at, 'content');
    utimesSync(at, mtimeMs / 1000, mtimeMs / 1000);
    this.#changeTimes.set(path, ctimeMs);
    this.list(path, reason, seenMs);
  }

  list(path: string, reason: UnownedReason, seenMs = OLD): void {
    this.f.db
      .prepare('INSERT INTO unowned (root_n, path, reason, size_bytes, seen_ms) VALUES (1, ?, ?, 7, ?)')
      .run(path, reason, seenMs);
  }

  enforce(): void {
    this.rules.follow([RULE], this.f.clock.wallMs());
    this.rules.confirm('nvr', { user: 'admin', nowMs: this.f.clock.wallMs() });
  }

  async sweep(change: Partial<UnownedDeps> = {}): Promise<void> {
    await new UnownedSweep({ ...this.#deps(), ...change }).sweep('nvr');
  }

  there(path: string): boolean {
    return existsSync(Buffer.from(this.f.path(path), 'latin1'));
  }

  kinds(): string[] {
    return [...everyRecord(createAuditStore(this.f.db))].map((r) => r.kind);
  }

  listed(): string[] {
    const query = { rootId: undefined, reason: undefined, after: undefined, limit: 1000 };
    return createUnownedList(this.f.db)
      .page(query)
      .map((r) => r.path);
  }

  payloads(kind: string): Record<string, unknown>[] {
    return [...everyRecord(createAuditStore(this.f.db))]
      .filter((r) => r.kind === kind)
      .map((r) => JSON.parse(r.payload ?? '{}') as Record<string, unknown>);
  }

  #deps(): UnownedDeps {
    const { f, holds } = this;
    const cameraIds = new Set(['entrance', 'hall']);
    return {
      store: createUnownedStore(f.db, f.audit),
      gate: this.gate,
      eraser: { erase: (_root, batch, abort) => this.#erase(batch, abort) },
      sights: (_root, paths) => {
        const seen = this.#opened(({ root }) => sightsOf(root, paths));
        const told = seen.map(
          (s, i) => s && { ...s, ctimeMs: this.#changeTimes.get(paths[i] ?? '') ?? s.ctimeMs },
        );
        this.afterLook();
        return Promise.resolve(told);
      },
      circumstances: (_root, path) =>
        path.startsWith('clip/') ? undefined : { reading: undefined, maxClipMs: 3_600_000, cameraIds, holds },
      blocked: () => this.blocked,
      timesBelievable: () => this.believable,
      nowMs: () => f.clock.wallMs(),
      retentionMs: () => 14 * DAY,
      onEnd: (_root, list) => this.ends.push(...list),
      failing: (_root, why) => this.said.push(`failing: ${why}`),
      doubt: (_root, why) => this.said.push(`doubt: ${why}`),
    };
  }

  #erase(
    ...[batch, abort]: [Parameters<EraseBatch['unlinkAll']>[0], AbortFlag]
  ): ReturnType<UnownedDeps['eraser']['erase']> {
    this.beforeUnlink(abort);
    const failure = this.durableFailure;
    return this.#opened(({ root }) => {
      const work = new EraseBatch(root);
      const results = work.unlinkAll(batch, () => abort.raised);
      if (failure === undefined) work.makeDurable();
      work.close();
      return { unlinked: Promise.resolve({ results, tookMs: 1 }), durable: Promise.resolve({ failure }) };
    });
  }

  #opened<T>(work: (open: OpenRoot) => T): T {
    const open = openVerified(this.f.address.path, this.f.address.expected);
    if (open.root === undefined) throw new FortnightError('root_refused', open.why);
    try {
      return work(open);
    } finally {
      open.root.close();
    }
  }
}
