/**
 * The reconcile: the truth about one root, whatever events were lost. Marker read (the tree was opened as ours), walk,
 * marker read again; only then is absence compared.
 *
 * What is found on the way is told at once: it was reached from the verified descriptor and is there, whatever
 * happens to the path meanwhile. What is not found, and which directories need no look next time, waits for the end.
 */
import { SECOND_MS } from '../base/clock.ts';
import type { Change, UnownedReason } from '../clips/change.ts';
import { Absence, type Rows } from './absence.ts';
import { compareNames, pathOf, tellUnowned } from './compare.ts';
import type { Compare } from './comparison.ts';
import { REFUSED_REPORT, type ScanReport } from './report.ts';
import { Sidecars } from './sidecars.ts';
import type { TreeDir, TreeOptions, TreeStep } from './tree.ts';

/** A directory changed less than this before it was listed may change again within the same tick of its mtime. */
const YOUNG_DIR_MS = 3 * SECOND_MS;

const NOT_ENTERED = { link: 'link', mount: 'other_mount', deep: 'too_deep' } as const;

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
  readonly #absence: Absence;
  readonly #sidecars: Sidecars<D>;
  readonly #listed: { dir: string; mtimeNs: bigint }[] = [];
  /** Of the names in the chunk that comes next. */
  #rows: Rows = new Map();
  #dirSettled = true;
  #changes = 0;
  #files = 0;
  #dirs = 0;
  #unreadable = 0;
  #unowned = 0;

  constructor(c: Reconcile<D>, scope: Scope) {
    const emit = (change: Change): void => {
      if (change.is !== 'listed' && change.is !== 'unowned') this.#changes += 1;
      c.emit(change);
    };
    this.#c = { ...c, emit };
    this.#scope = scope;
    this.#absence = new Absence(c.known);
    this.#sidecars = new Sidecars(this.#c);
    if (scope === 'full') for (const path of c.known.unownedPaths()) c.unmet.add(path);
  }

  options(): TreeOptions {
    const { layout } = this.#c.rules;
    return {
      enter: (path) => {
        if (this.#scope !== 'open') return true;
        const closesMs = layout.closesMs(path);
        return closesMs === null || closesMs > this.#c.now().wallMs;
      },
      unchanged: (path, mtimeNs) =>
        this.#scope !== 'full' && this.#c.known.dir(path)?.scanMtimeNs === mtimeNs,
      known: (path, range) => (this.#rows = this.#absence.rows(path, range)),
    };
  }

  async step(step: TreeStep<D>): Promise<void> {
    switch (step.is) {
      case 'chunk':
        await this.#chunk(step);
        return;
      case 'unchanged':
        this.#dirs += 1;
        this.#absence.visit(step.path);
        return;
      case 'refused':
        // A link is no directory: what lay below is gone. A mount hides it, and may go away again.
        if (step.reason !== 'link') this.#absence.doubt(step.path);
        this.#unownedDir(step.path, NOT_ENTERED[step.reason]);
        return;
      case 'unreadable':
        this.#absence.doubt(step.path);
        this.#unreadable += 1;
        this.#unownedDir(step.path, 'unreadable_dir');
    }
  }

  async end(): Promise<ScanReport> {
    await this.#c.drain();
    if (this.#absence.isDoubtful('')) return this.#report('discarded', 'the root could not be listed');
    if (!this.#c.tree.stillOurs()) {
      return this.#report('discarded', 'the root was not the same after the walk');
    }
    this.#unowned += await this.#sidecars.resolveDeferred();
    if (this.#scope === 'open') return this.#report('done', null);
    const massLoss = await this.#absence.tell(this.#c, this.#c.now().wallMs);
    for (const path of this.#c.unmet) {
      if (!this.#absence.isDoubtful(path)) this.#c.emit({ is: 'unowned_gone', path });
    }
    for (const at of this.#listed) {
      this.#c.emit({ is: 'listed', ...at });
      await this.#c.room();
    }
    return { ...this.#report('done', null), massLoss };
  }

  async #chunk(chunk: Chunk<D>): Promise<void> {
    const { path, entries, fresh, doubtful } = chunk;
    const rows = this.#rows;
    if (chunk.after === null) this.#dirs += 1;
    // It may be a directory: then nothing is known of what lies below it.
    for (const name of doubtful) this.#absence.doubt(pathOf(path, name));
    const dir = this.#absence.visit(path);
    // A link or a device in a clip's place is not that clip.
    const here = new Set(fresh);
    for (const { name, stat } of entries) if (stat.kind === 'file') here.add(name);
    const absent = dir !== undefined && this.#absence.sift({ dir, rows }, chunk, { here, doubtful });
    const compared = await compareNames(this.#c, { path, dir: chunk.dir, entries, fresh, rows });
    const unknown = doubtful.length + compared.unknown;
    this.#unreadable += unknown;
    this.#files += entries.length + fresh.length;
    this.#unowned += compared.unowned;
    this.#sidecars.add(compared.sidecars);
    if (compared.unsettled || absent || unknown > 0) this.#dirSettled = false;
    if (chunk.upTo === null) await this.#endOfDir(chunk);
  }

  /** Whether the directory may be passed over next time. */
  async #endOfDir({ path, dir, mtimeNs }: Chunk<D>): Promise<void> {
    const complete = await this.#sidecars.endOfDir(dir);
    const age = this.#c.now().wallMs - Number(mtimeNs / 1_000_000n);
    if (this.#dirSettled && complete && age >= YOUNG_DIR_MS) this.#listed.push({ dir: path, mtimeNs });
    this.#dirSettled = true;
  }

  #unownedDir(path: string, reason: UnownedReason): void {
    this.#unowned += 1;
    tellUnowned(this.#c, { path, reason, sizeBytes: 0 });
  }

  #report(outcome: ScanReport['outcome'], why: string | null): ScanReport {
    return {
      ...REFUSED_REPORT,
      outcome,
      why,
      files: this.#files,
      dirs: this.#dirs,
      changes: this.#changes,
      missing: this.#absence.clips,
      unreadableDirs: this.#unreadable,
      unowned: this.#unowned,
      full: this.#scope === 'full',
    };
  }
}
