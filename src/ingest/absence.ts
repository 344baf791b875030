/** What a reconcile did not meet: gathered on the way, told at the end, when the root has proved to be the same. */
import type { Change } from '../clips/change.ts';
import { OWN_DIR } from '../roots/root.ts';
import {
  paged,
  type Candidate,
  type KnownClip,
  type KnownDir,
  type KnownName,
  type KnownRoot,
  type NameRange,
} from '../clips/known.ts';
import { judgeAbsence, pairMoved, type Absent } from './missing.ts';

/** Vanished files that are looked for under other names. */
const MAX_MOVES = 100_000;
const EVERY_NAME: NameRange = { after: null, upTo: null };

/** Rows by name. */
export type Rows = ReadonlyMap<string, KnownClip>;

/** Where it is told; see Compare. */
interface Teller {
  readonly emit: (change: Change) => void;
  readonly room: () => Promise<void>;
}

export class Absence {
  readonly #known: KnownRoot;
  readonly #visited = new Set<number>();
  /** Directories that had no row when they were visited; the walk's own changes may give them one. */
  readonly #visitedNew = new Set<string>();
  /** Paths below which nothing is known to be absent. */
  readonly #doubtful: string[] = [OWN_DIR]; // the walk never enters it; the drill's clip is there for a moment
  readonly #absent: Absent[] = [];
  readonly #vanished: number[] = [];
  readonly #sidecarsGone: number[] = [];

  constructor(known: KnownRoot) {
    this.#known = known;
  }

  /** A directory was met; its row, if it has one. */
  visit(path: string): KnownDir | undefined {
    const dir = this.#known.dir(path);
    if (dir === undefined) this.#visitedNew.add(path);
    else this.#visited.add(dir.id);
    return dir;
  }

  /** What lies at or below this path could not be seen. */
  doubt(path: string): void {
    this.#doubtful.push(path);
  }

  isDoubtful(path: string): boolean {
    return this.#doubtful.some((above) => above === '' || path === above || path.startsWith(`${above}/`));
  }

  /** What the index has of a range of names. */
  rows(path: string, range: NameRange): Rows {
    const dir = this.#known.dir(path);
    const rows = new Map<string, KnownClip>();
    if (dir !== undefined) for (const row of this.#rows(dir.id, range)) rows.set(row.name, row);
    return rows;
  }

  /** Notes the rows of a range of names that are not `here`, unless nothing is known of them. Whether there are any. */
  sift(
    { dir, rows }: { readonly dir: KnownDir; readonly rows: Rows },
    range: NameRange,
    names: { readonly here: ReadonlySet<string>; readonly doubtful: readonly string[] },
  ): boolean {
    let absent = false;
    for (const row of rows.values()) {
      if (names.here.has(row.name) || names.doubtful.includes(row.name)) continue;
      this.#note(row);
      absent = true;
    }
    for (const { id, name } of this.#sidecarRows(dir.id, range)) {
      if (!names.here.has(name) && !names.doubtful.includes(name)) this.#sidecarsGone.push(id);
    }
    return absent;
  }

  /** Finished clips that were not met. */
  get clips(): number {
    return this.#absent.length;
  }

  /** Tells what is absent, moves first. Whether many clips are lost at once. */
  async tell(to: Teller, wallMs: number): Promise<boolean> {
    const emit = async (change: Change): Promise<void> => {
      to.emit(change);
      await to.room();
    };
    this.#noteGoneDirs();
    const moved = this.#moves();
    for (const pair of moved) await emit({ is: 'moved', ...pair });
    const found = new Set(moved.map((m) => m.fromId));
    for (const clipId of this.#vanished) if (!found.has(clipId)) await emit({ is: 'vanished', clipId });
    for (const sidecarId of this.#sidecarsGone) await emit({ is: 'sidecar_gone', sidecarId });
    const absent = this.#absent.filter((a) => !found.has(a.id));
    if (absent.length === 0) return false;
    const judged = judgeAbsence(absent, this.#known.clipCount(), wallMs);
    for (const { id, as } of judged.changes) await emit({ is: 'missing', clipId: id, as });
    return judged.massLoss;
  }

  /** Directories of the index that the walk did not meet, unless something above them could not be listed. */
  #noteGoneDirs(): void {
    let page = this.#known.dirsAfter(0);
    for (; page.length > 0; page = this.#known.dirsAfter(page.at(-1)?.id ?? Infinity)) {
      for (const dir of page) {
        const visited = this.#visited.has(dir.id) || this.#visitedNew.has(dir.path);
        if (visited || this.isDoubtful(dir.path)) continue;
        for (const row of this.#rows(dir.id, EVERY_NAME)) this.#note(row);
        for (const { id } of this.#sidecarRows(dir.id, EVERY_NAME)) this.#sidecarsGone.push(id);
      }
    }
  }

  #note({ id, state, missingMs, missedTwice }: KnownClip): void {
    if (state === 'recording') this.#vanished.push(id);
    else if (state === 'live') this.#absent.push({ id, missingMs, missedTwice });
  }

  #moves(): { fromId: number; toId: number }[] {
    const known = this.#known;
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

  #rows(dirId: number, range: NameRange): Generator<KnownClip> {
    return paged((part) => this.#known.clipsIn(dirId, part), range);
  }

  #sidecarRows(dirId: number, range: NameRange): Generator<KnownName> {
    return paged((part) => this.#known.sidecarsIn(dirId, part), range);
  }
}
