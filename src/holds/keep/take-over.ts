/**
 * Taking over copies the index does not know, because it was lost or an older one was put back: the copy of a clip that
 * is held and has none becomes that clip's, when every byte of both is the same. It saves the room for another one.
 */
import { FortnightError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Clip } from '../../clips/clip.ts';
import type { ClipLocation } from '../../clips/store.ts';
import { binds, covers } from '../hold.ts';
import type { HoldSet } from '../hold-set.ts';
import { copyName, type CopyDisk, type CopyStore, type CopyTask, type LooseCopy } from './copies.ts';
import { readKept, type StrayFile, type StrayStore } from './strays.ts';

export interface TakeOverDeps {
  readonly strays: Pick<StrayStore, 'clipWith' | 'copied'>;
  /** Copies of clips that are known, to which no row leads (Strays). */
  readonly unclaimed: (placeId: string) => readonly StrayFile[];
  readonly store: Pick<CopyStore, 'ask' | 'answered'>;
  readonly disk: Pick<CopyDisk, 'readCopies' | 'hashOf' | 'renameCopy'>;
  readonly set: Pick<HoldSet, 'ofCamera'>;
  readonly clip: (id: number) => Clip | undefined;
  readonly location: (id: number) => ClipLocation | undefined;
  /** Roots, and the vault, that may be written to now. */
  readonly onlineRoots: () => readonly string[];
  /** The retention clock. */
  readonly nowMs: () => number;
  readonly log: Log;
}

/** A stray copy, and the clip whose it is. */
interface Match {
  readonly placeId: string;
  readonly sourceId: string;
  readonly copy: LooseCopy;
  readonly task: CopyTask;
}

/** Runs `work` so that whoever deletes this clip meanwhile waits for its end. */
export type During = (clipId: number, work: () => Promise<void>) => Promise<void>;

/** Goes through what was last seen. Never rejects. `stopping`: nothing new is begun. */
export async function takeOver(deps: TakeOverDeps, during: During, stopping: () => boolean): Promise<void> {
  for (const placeId of deps.onlineRoots())
    for (const stray of deps.unclaimed(placeId)) {
      const match = stopping() ? undefined : matchOf(deps, placeId, stray);
      if (match === undefined) continue;
      try {
        await during(match.task.clipId, () => adopt(deps, match));
      } catch (error) {
        const why = error instanceof FortnightError ? error.message : String(error);
        deps.log.warn('copy_not_taken_over', { placeId, clipId: match.task.clipId, why });
      }
    }
}

function matchOf(deps: TakeOverDeps, placeId: string, { path, sizeBytes }: StrayFile): Match | undefined {
  const cut = path.lastIndexOf('/');
  const dir = path.slice(0, cut);
  const kept = readKept(dir, path.slice(cut + 1));
  if (kept.is !== 'copy') return undefined;
  const sourceId = kept.sourceId ?? placeId;
  const id = deps.strays.clipWith(sourceId, kept.sourceIno);
  const clip = id === undefined ? undefined : deps.clip(id);
  const at = id === undefined ? undefined : deps.location(id);
  if (clip === undefined || at?.sizeBytes !== sizeBytes) return undefined;
  if (!isHeld(deps, clip) || deps.strays.copied(clip.id)) return undefined;
  const copy = { clipId: kept.clipId, sourceIno: kept.sourceIno, dir };
  return { placeId, sourceId, copy, task: { clipId: clip.id, ...at } };
}

function isHeld({ set, nowMs }: TakeOverDeps, clip: Clip): boolean {
  return set.ofCamera(clip.cameraId).some((h) => binds(h, nowMs()) && covers(h.terms, clip));
}

async function adopt(deps: TakeOverDeps, { placeId, sourceId, copy, task }: Match): Promise<void> {
  const { disk, store, nowMs } = deps;
  const [reading] = await disk.readCopies(placeId, [copy]);
  if (reading?.found !== 'read') return;
  if ((await disk.hashOf(sourceId, task)) !== reading.sha256) return;
  // As for a copy that is made: the row is durable before there is a file under its name.
  store.ask({ placeId, sourceId }, [task]);
  const [from, to] = [copyName(copy.clipId, copy.sourceIno), copyName(task.clipId, task.ino)];
  const renamed = await disk.renameCopy(placeId, { dir: copy.dir, from, to });
  const { clipId, ino: sourceIno } = task;
  const { ino, mtimeNs, sha256 } = reading;
  const result = renamed
    ? ({ clipId, sourceIno, found: 'made', ino, mtimeNs, sha256 } as const)
    : ({ clipId, sourceIno, found: 'failed', errno: 'EEXIST', left: true } as const);
  store.answered(placeId, [result], nowMs());
}
