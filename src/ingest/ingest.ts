/**
 * What the ingest does when. Events fill a bounded queue and are looked at; files that are not settled are looked at
 * again; the reconcile, at start and every 15 minutes, is the truth.
 *
 * `beat` is called every second and asks the clocks what is owed, so that nothing is lost when a beat is late and
 * tests can drive it with a simulated clock.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/clock.ts';
import type { Clip } from '../clips/clip.ts';
import type { Change } from '../clips/change.ts';
import type { Applied, Reckoning } from '../clips/index-writer.ts';
import { HintQueue } from './hints.ts';
import type { Ingest, IngestDeps, ScannableRoot } from './contract.ts';
import type { Scope } from './reconcile.ts';
import { REFUSED_REPORT, type ScanReport } from './report.ts';
import type { CompiledLayout, Reading } from '../clips/layouts/index.ts';
import { ScanClient, type Work } from './scan-client.ts';
import type { Watching } from './watch.ts';

const BEAT_MS = SECOND_MS;
/** Between two reconciles of a root. */
export const RECONCILE_MS = 15 * MINUTE_MS;
/** Between two reconciles that compare every file. */
export const FULL_MS = DAY_MS;
/** Between two looks at files that are being written, and two listings where no events come. */
export const LOOK_MS = 30 * SECOND_MS;
/** A recording that grows for longer is no clip any more. */
export const OVERLONG_MS = 24 * HOUR_MS;
/** Between a reconcile that was refused, discarded or asked for by lost events, and the next try. */
const RETRY_MS = 30 * SECOND_MS;
/** Files being written that are looked at in one round. */
const MAX_RECORDINGS = 5000;
/** Clips whose times are reckoned again, and rows purged, without letting anything else run. */
const SLICE = 500;

/** Directories asked for to find flat ones. */
const MAX_DIRS_ASKED = 100_000;

/** What is known of one root between beats. By the boot clock. */
interface Pace {
  reconciledMs: number;
  fullMs: number;
  lookedMs: number;
  triedMs: number;
  busy: boolean;
  watching: Watching | undefined;
  watchDay: number;
  /** Events cannot be had: its open directories are listed instead. */
  listing: boolean;
  /** Missing clips of this scan, while it runs. */
  lost: Clip[];
}

export function createIngest(deps: IngestDeps): Ingest {
  return new IngestRunner(deps);
}

class IngestRunner implements Ingest {
  readonly #deps: IngestDeps;
  readonly #scan: ScanClient;
  readonly #hints = new HintQueue();
  readonly #paces = new Map<string, Pace>();
  #timer: NodeJS.Timeout | undefined;
  #working = new Set<Promise<unknown>>();

  constructor(deps: IngestDeps) {
    this.#deps = deps;
    this.#scan = new ScanClient({
      spawn: deps.spawn,
      bootMs: () => deps.clock.bootMs(),
      apply: (rootId, changes) => {
        this.#apply(rootId, changes);
      },
      givenUp: (rootId, path) => {
        deps.events.givenUp(rootId, path);
      },
    });
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.beat();
    }, BEAT_MS).unref();
    this.beat();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#scan.stop();
    for (const pace of this.#paces.values()) await pace.watching?.close();
    await Promise.allSettled(this.#working);
  }

  beat(): void {
    const hung = this.#scan.hungRoot();
    if (hung !== undefined) this.#deps.events.hung(hung);
    for (const root of this.#deps.roots()) this.#beatRoot(root);
    const { nowMs, retentionMs } = this.#deps.retention();
    const overlong = this.#deps.index.flagOverlong(nowMs - OVERLONG_MS, retentionMs);
    if (overlong.length > 0) this.#deps.events.overlong(overlong);
    this.#deps.index.purgeGone(nowMs, SLICE);
  }

  reconcile(rootId: string, options: { readonly full: boolean }): Promise<ScanReport> {
    const root = this.#deps.roots().find((r) => r.rootId === rootId);
    if (root === undefined) return Promise.resolve({ ...REFUSED_REPORT, why: 'the root cannot be read now' });
    return this.#reconcile(root, options.full ? 'full' : 'changed');
  }

  async lookNow(rootId: string, paths: readonly string[]): Promise<void> {
    const root = this.#deps.roots().find((r) => r.rootId === rootId);
    if (root !== undefined && paths.length > 0) await this.#run(root, { do: 'look', paths });
  }

  async reckonAgain(rootId: string): Promise<void> {
    const layout = this.#deps.rules.get(rootId)?.layout;
    if (layout === undefined) return;
    const read = (path: string): ReturnType<typeof readingOf> => readingOf(layout, path);
    let afterId: number | undefined = 0;
    while (afterId !== undefined) {
      const at = { ...this.#reckoning(rootId), trustNames: true };
      afterId = this.#deps.index.reckonAgain(rootId, { afterId, limit: SLICE, read }, at);
      await this.#deps.breathe();
    }
  }

  async lost(rootId: string): Promise<void> {
    const { index, heldAmong, breathe } = this.#deps;
    const loss = { clips: 0, held: [] as number[] };
    let page = index.clipsOf(rootId, 0, SLICE);
    for (; page.length > 0; page = index.clipsOf(rootId, page.at(-1)?.id ?? Infinity, SLICE)) {
      const { gone } = this.#apply(
        rootId,
        page.map(({ id, recording }) =>
          recording ? { is: 'vanished', clipId: id } : { is: 'missing', clipId: id, as: 'gone' },
        ),
      );
      loss.clips += gone.length;
      loss.held.push(...heldAmong(gone));
      await breathe();
    }
    if (loss.clips > 0) index.recordLoss(rootId, loss);
  }

  queueDepth(): number {
    return this.#hints.size + this.#scan.outstanding;
  }

  lagMs(): number {
    const since = this.#hints.waitingSinceMs;
    return since === undefined ? 0 : this.#deps.clock.bootMs() - since;
  }

  #beatRoot(root: ScannableRoot): void {
    const pace = this.#pace(root.rootId);
    if (pace.busy) return;
    const now = this.#deps.clock.bootMs();
    const scope = now - pace.triedMs >= RETRY_MS ? this.#owed(root, pace) : undefined;
    if (scope === undefined) this.#look(root, pace);
    else this.#start(root, () => this.#reconcile(root, scope));
  }

  #owed(root: ScannableRoot, pace: Pace): Scope | undefined {
    const now = this.#deps.clock.bootMs();
    if (now - pace.fullMs >= FULL_MS) return 'full';
    if (this.#hints.takeOverflow(root.rootId) || now - pace.reconciledMs >= RECONCILE_MS) return 'changed';
    return pace.listing || root.eventless ? 'open' : undefined;
  }

  /** Files that something happened to, and those that are being written. */
  #look(root: ScannableRoot, pace: Pace): void {
    const now = this.#deps.clock.bootMs();
    const paths = this.#hints.take(root.rootId);
    if (now - pace.lookedMs >= LOOK_MS) {
      pace.lookedMs = now;
      paths.push(...this.#deps.index.recordings(root.rootId, MAX_RECORDINGS));
    }
    if (paths.length > 0) this.#start(root, () => this.#run(root, { do: 'look', paths }));
  }

  #start({ rootId }: ScannableRoot, work: () => Promise<unknown>): void {
    const pace = this.#pace(rootId);
    pace.busy = true;
    const done = work()
      .catch((error: unknown) => {
        this.#deps.log.error('scan_failed', { error: String(error) });
        // What was hinted at is not known now; and while the index has no room, no thread is made for each hint.
        this.#hints.overflow(rootId);
      })
      .finally(() => {
        pace.busy = false;
        this.#working.delete(done);
      });
    this.#working.add(done);
  }

  async #reconcile(root: ScannableRoot, scope: Scope): Promise<ScanReport> {
    const { clock, index, events } = this.#deps;
    const pace = this.#pace(root.rootId);
    const startMs = clock.bootMs();
    pace.lost = [];
    pace.triedMs = startMs;
    const report = await this.#run(root, { do: 'reconcile', scope });
    if (report.outcome === 'done' && scope !== 'open') pace.reconciledMs = startMs;
    if (report.outcome === 'done' && scope === 'full') {
      pace.fullMs = startMs;
      index.reconciled(root.rootId, { wallMs: clock.wallMs(), unownedFiles: report.unowned });
    }
    if (report.massLoss) {
      const held = this.#deps.heldAmong(pace.lost);
      index.recordLoss(root.rootId, { clips: pace.lost.length, held });
      events.loss(root.rootId, { clips: pace.lost });
    }
    events.reconciled(root.rootId, scope, { ...report, tookMs: clock.bootMs() - startMs });
    if (report.outcome === 'done') await this.#watch(root, pace);
    return report;
  }

  /** Events are asked for when the first reconcile is done, and again every day: yesterday's directories are closed then. */
  async #watch(root: ScannableRoot, pace: Pace): Promise<void> {
    const wallMs = this.#deps.clock.wallMs();
    const day = Math.floor(wallMs / DAY_MS);
    const layout = this.#deps.rules.get(root.rootId)?.layout;
    if (root.eventless || pace.watchDay === day || layout === undefined) return;
    pace.watchDay = day;
    pace.listing = false;
    await pace.watching?.close();
    const dirs = this.#deps.index.directories(root.rootId, MAX_DIRS_ASKED);
    const flatDirs = dirs.filter((dir) => layout.closesMs(dir) === null);
    const { rootId } = root;
    pace.watching = this.#deps.watch(
      { path: root.address.path, layout, flatDirs, wallMs },
      {
        hint: (path) => {
          this.#hints.add(rootId, path, this.#deps.clock.bootMs());
        },
        lost: () => {
          this.#hints.overflow(rootId);
        },
        failed: (error) => {
          if (!pace.listing) this.#deps.events.watchFailed(rootId, error);
          pace.listing = true;
        },
      },
    );
  }

  #run(root: ScannableRoot, work: Work): Promise<ScanReport> {
    const { clock, retention } = this.#deps;
    const { timesBelievable } = retention();
    const moment = { wallMs: clock.wallMs(), bootMs: clock.bootMs(), timesBelievable };
    return this.#scan.run(root.rootId, { address: root.address, moment }, work);
  }

  #apply(rootId: string, changes: Iterable<Change>): Applied {
    const applied = this.#deps.index.apply(rootId, changes, this.#reckoning(rootId));
    this.#pace(rootId).lost.push(...applied.missing);
    this.#deps.events.indexed(rootId, applied);
    return applied;
  }

  #reckoning(rootId: string): Reckoning {
    const trustNames = this.#deps.roots().some((r) => r.rootId === rootId && r.trustNames);
    const maxClipMs = this.#deps.rules.get(rootId)?.layout.maxClipMs ?? null;
    return { ...this.#deps.retention(), wallMs: this.#deps.clock.wallMs(), maxClipMs, trustNames };
  }

  #pace(rootId: string): Pace {
    const known = this.#paces.get(rootId);
    if (known !== undefined) return known;
    const never = -Infinity;
    const pace: Pace = {
      reconciledMs: never,
      fullMs: never,
      lookedMs: never,
      triedMs: never,
      busy: false,
      watching: undefined,
      watchDay: never,
      listing: false,
      lost: [],
    };
    this.#paces.set(rootId, pace);
    return pace;
  }
}

function readingOf(layout: CompiledLayout, path: string): Reading | undefined {
  const meaning = layout.read(path);
  return meaning?.is === 'clip' ? meaning.reading : undefined;
}
