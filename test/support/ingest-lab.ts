/**
 * The ingest over real files and a real index, with the scan called in place instead of in its thread and a clock that
 * is moved by hand. The clock starts at the machine's time, because the kernel stamps directories with it.
 */
import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createAuditLog } from '../../src/audit/log.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS, SimulatedClock } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Clip } from '../../src/clips/clip.ts';
import type { Applied } from '../../src/clips/index-writer.ts';
import type { SourceConfig } from '../../src/config/config.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { createIndexWriter } from '../../src/db/ingest/store.ts';
import { ensureCameras, ensureInstall } from '../../src/db/install.ts';
import { openIndex, openIndexReadOnly, type Db } from '../../src/db/open.ts';
import { ensureRoots } from '../../src/db/roots.ts';
import { openRootDir } from '../../src/disk/handle.ts';
import { writeMarker } from '../../src/disk/marker.ts';
import type { Ingest, IngestDeps } from '../../src/ingest/contract.ts';
import { createIngest } from '../../src/ingest/ingest.ts';
import type { FromScanner } from '../../src/ingest/messages.ts';
import { rulesOf } from '../../src/ingest/rules.ts';
import type { ScanReport } from '../../src/ingest/report.ts';
import type { ScanThread } from '../../src/ingest/scan-client.ts';
import { Scanner } from '../../src/ingest/scanner.ts';
import { scanServices } from '../../src/scan-services.ts';
import { box, FTYP, moov } from '../tools/boxes.ts';
import { scratch } from '../tools/scratch.ts';

export const RETENTION_MS = 14 * DAY_MS;

export interface Row {
  readonly id: number;
  readonly path: string;
  readonly state: number;
  readonly flags: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly end_from: number;
  readonly due_ms: number | null;
  readonly first_seen_ms: number;
  readonly cover_from_ms: number;
  readonly cover_to_ms: number;
  readonly size_bytes: number;
  readonly missing_ms: number | null;
}

export interface IngestLab {
  readonly root: string;
  readonly db: Db;
  readonly clock: SimulatedClock;
  readonly ingest: Ingest;
  readonly source: SourceConfig;
  readonly marker: {
    readonly format: 1;
    readonly rootUuid: string;
    readonly installId: string;
    readonly lastHoldSeq: number;
  };
  /** Everything the ingest told, batch by batch. */
  readonly told: Applied[];
  readonly losses: (readonly Clip[])[];
  readonly overlong: Clip[];
  /** Called before every step of the walk. */
  duringWalk: () => void;
  /** Called before the content of a file is looked into. */
  whileReading: (name: string) => void;
  readonly givenUp: string[];
  timesBelievable: boolean;
  trustNames: boolean;
  /** Writes a file with this mtime (default: ten minutes ago). `path` may hold any bytes (latin1). */
  put(path: string, content?: Buffer | string, mtimeMs?: number): void;
  full(): Promise<ScanReport>;
  changed(): Promise<ScanReport>;
  rows(): Row[];
  row(path: string): Row | undefined;
  unowned(): { path: string; reason: string }[];
  audit(kind: string): Record<string, unknown>[];
  close(): Promise<void>;
}

export interface LabOptions {
  readonly source?: Partial<SourceConfig>;
  readonly deps?: Partial<IngestDeps>;
  /** Its file system tells events: those of `hint`. */
  readonly events?: boolean;
}

/** Cameras `hall` and `entrance` in a tree of Frigate's layout, unless `source` says otherwise. */
export function ingestLab(options: LabOptions = {}): IngestLab {
  const dir = scratch();
  const root = join(dir.path, 'footage');
  mkdirSync(root);
  const clock = new SimulatedClock(Math.floor(Date.now() / SECOND_MS) * SECOND_MS + MINUTE_MS);
  const db = openIndex(join(dir.path, 'index.db'));
  const reading = openIndexReadOnly(join(dir.path, 'index.db'));
  const installId = newId();
  ensureInstall(db, { installId, pathKey: Buffer.alloc(32, 7) }, clock.wallMs());
  const audit = createAuditLog(createAuditStore(db), clock, () => undefined);
  const source = { ...sourceOf(root), ...options.source };
  ensureRoots(db, [source], clock.wallMs());
  ensureCameras(db, ['hall', 'entrance']);
  const marker = { format: 1 as const, rootUuid: newId(), installId, lastHoldSeq: 0 };
  const handle = openRootDir(root);
  writeMarker(handle, marker);
  handle.close();

  const lab: IngestLab = {
    root,
    db,
    clock,
    source,
    marker,
    told: [],
    losses: [],
    overlong: [],
    duringWalk: () => undefined,
    whileReading: () => undefined,
    givenUp: [],
    timesBelievable: true,
    trustNames: false,
    ingest: createIngest({
      clock,
      log: {
        ...silentLog,
        error: (event, fields) => {
          throw new Error(`${event} ${JSON.stringify(fields)}`);
        },
      },
      index: createIndexWriter({ db, audit }),
      rules: rulesOf([source]),
      roots: () => [
        {
          rootId: source.id,
          address: { path: root, expected: { rootUuid: marker.rootUuid, installId } },
          trustNames: lab.trustNames,
          eventless: true,
        },
      ],
      retention: () => ({
        nowMs: clock.wallMs(),
        retentionMs: RETENTION_MS,
        timesBelievable: lab.timesBelievable,
      }),
      heldAmong: () => [],
      spawn: () =>
        inPlace(reading, [source], {
          breathe: () => {
            lab.duringWalk();
          },
          read: (name) => {
            lab.whileReading(name);
          },
        }),
      watch: () => ({ close: () => Promise.resolve(), directories: () => 0 }),
      events: {
        indexed: (_, applied) => {
          lab.told.push(applied);
        },
        overlong: (clips) => {
          lab.overlong.push(...clips);
        },
        reconciled: () => undefined,
        loss: (_, { clips }) => {
          lab.losses.push(clips);
        },
        hung: () => undefined,
        givenUp: (_, path) => {
          lab.givenUp.push(path);
        },
        watchFailed: () => undefined,
      },
      breathe: () => Promise.resolve(),
      ...options.deps,
    }),
    put: (path, content = tinyClip(), mtimeMs = clock.wallMs() - 10 * MINUTE_MS) => {
      const at = absolute(root, path);
      mkdirSync(absolute(root, dirname(path)), { recursive: true });
      writeFileSync(at, content);
      utimesSync(at, mtimeMs / 1000, mtimeMs / 1000);
    },
    full: () => lab.ingest.reconcile(source.id, { full: true }),
    changed: () => lab.ingest.reconcile(source.id, { full: false }),
    rows: () =>
      db
        .prepare<[], Row>(
          `SELECT clip.*, CASE dir.path WHEN '' THEN name ELSE dir.path || '/' || name END AS path
           FROM clip JOIN dir ON dir.id = clip.dir_id ORDER BY path`,
        )
        .all(),
    row: (path) => lab.rows().find((r) => r.path === path),
    unowned: () =>
      db
        .prepare<[], { path: string; reason: string }>('SELECT path, reason FROM unowned ORDER BY path')
        .all(),
    audit: (kind) =>
      db
        .prepare<[string], { payload: string }>('SELECT payload FROM audit WHERE kind = ?')
        .all(kind)
        .map(({ payload }) => JSON.parse(payload) as Record<string, unknown>),
    close: async () => {
      await lab.ingest.stop();
      reading.close();
      db.close();
      rmSync(dir.path, { recursive: true, force: true });
    },
  };
  return lab;
}

/** The bytes of a path below the root, byte strings as they are. */
export function absolute(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path === '.' ? '' : path, 'latin1')]);
}

/** A whole MP4 of `durationMs` whose content differs with `salt`. */
export function tinyClip(durationMs = 10_000, salt = 0): Buffer {
  const head = Buffer.concat([
    FTYP,
    moov({
      duration: durationMs,
      tracks: [{ timescale: 1000, stts: [[1, durationMs]], stss: [1], sampleSizes: [64], chunkOffsets: [0] }],
    }),
  ]);
  return Buffer.concat([head, box('mdat', Buffer.alloc(64, salt))]);
}

/** Path of a clip of `camera` that starts at this moment, in Frigate's layout. */
export function frigate(camera: string, startMs: number): string {
  const [day = '', time = ''] = new Date(startMs).toISOString().split('T');
  return `${day}/${time.slice(0, 2)}/${camera}/${time.slice(3, 5)}.${time.slice(6, 8)}.mp4`;
}

export function inodeOf(root: string, path: string): number {
  return statSync(absolute(root, path)).ino;
}

function sourceOf(root: string): SourceConfig {
  return {
    id: 'nvr',
    root,
    layout: 'frigate',
    pattern: undefined,
    cameras: { hall: 'hall', entrance: 'entrance' },
    timeZone: 'Europe/Amsterdam',
    retired: false,
    maxClipMs: undefined,
    events: 'no',
  };
}

/** The scan's thread, without a thread: messages are cloned and delivered in order, later. */
function inPlace(
  db: Db,
  sources: readonly SourceConfig[],
  during: { readonly breathe: () => void; readonly read: (name: string) => void },
): ScanThread {
  let listener: (message: FromScanner) => void = () => undefined;
  const services = scanServices(db, sources);
  const breathe = (): Promise<void> => {
    during.breathe();
    return new Promise((resolve) => setImmediate(resolve));
  };
  const open: typeof services.open = (at) => {
    const tree = services.open(at);
    if ('why' in tree) return tree;
    const meet: typeof tree.meet = (dir, name, how) => {
      during.read(name);
      return tree.meet(dir, name, how);
    };
    const read: typeof tree.read = (dir, file, how) => {
      if (!how.blindly) during.read(file.name);
      return tree.read(dir, file, how);
    };
    return { ...tree, meet, read };
  };
  const scanner = new Scanner({ ...services, open, breathe }, (message) => {
    setImmediate(() => {
      listener(structuredClone(message));
    });
  });
  return {
    post: (message) => {
      setImmediate(() => {
        scanner.handle(structuredClone(message));
      });
    },
    onMessage: (to) => {
      listener = to;
    },
    onExit: () => undefined,
    reading: () => undefined,
    stop: () => undefined,
  };
}
