/**
 * Going through the strays of the roots (strays.ts): a pin of a clip that is known becomes that clip's; what nothing keeps
 * any more is destroyed, with intent and record; what a hold may be about stays, and is told of. At start, when a root
 * comes back, and hourly; not before the root was reconciled, since until then every pin of a lost index is a stranger.
 */
import { FortnightError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Clip } from '../../clips/clip.ts';
import type { ClipLocation } from '../../clips/store.ts';
import { MAX_BATCH } from '../../retention/batches.ts';
import { FileProtocol, type FileProtocolDeps, type FileSight } from '../../retention/file-protocol.ts';
import { isVault, type BlockedReason } from '../../roots/root.ts';
import { COPY_DIR, copyDir } from './copies.ts';
import { binds, covers, type HoldVersion } from '../hold.ts';
import type { HoldSet } from '../hold-set.ts';
import { endsOfClips, type PlacedClip } from './clip-ends.ts';
import { HOLDS_DIR, pinDir, type PinDisk, type PinStore } from './pins.ts';
import {
  fateOf,
  readKept,
  type AdoptedPin,
  type KeptName,
  type StrayCircumstances,
  type StrayDisk,
  type StrayFile,
  type StrayStore,
} from './strays.ts';

/** Names looked up at once, and files looked at by one call. */
const SLICE = 256;

export interface StrayDeps extends FileProtocolDeps<StrayFile> {
  readonly store: StrayStore;
  readonly disk: StrayDisk & Pick<PinDisk, 'prunePins'>;
  readonly pins: Pick<PinStore, 'answered' | 'pinnedUnder'>;
  readonly set: Pick<HoldSet, 'inForce' | 'ofCamera'>;
  /** Every version of a hold. */
  readonly versions: (holdId: string) => readonly HoldVersion[];
  readonly clip: (id: number) => Clip | undefined;
  readonly location: (id: number) => ClipLocation | undefined;
  readonly layout: (rootId: string) => Pick<StrayCircumstances, 'cameraIds' | 'maxClipMs'>;
  /** Roots that may be written to now. */
  readonly onlineRoots: () => readonly string[];
  /** Whether the index has seen the whole root since the start; of the vault: all roots. */
  readonly reconciled: (rootId: string) => boolean;
  /** Why nothing may be deleted from a root now, its breaker included; empty when it may. */
  readonly blocked: (rootId: string) => readonly BlockedReason[];
  /** The retention clock. */
  readonly nowMs: () => number;
  readonly retentionMs: () => number;
  /** What stays on a root without a clip. */
  readonly onKept: (rootId: string, kept: { readonly files: number; readonly bytes: number }) => void;
  readonly breathe: () => Promise<void>;
  readonly log: Log;
}

interface Stray {
  readonly path: string;
  readonly dir: string;
  readonly name: string;
  readonly kept: KeptName;
  readonly sight: FileSight;
}

/** What is in the root's directories besides: mirrors by the ids of their holds. */
interface Found {
  readonly strays: readonly Stray[];
  readonly mirrored: ReadonlySet<string>;
}

export class Strays {
  readonly #deps: StrayDeps;
  readonly #protocol: FileProtocol<StrayFile>;
  readonly #owed = new Set<string>();
  readonly #unclaimed = new Map<string, readonly StrayFile[]>();
  #running: Promise<void> | undefined;
  #stopping = false;

  constructor(deps: StrayDeps) {
    this.#deps = deps;
    this.#protocol = new FileProtocol(deps);
  }

  /** Goes through all roots. Never rejects; one at a time. */
  run(): Promise<void> {
    this.#running ??= this.#goThrough().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** A root has been reconciled: it has its turn if it waited for that. Returns at once. */
  reconciled(rootId: string): void {
    const waited = this.#owed.delete(rootId);
    if (waited || [...this.#owed].some((id) => this.#deps.reconciled(id))) void this.run();
  }

  /** Those of clips that are known, and that are no seconds, as they were last seen: take-over.ts looks at them. */
  unclaimed(placeId: string): readonly StrayFile[] {
    return this.#unclaimed.get(placeId) ?? [];
  }

  /** As FileProtocol. */
  giveUp(rootId: string): Promise<void> {
    return this.#protocol.giveUp(rootId);
  }

  /** What is under way ends after its batch. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #goThrough(): Promise<void> {
    for (const rootId of this.#deps.onlineRoots()) {
      if (this.#stopping) return;
      if (!this.#deps.reconciled(rootId)) {
        this.#owed.add(rootId);
        continue;
      }
      this.#owed.delete(rootId);
      await this.#root(rootId);
    }
  }

  async #root(rootId: string): Promise<void> {
    const { store, onKept, log } = this.#deps;
    try {
      if (this.#may(rootId) && !(await this.#protocol.settle(rootId))) return;
      const { strays, mirrored } = await this.#find(rootId);
      const left = await this.#adopt(rootId, strays);
      const seconds = await this.#secondsOf(rootId, left);
      const others = left.filter((s) => seconds.has(s.path) || this.#clipOf(rootId, s) === undefined);
      store.note(rootId, others.map(fileOf), this.#deps.nowMs());
      this.#unclaimed.set(rootId, left.filter((s) => !others.includes(s)).map(fileOf));
      await this.#destroy(rootId, { strays: others, mirrored, seconds });
      onKept(rootId, store.counts(rootId));
    } catch (error) {
      if (!(error instanceof FortnightError)) throw error;
      log.warn('strays_not_seen', { rootId, why: error.message });
    }
  }

  #may(rootId: string): boolean {
    return !this.#stopping && this.#deps.blocked(rootId).length === 0;
  }

  async #find(rootId: string): Promise<Found> {
    const { disk } = this.#deps;
    const holds = await disk.ownNames(rootId, HOLDS_DIR);
    const strays: Stray[] = [];
    const copies = isVault(rootId) ? (await disk.ownNames(rootId, COPY_DIR)).directories : [];
    for (const dir of [
      ...holds.directories.map(pinDir),
      COPY_DIR,
      ...copies.map((sourceId) => copyDir({ placeId: rootId, sourceId })),
    ]) {
      const { names } = await disk.ownNames(rootId, dir);
      for (let at = 0; at < names.length; at += SLICE) {
        const unknown = this.#deps.store.unknown(rootId, dir, names.slice(at, at + SLICE));
        if (unknown.length > 0) strays.push(...(await this.#look(rootId, dir, unknown)));
        await this.#deps.breathe();
      }
    }
    const mirrors = holds.names.filter((name) => name.endsWith('.json'));
    return { strays, mirrored: new Set(mirrors.map((name) => name.slice(0, -'.json'.length))) };
  }

  /** What is no regular file is none of ours, and goes with its directory. */
  async #look(rootId: string, dir: string, names: readonly string[]): Promise<Stray[]> {
    const paths = names.map((name) => `${dir}/${name}`);
    const sights = await this.#deps.sights(rootId, paths);
    return names.flatMap((name, i) => {
      const sight = sights[i] ?? null;
      return sight === null ? [] : [{ path: `${dir}/${name}`, dir, name, kept: readKept(dir, name), sight }];
    });
  }

  /** Pins of clips that their hold covers become those clips' own. What is left. */
  async #adopt(rootId: string, strays: readonly Stray[]): Promise<readonly Stray[]> {
    const { store, disk, pins } = this.#deps;
    const own = new Map<Stray, AdoptedPin & { readonly holdId: string }>();
    for (const stray of strays) {
      const pin = this.#adoptable(rootId, stray);
      if (pin !== undefined) own.set(stray, pin);
    }
    for (const [holdId, adopted] of Map.groupBy(own.values(), (pin) => pin.holdId))
      for (let at = 0; at < adopted.length && !this.#stopping; at += SLICE) {
        const slice = adopted.slice(at, at + SLICE);
        store.adopt(rootId, holdId, slice);
        pins.answered(holdId, await disk.adoptPins(rootId, holdId, slice));
        await this.#deps.breathe();
      }
    return strays.filter((stray) => !own.has(stray));
  }

  #adoptable(rootId: string, stray: Stray): (AdoptedPin & { readonly holdId: string }) | undefined {
    const { kept, name, sight, dir } = stray;
    const clip = this.#clipOf(rootId, stray);
    if (kept.is !== 'pin' || clip === undefined) return undefined;
    // A clip that lies among the hold's pins is its own.
    if (this.#deps.location(clip.id)?.dir === dir) return undefined;
    const covered = this.#holding(clip).some((h) => h.holdId === kept.holdId);
    return covered ? { name, holdId: kept.holdId, clipId: clip.id, ino: sight.ino } : undefined;
  }

  /** The clip a stray is a second name or a copy of, by what its file is and by what its name says. */
  #clipOf(rootId: string, { kept, sight }: Stray): Clip | undefined {
    const { store, clip } = this.#deps;
    if (kept.is === 'other' || kept.is === 'half') return undefined;
    const id =
      kept.is === 'pin'
        ? store.clipWith(rootId, sight.ino)
        : store.clipWith(kept.sourceId ?? rootId, kept.sourceIno);
    const found = id === undefined ? undefined : clip(id);
    return kept.is === 'copy' && found?.sizeBytes !== sight.sizeBytes ? undefined : found;
  }

  #holding(clip: Clip): HoldVersion[] {
    const { set, nowMs } = this.#deps;
    return set.ofCamera(clip.cameraId).filter((h) => binds(h, nowMs()) && covers(h.terms, clip));
  }

  /** Those whose content is there without them: under the name of its clip, and kept from its recorder when it is held. */
  async #secondsOf(rootId: string, strays: readonly Stray[]): Promise<ReadonlySet<string>> {
    const seconds = new Set<string>();
    for (let at = 0; at < strays.length; at += SLICE) {
      const spared = strays.slice(at, at + SLICE).flatMap((stray) => {
        const clip = this.#spared(rootId, stray);
        return clip === undefined ? [] : [{ path: stray.path, clip }];
      });
      if (spared.length === 0) continue;
      const ends = await this.#deps.disk.ends(
        rootId,
        spared.map((s) => s.path),
      );
      const clips = await endsOfClips(
        this.#deps,
        spared.map((s) => s.clip),
      );
      spared.forEach(({ path, clip }, i) => {
        const end = ends[i] ?? null;
        if (end !== null && end === clips.get(clip)) seconds.add(path);
      });
      await this.#deps.breathe();
    }
    return seconds;
  }

  /** Where the clip of a stray lies, when the clip can do without the stray. */
  #spared(rootId: string, stray: Stray): PlacedClip | undefined {
    const { store, pins, location } = this.#deps;
    const clip = this.#clipOf(rootId, stray);
    const place = clip && location(clip.id);
    if (clip === undefined || place === undefined) return undefined;
    const holding = this.#holding(clip).map((h) => h.holdId);
    const kept =
      stray.kept.is === 'pin'
        ? pins.pinnedUnder(holding, { clipId: clip.id, ino: stray.sight.ino })
        : store.copied(clip.id);
    if (holding.length > 0 && !kept) return undefined;
    const path = place.dir === '' ? place.name : `${place.dir}/${place.name}`;
    return { rootId: place.rootId, path };
  }

  async #destroy(rootId: string, found: Found & { readonly seconds: ReadonlySet<string> }): Promise<void> {
    const byPath = new Map(found.strays.map((stray) => [stray.path, stray]));
    const judge = (path: string, sight: FileSight): boolean => {
      const stray = byPath.get(path);
      if (stray === undefined) return false;
      const now = { ...stray, sight };
      if (found.seconds.has(path)) return this.#spared(rootId, now) !== undefined;
      return this.#clipOf(rootId, now) === undefined && this.#fate(rootId, now, found.mirrored) === 'go';
    };
    const going = found.strays.filter((s) => judge(s.path, s.sight)).map((s) => s.path);
    for (let at = 0; at < going.length && this.#may(rootId); at += MAX_BATCH) {
      const paths = going.slice(at, at + MAX_BATCH);
      const { sound } = await this.#protocol.batch(rootId, paths, ({ path }, sight) => judge(path, sight));
      if (!sound) return;
      await this.#deps.breathe();
    }
    if (going.length > 0) await this.#deps.disk.prunePins(rootId);
  }

  #fate(rootId: string, { kept, sight }: Stray, mirrored: ReadonlySet<string>): ReturnType<typeof fateOf> {
    const { set, versions, layout, nowMs, retentionMs } = this.#deps;
    const holdId = kept.is === 'pin' ? kept.holdId : undefined;
    return fateOf(kept, sight, {
      ...layout(rootId),
      nowMs: nowMs(),
      retentionMs: retentionMs(),
      versions: holdId === undefined ? [] : versions(holdId),
      mirrored: holdId !== undefined && mirrored.has(holdId),
      holds: set.inForce(),
    });
  }
}

function fileOf({ path, sight }: Stray): StrayFile {
  return { path, sizeBytes: sight.sizeBytes };
}
