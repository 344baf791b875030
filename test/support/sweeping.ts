/** The sweep over real files and a real index, with the disk's thread replaced by the same code called in place. */
import { breathe } from '../../src/base/delay.ts';
import { EraseBatch } from '../../src/disk/erase.ts';
import { openVerified } from '../../src/disk/verified-root.ts';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { createSweepStore } from '../../src/db/retention/sweep.ts';
import { FortnightError } from '../../src/base/errors.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { DeleteProtocol } from '../../src/retention/delete-protocol.ts';
import type { Eraser, Outcome } from '../../src/retention/erasure.ts';
import { Gate } from '../../src/retention/gate.ts';
import { Sweeper } from '../../src/retention/sweeper.ts';
import type { BlockedReason } from '../../src/roots/root.ts';
import { DAY, type Footage } from './footage.ts';

export interface Sweeping {
  readonly sweeper: Sweeper;
  readonly protocol: DeleteProtocol;
  readonly gate: Gate;
  readonly holds: HoldVersion[];
  readonly outcomes: Outcome[];
  readonly said: string[];
  readonly reader: ReturnType<typeof createClipReader>;
  blocked: BlockedReason[];
  /** Called between T1 and the first unlink. */
  beforeUnlink: () => void;
  durableFailure: string | undefined;
  /** What the n-th erasure (from 0) waits for before it tells what was unlinked, and then whether that is durable. */
  untilUnlinked: (n: number) => Promise<unknown>;
  untilDurable: (n: number) => Promise<unknown>;
  /** X of the protocol. */
  closeClips: (ids: readonly number[]) => Promise<void>;
  /** Clips of which the disk does not say what became of them. */
  readonly unknown: Set<number>;
  /** The next batch is told to stop before its first unlink. */
  abortFirst: boolean;
}

export function makeSweeping(f: Footage): Sweeping {
  const store = createSweepStore({ db: f.db, audit: f.audit, nowMs: () => f.clock.wallMs() });
  const gate = new Gate(() => new Promise(() => undefined));
  const holds: HoldVersion[] = [];
  const outcomes: Outcome[] = [];
  const said: string[] = [];
  let erasures = 0;
  const eraser: Eraser = {
    erase: (_rootId, batch, abort) => {
      s.beforeUnlink();
      const open = openVerified(f.address.path, f.address.expected);
      if (open.root === undefined) {
        const refused = Promise.reject(new FortnightError('root_refused', open.why));
        refused.catch(() => undefined);
        return { unlinked: refused, durable: refused };
      }
      const work = new EraseBatch(open.root);
      if (s.abortFirst) abort.raise();
      s.abortFirst = false;
      const asked = batch.filter((item) => !s.unknown.has(item.clipId));
      const answered = work.unlinkAll(asked, () => abort.raised);
      const results = batch.map(
        ({ clipId }) =>
          answered.find((r) => r.clipId === clipId) ?? {
            clipId,
            found: 'unknown' as const,
            errno: 'EIO',
            linksLeft: 0,
          },
      );
      if (s.durableFailure === undefined) work.makeDurable();
      work.close();
      open.root.close();
      const n = erasures++;
      const unlinked = s.untilUnlinked(n).then(() => ({ results, tookMs: 1 }));
      return {
        unlinked,
        durable: unlinked.then(() => s.untilDurable(n)).then(() => ({ failure: s.durableFailure })),
      };
    },
  };
  const protocol = new DeleteProtocol({
    store,
    eraser,
    gate,
    holdsOf: (camera) => holds.filter((h) => h.terms.cameraIds.includes(camera)),
    nowMs: () => f.clock.wallMs(),
    closeClips: (ids) => {
      if (ids.length > 0) said.push(`closed ${ids.join(',')}`);
      return s.closeClips(ids);
    },
    onOutcomes: (_root, list) => outcomes.push(...list),
    disk: {
      doubt: (_root, why) => said.push(`doubt: ${why}`),
      failing: (_root, why) => said.push(`failing: ${why}`),
      relook: (_root, clips) => said.push(`relook ${clips.map((c) => c.id).join(',')}`),
      refused: (_root, clips, errno) => said.push(`refused ${String(clips)} ${errno ?? ''}`),
    },
  });
  const sweeper = new Sweeper({
    store,
    protocol,
    rootIds: () => ['nvr'],
    blocked: () => s.blocked,
    nowMs: () => f.clock.wallMs(),
    monotonicMs: () => f.clock.bootMs(),
    retentionMs: () => 14 * DAY,
    clockTrusted: () => true,
    onBreaker: (_root, open, due) => said.push(`breaker ${open ? 'open' : 'closed'} ${String(due)}`),
  });
  const s: Sweeping = {
    sweeper,
    protocol,
    gate,
    holds,
    outcomes,
    said,
    reader: createClipReader(f.db, createCoverage(f.db)),
    blocked: [],
    beforeUnlink: () => undefined,
    durableFailure: undefined,
    untilUnlinked: () => Promise.resolve(),
    untilDurable: someTurns,
    closeClips: () => Promise.resolve(),
    unknown: new Set(),
    abortFirst: false,
  };
  return s;
}

/** As on a disk: whether a directory is durable is known later than what was unlinked. */
export async function someTurns(): Promise<void> {
  for (let i = 0; i < 4; i += 1) await breathe();
}

export function holdOver(
  cameraIds: string[],
  fromMs: number,
  toMs: number,
  extra: Partial<HoldVersion> = {},
): HoldVersion {
  return {
    holdId: '7b0e4a1c-6a53-4d52-9c11-0d6c0a4b1f10',
    version: 1,
    act: 'placed',
    case: { id: 'c1f0b7a2-90f4-4f5e-8a51-3b7f1f8f4b11', version: 1, by: 'm.bakker', atMs: fromMs },
    terms: {
      caseRef: 'Z-2026-001',
      title: 'A fall in the hall',
      kind: 'legal_claim',
      ground: 'gdpr_17_3_e',
      viewers: ['j.devries'],
      reason: 'The insurer asks to keep the footage.',
      cameraIds,
      endMs: null,
      window: { fromMs, toMs },
      reviewMs: toMs + 30 * DAY,
    },
    by: 'm.bakker',
    atMs: fromMs,
    why: 'The insurer asks to keep the footage.',
    boundBy: 'm.bakker',
    boundMs: fromMs,
    confirmedBy: null,
    confirmedMs: null,
    pending: null,
    leaving: [],
    askedBy: null,
    releasedMs: null,
    releaseReason: null,
    endsMs: null,
    ...extra,
  };
}
