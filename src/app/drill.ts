/** Joins the deletion drill from the rooms whose work it proves. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { delay } from '../base/delay.ts';
import { newToken } from '../base/ids.ts';
import { createDrillStore } from '../db/retention/drill.ts';
import type { SearchAnswer, SearchQuestion } from '../drill-search.ts';
import { drill, type DrillResult, type Needles, type Skipped } from '../retention/drill.ts';
import { DRILL_DIR, isVault } from '../roots/root.ts';
import type { Rooms } from './rooms.ts';
import { entryPoint } from './sweeping.ts';

export interface Drill {
  /** Drills now; one that runs already is waited for instead. `sweep` is the ordinary one. */
  run(sweep: () => Promise<void>): Promise<DrillResult>;
  /** The last result; undefined before the first. */
  last(): DrillResult | undefined;
  /** Whether the time of the next one has come. */
  isOwed(): boolean;
}

export function createDrill(rooms: () => Rooms): Drill {
  let running: Promise<DrillResult> | undefined;
  let last: DrillResult | undefined;
  const read = (): DrillResult | undefined => (last ??= storeOf(rooms()).last());
  return {
    run: (sweep) => {
      running ??= runOnce(rooms(), sweep)
        .then((result) => (last = result))
        .finally(() => (running = undefined));
      return running;
    },
    last: read,
    isOwed: () => {
      const { retention, config } = rooms();
      const atMs = read()?.atMs;
      return atMs === undefined || retention.nowMs() - atMs >= config.drill.everyMs;
    },
  };
}

function storeOf({ state }: Rooms): ReturnType<typeof createDrillStore> {
  const store = createDrillStore(state.db, state.audit, state.auditStore);
  return {
    ...store,
    record: (result) => {
      state.reserve.use(() => {
        store.record(result);
      });
    },
  };
}

async function runOnce(rooms: Rooms, sweep: () => Promise<void>): Promise<DrillResult> {
  const { state, roots, sweeping, footage, ingest, retention, clock, log } = rooms;
  const client = sweeping.client;
  return drill({
    store: storeOf(rooms),
    place: {
      plant: (rootId, clip) => client.plant(rootId, clip),
      names: (rootId) => client.drillNames(rootId),
      clear: (rootId, names) => client.clearDrill(rootId, names),
    },
    rootIds: () => roots.list().flatMap((r) => (isVault(r.id) ? [] : [r.id])),
    skip: (rootId) => skip(rooms, rootId),
    makeClip: () => footage.media.makeTestClip(Buffer.from(newToken(32), 'latin1')),
    newName: () => `${newToken(18)}.mp4`,
    look: (rootId, name) => ingest.lookNow(rootId, [`${DRILL_DIR}/${name}`]),
    makePicture: async (clipId) => {
      await footage.posters.poster(clipId);
    },
    pictureFile: (picture) => identityOf(join(state.dir, 'derived', picture)),
    sweep,
    search: (needles) => search(state.dir, needles),
    onError: (rootId, error) => {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error('drill_broken_off', { rootId, error: why });
    },
    nowMs: () => retention.nowMs(),
    wallMs: () => clock.wallMs(),
    monotonicMs: () => clock.bootMs(),
    delay,
  });
}

async function skip({ desk, retention, footage }: Rooms, rootId: string): Promise<Skipped | undefined> {
  if (desk.status().blocked.some((b) => b.rootId === rootId && b.reason !== 'unlink_refused'))
    return 'deletion_blocked';
  if (!retention.timesBelievable()) return 'clock_suspect';
  const { ffmpeg } = await footage.media.tools();
  return ffmpeg === undefined ? 'ffmpeg_missing' : undefined;
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${String(stat.dev)}:${String(stat.ino)}`;
}

const SEARCH_LIMIT_MS = 120_000;

async function search(stateDir: string, needles: Needles): Promise<SearchAnswer> {
  const question: SearchQuestion = { stateDir, pid: process.pid, ...needles };
  const args = [fileURLToPath(entryPoint('drill-search')), JSON.stringify(question)];
  const options = { timeout: SEARCH_LIMIT_MS, killSignal: 'SIGKILL', env: {}, cwd: '/' } as const;
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return JSON.parse(stdout) as SearchAnswer;
}
