/** What the vault keeps free, and what is told when it is full. */
import { DAY_MS, HOUR_MS } from '../base/clock.ts';
import type { ClipReader } from '../clips/store.ts';
import { VAULT, type SourceConfig } from '../config/config.ts';
import type { Roots } from '../roots/contract.ts';
import type { Rooms } from './rooms.ts';

/** No recorder writes to the vault; markers and mirrors do, and a file system that is filled to its end gets slow. */
const MARGIN_BYTES = 1024 ** 3;
const MARGIN_SHARE = 0.01;

export interface VaultDesk {
  /** What must stay free there. */
  keepFreeBytes(): number;
  /** So many copies found no room there in the last run. */
  onRoom(missing: { readonly clips: number; readonly bytes: number }): void;
}

export function joinVault(
  { config, reader, alarms }: Pick<Rooms, 'config' | 'reader' | 'alarms'>,
  roots: Pick<Roots, 'list'>,
): VaultDesk {
  /** What the smallest share of the copies that found no room would have taken. */
  let neededBytes = 0;
  const keepFreeBytes = (): number => keptFree(roots.list(), reader, config.sources);
  return {
    keepFreeBytes,
    onRoom: ({ clips, bytes }) => {
      if (clips > 0) {
        neededBytes = Math.ceil(bytes / clips);
        alarms.raise({ code: 'vault_full', subject: VAULT, detail: { clips, bytes } });
        return;
      }
      // What it had no room for lies below its root by now and asks no more: it is full all the same.
      const freeBytes = roots.list().find((r) => r.id === VAULT)?.storage?.freeBytes ?? 0;
      if (freeBytes - neededBytes > keepFreeBytes()) alarms.end('vault_full', VAULT);
    },
  };
}

/** A margin of its own; where sources record to the same file system, their two days besides. */
function keptFree(
  views: ReturnType<Roots['list']>,
  reader: Pick<ClipReader, 'totals' | 'nextLive'>,
  sources: readonly SourceConfig[],
): number {
  const vault = views.find((r) => r.id === VAULT)?.storage ?? null;
  const margin = Math.min(MARGIN_BYTES, Math.ceil((vault?.totalBytes ?? 0) * MARGIN_SHARE));
  const sharing = views.filter((r) => r.id !== VAULT && r.storage !== null && r.storage.device !== null);
  return sharing
    .filter((r) => r.storage?.device === vault?.device)
    .reduce((sum, r) => sum + recordedInTwoDays(reader, sources, r.id), margin);
}

/** What the cameras of a root record in two days, by what there is of them. Held footage makes it more, never less. */
export function recordedInTwoDays(
  reader: Pick<ClipReader, 'totals' | 'nextLive'>,
  sources: readonly Pick<SourceConfig, 'id' | 'cameras'>[],
  rootId: string,
): number {
  const cameras = new Set(Object.values(sources.find((s) => s.id === rootId)?.cameras ?? {}));
  const bytes = reader
    .totals()
    .filter((t) => cameras.has(t.cameraId))
    .map(({ cameraId, bytes, lastEndMs }) => {
      const firstEndMs = reader.nextLive(cameraId, 0)?.endMs;
      if (firstEndMs === undefined || lastEndMs === null) return 0;
      return (bytes / Math.max(HOUR_MS, lastEndMs - firstEndMs)) * 2 * DAY_MS;
    });
  return Math.ceil(bytes.reduce((sum, each) => sum + each, 0));
}
