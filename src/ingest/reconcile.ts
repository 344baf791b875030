/**
 * The reconcile: the truth about one root, whatever events were lost. Marker read (the tree was opened as ours), walk,
 * marker read again; only then is absence compared.
 *
 * What is found on the way is told at once: it was reached from the verified descriptor and is there, whatever
 * happens to the path meanwhile. What is not found, and which directories need no look next time, waits for the end.
 */
import { SECOND_MS } from '../base/clock.ts';
import type { Change } from '../clips/change.ts';
import { REFUSED_REPORT, type ScanReport } from './report.ts';
import { compareNames, pathOf, tellUnowned, type Compare, type Sidecar } from './compare.ts';
import { judgeAbsence, pairMoved, type Absent } from './missing.ts';
import {
  paged,
  type Candidate,
  type KnownClip,
  type KnownDir,
  type KnownName,
  type NameRange,
} from '../clips/known.ts';
import type { TreeDir, TreeStep } from './tree.ts';

/** A directory changed less than this before it was listed may change again within the same tick of its mtime. */
const YOUNG_DIR_MS = 3 * SECOND_MS;
/** Sidecars whose clip lies in another directory, kept until the end of the walk. */
const MAX_DEFERRED = 10_000;
/** Vanished files that are looked for under other names. */
const MAX_MOVES = 100_000;

const EVERY_NAME: NameRange = { after: null, upTo: null };

export type Scope =
  /** Every file is compared with its row. */
  | 'full'
  /** Directories whose mtime is that of their last listing are passed over. */
  | 'changed'
  /** As `changed`, only directories that can still receive files, and without looking for what is absent. */
  | 'open';

export interface Reconcile<D extends TreeDir> extends Compare<D> {
  /** Waits until every change emitted so far is in the index. */
  readonly drain: () => Promise<void>;
  /** Gives other work of this thread its turn. */
  readonly breathe: () => Promise<void>;
}

export async function reconcile<D extends TreeDir>(c: Reconcile<D>, scope: Scope): Promise<ScanReport> {
  const scan = new Scan(c, scope);
  for (const step of c.tree.walk(scan.options())) {
    await scan.step(step);
    await c.breathe();
  }
  return scan.end();
}

type Chunk<D extends TreeDir> = Extract<TreeStep<D>, { is: 'chunk' }>;

class Scan<D extends TreeDir> {
  readonly #c: Reconcile<D>;
  readonly #scope: Scope;
  readonly #visited = new Set<number>();
  /** Directories that had no row when they were visited; the walk's own changes may give them one. */
  readonly #visitedNew = new Set<string>();
  /** Paths below which nothing is known to be absent. */
  readonly #doubtful: string[] = [];
  readonly #listed: { dir: string; mtimeNs: bigint }[] = [];
  readonly #absent: Absent[] = [];
  readonly #vanished: number[] = [];
  readonly #sidecarsGone: number[] = [];
  readonly #deferred: Sidecar[] = [];
  #sidecars: Sidecar[] = [];
  #dirSettled = true;
  #changes = 0;
  #files = 0;
  #dirs = 0;
  #unreadable = 0;
  #unowned = 0;

  constructor(c: Reconcile<D>, scope: Scope) {
    const emit = async (change: Change): Promise<void> => {
      if (change.is !== 'listed' && change.is !== 'unowned') this.#changes += 1;
      await c.emit(change);
    };
    this.#c = { ...c, emit };
    this.#scope = scope;
    if (scope === 'full') for (const path of c.known.unownedPaths()) c.unmet.add(path);
  }

  options(): { enter: (path: string) => boolean; unchanged: (path: string, mtimeNs: bigint) => boolean } {
    const { layout } = this.#c.rules;
    return {
      enter: (path) => {
        if (this.#scope !== 'open') return true;
        const closesMs = layout.closesMs(path);
        return closesMs === null || closesMs > this.#c.now().wallMs;
      },
      unchanged: (path, mtimeNs) =>
        this.#scope !== 'full' && this.#c.known.dir(path)?.scanMtimeNs === mtimeNs,
    };
  }

  async step(step: TreeStep<D>): Promise<void> {
    switch (step.is) {
      case 'chunk':
        await this.#chunk(step);
        return;
      case 'unchanged':
        this.#visit(step.path);
        return;
      case 'refused':
        if (step.reason !== 'link') this.#doubtful.push(step.path);
        this.#unowned += 1;
        await tellUnowned(this.#c, {
          path: step.path,
          reason: step.reason === 'link' ? 'link' : 'other_mount',
          sizeBytes: 0,
        });
        return;
      case 'unreadable':
        this.#doubtful.push(step.path);
        this.#unreadable += 1;
        this.#unowned += 1;
        await tellUnowned(this.#c, { path: step.path, reason: 'unreadable_dir', sizeBytes: 0 });
    }
  }

  async end(): Promise<ScanReport> {
    await this.#c.drain();
    if (this.#doubtful.includes('')) return this.#report('discarded', 'the root could not be listed');
    if (!this.#c.tree.stillOurs())
      return this.#report('discarded', 'the root was not the same after the walk');
    await this.#resolveDeferred();
    const massLoss = this.#scope === 'open' ? false : await this.#compareAbsent();
    if (this.#scope !== 'open') for (const at of this.#listed) await this.#c.emit({ is: 'listed', ...at });
    await this.#c.drain();
    return { ...this.#report('done', null), massLoss };
  }

  async #chunk(chunk: Chunk<D>): Promise<void> {
    const { path, after, upTo, entries } = chunk;
    const dir = after === null ? this.#visit(path) : this.#c.known.dir(path);
    const here = new Set(entries.map((e) => e.name));
    const rows = new Map<string, KnownClip>();
    let absent = false;
    for (const row of dir === undefined ? [] : this.#rows(dir.id, { after, upTo })) {
      if (here.has(row.name)) rows.set(row.name, row);
      else if (!chunk.doubtful.includes(row.name)) {
        this.#noteAbsent(row);
        absent = true;
      }
    }
    const compared = await compareNames(this.#c, { path, dir: chunk.dir, entries, rows });
    if (dir !== undefined) this.#noteSidecarsGone(dir.id, chunk, here);
    this.#files += entries.length;
    this.#unowned += compared.unowned;
    this.#sidecars.push(...compared.sidecars);
    if (compared.unsettled || absent || chunk.doubtful.length > 0) this.#dirSettled = false;
    if (upTo === null) await this.#endOfDir(chunk);
  }

  #visit(path: string): ReturnType<Reconcile<D>['known']['dir']> {
    this.#dirs += 1;
    const dir = this.#c.known.dir(path);
    if (dir === undefined) this.#visitedNew.add(path);
    else this.#visited.add(dir.id);
    return dir;
  }

  #rows(dirId: number, range: NameRange): Generator<KnownClip> {
    return paged((part) => this.#c.known.clipsIn(dirId, part), range);
  }

  #sidecarRows(dirId: number, range: NameRange): Generator<KnownName> {
    return paged((part) => this.#c.known.sidecarsIn(dirId, part), range);
  }

  #noteAbsent({ id, state, missingMs, missedTwice }: KnownClip): void {
    if (state === 'recording') this.#vanished.push(id);
    else if (state === 'live') this.#absent.push({ id, missingMs, missedTwice });
  }

  #noteSidecarsGone(dirId: number, chunk: Chunk<D>, here: ReadonlySet<string>): void {
    for (const { id, name } of this.#sidecarRows(dirId, chunk)) {
      if (!here.has(name) && !chunk.doubtful.includes(name)) this.#sidecarsGone.push(id);
    }
  }

  /** Its clips are told; now its sidecars, and whether it may be passed over next time. */
  async #endOfDir({ path, dir, mtimeNs }: Chunk<D>): Promise<void> {
    const sidecars = this.#sidecars;
    this.#sidecars = [];
    for (const sidecar of sidecars) await this.#sidecar(dir, sidecar);
    const age = this.#c.now().wallMs - Number(mtimeNs / 1_000_000n);
    if (this.#dirSettled && age >= YOUNG_DIR_MS) this.#listed.push({ dir: path, mtimeNs });
    this.#dirSettled = true;
  }

  async #sidecar(dir: D, sidecar: Sidecar): Promise<void> {
    const row = this.#c.known.dir(sidecar.dir);
    if (row !== undefined && this.#c.known.hasSidecar(row.id, sidecar.name)) return;
    if (sidecar.of.some((path) => this.#isClipHere(dir, sidecar.dir, path))) {
      await this.#c.emit({ is: 'sidecar', dir: sidecar.dir, name: sidecar.name, of: sidecar.of });
    } else if (this.#deferred.length < MAX_DEFERRED) this.#deferred.push(sidecar);
    else this.#dirSettled = false;
  }

  #isClipHere(dir: D, dirPath: string, path: string): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (pathOf(dirPath, name) !== path || dir.stat(name)?.kind !== 'file') return false;
    const meaning = this.#c.rules.layout.read(path);
    return meaning?.is === 'clip' && this.#c.rules.cameras.has(meaning.reading.recorderCamera);
  }

  /** Sidecars whose clip is elsewhere: the index has all clips of the walk by now. */
  async #resolveDeferred(): Promise<void> {
    for (const { dir, name, of, sizeBytes } of this.#deferred) {
      if (of.some((path) => this.#hasClip(path))) await this.#c.emit({ is: 'sidecar', dir, name, of });
      else {
        this.#unowned += 1;
        await tellUnowned(this.#c, { path: pathOf(dir, name), reason: 'no_clip', sizeBytes });
      }
    }
  }

  #hasClip(path: string): boolean {
    const cut = path.lastIndexOf('/');
    const dir = this.#c.known.dir(cut < 0 ? '' : path.slice(0, cut));
    return dir !== undefined && this.#c.known.clip(dir.id, path.slice(cut + 1)) !== undefined;
  }

  async #compareAbsent(): Promise<boolean> {
    this.#noteGoneDirs();
    const moved = this.#moves();
    for (const { fromId, toId } of moved) await this.#c.emit({ is: 'moved', fromId, toId });
    const left = new Set(moved.map((m) => m.fromId));
    for (const clipId of this.#vanished)
      if (!left.has(clipId)) await this.#c.emit({ is: 'vanished', clipId });
    for (const sidecarId of this.#sidecarsGone) await this.#c.emit({ is: 'sidecar_gone', sidecarId });
    for (const path of this.#c.unmet) {
      if (!this.#isDoubtful(path)) await this.#c.emit({ is: 'unowned_gone', path });
    }
    const absent = this.#absent.filter((a) => !left.has(a.id));
    if (absent.length === 0) return false;
    const judged = judgeAbsence(absent, this.#c.known.clipCount(), this.#c.now().wallMs);
    for (const { id, as } of judged.changes) await this.#c.emit({ is: 'missing', clipId: id, as });
    return judged.massLoss;
  }

  /** Directories of the index that the walk did not meet, unless something above them could not be listed. */
  #noteGoneDirs(): void {
    const { known } = this.#c;
    let page = known.dirsAfter(0);
    for (; page.length > 0; page = known.dirsAfter(page.at(-1)?.id ?? Infinity)) {
      for (const dir of page) {
        if (this.#wasVisited(dir) || this.#isDoubtful(dir.path)) continue;
        for (const row of this.#rows(dir.id, EVERY_NAME)) this.#noteAbsent(row);
        for (const row of known.sidecarsIn(dir.id, { after: null, upTo: null }))
          this.#sidecarsGone.push(row.id);
      }
    }
  }

  #wasVisited(dir: KnownDir): boolean {
    return this.#visited.has(dir.id) || this.#visitedNew.has(dir.path);
  }

  #isDoubtful(path: string): boolean {
    return this.#doubtful.some((above) => path === above || path.startsWith(`${above}/`));
  }

  #moves(): { fromId: number; toId: number }[] {
    const { known } = this.#c;
    const vanished = new Map<bigint, Candidate>();
    let firstId = Infinity;
    for (const id of [...this.#vanished, ...this.#absent.map((a) => a.id)].slice(0, MAX_MOVES)) {
      const candidate = known.candidate(id);
      if (candidate === undefined) continue;
      vanished.set(candidate.ino, candidate);
      firstId = Math.min(firstId, id);
    }
    if (vanished.size === 0) return [];
    const there = function* (): Generator<Candidate> {
      let page = known.candidatesAfter(firstId);
      for (; page.length > 0; page = known.candidatesAfter(page.at(-1)?.id ?? Infinity)) yield* page;
    };
    return pairMoved(vanished, there());
  }

  #report(outcome: ScanReport['outcome'], why: string | null): ScanReport {
    return {
      ...REFUSED_REPORT,
      outcome,
      why,
      files: this.#files,
      dirs: this.#dirs,
      changes: this.#changes,
      missing: this.#absent.length,
      unreadableDirs: this.#unreadable,
      unowned: this.#unowned,
      full: this.#scope === 'full',
    };
  }
}
