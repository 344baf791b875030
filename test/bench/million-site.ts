/**
 * A site of a million clips: eight cameras, a clip every ten seconds, fourteen days and a half.
 *
 * The files are there, without data (an inode each): the rows are written straight into the index with the identity of
 * their files, so the daemon's first reconcile compares a million names and finds nothing to read. Retention is fifteen
 * days, so that nothing falls due while it is measured.
 */
import { execFileSync } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinRooms, type Rooms } from '../../src/app/rooms.ts';
import { openConfig } from '../../src/cli/open-config.ts';
import { packIntervals } from '../../src/db/clips/clip-row.ts';
import { openIndexReadOnly, type Db } from '../../src/db/open.ts';
import type { Site } from './daemon.ts';
import { CAMERAS, CLIP_MS, clipsFrom, fromEnd, writeTree, type TreeClip } from './trees.ts';

export const CLIPS = 1_000_000;
export const RETENTION_DAYS = 15;
const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const CLIP_BYTES = 5_000_000;

/** Writes files and rows; the start of the first clip. The last one ended an hour ago. */
export function fill(site: Site, count: number): number {
  const rooms = open(site);
  try {
    const { db } = rooms.state;
    const fromMs = fromEnd(count, HOUR_MS);
    const insert = inserter(db);
    db.exec('BEGIN');
    const clips = clipsFrom(fromMs, count);
    writeTree(site.root, clips, {
      content: CLIP_BYTES,
      onFile: (clip, { fd }) => {
        insert(clip, fstatSync(fd, { bigint: true }));
      },
    });
    db.exec('COMMIT');
    db.pragma('wal_checkpoint(TRUNCATE)');
    execFileSync('sync');
    return fromMs;
  } finally {
    close(rooms);
  }
}

/** Rows as the ingest leaves them: with fingerprint, format and key frames. */
function inserter(db: Db): (clip: TreeClip, file: { ino: bigint; mtimeNs: bigint }) => void {
  const root = db.prepare("SELECT n FROM root WHERE id = 'nvr'").pluck().get();
  const camera = new Map(
    CAMERAS.map((id) => [id, db.prepare('SELECT n FROM camera WHERE id = ?').pluck().get(id)]),
  );
  const format = db
    .prepare(
      `INSERT INTO media_format (container, video_codec, width_px, height_px, frame_rate_milli)
       VALUES ('mov,mp4,m4a,3gp,3g2,mj2', 'h264', 2560, 1440, 15000)`,
    )
    .run().lastInsertRowid;
  const addDir = db.prepare('INSERT INTO dir (root_n, path) VALUES (?, ?)');
  const addFrames = db.prepare('INSERT INTO key_frames VALUES (?, ?)');
  const add = db.prepare(
    `INSERT INTO clip (dir_id, name, root_n, camera_n, kind, state, start_ms, end_ms, end_from, cover_from_ms,
       cover_to_ms, cover_class, intervals, due_ms, first_seen_ms, finished_ms, duration_ms, size_bytes, ino, mtime_ns,
       fingerprint, format_id)
     VALUES (@dirId, @name, @root, @camera, 0, 1, @startMs, @endMs, 0, @coverFromMs, @coverToMs, @coverClass, @intervals,
       @dueMs, @endMs, @endMs, ${String(CLIP_MS)}, ${String(CLIP_BYTES)}, @ino, @mtimeNs, @fingerprint, @format)`,
  );
  const frames = Buffer.from(Uint32Array.from([0, 2000, 4000, 6000, 8000]).buffer);
  const fingerprint = Buffer.alloc(16, 7);
  let at = { dir: '', id: 0n };
  return (clip, { ino, mtimeNs }) => {
    const { dir, name, startMs } = clip;
    if (dir !== at.dir) at = { dir, id: BigInt(addDir.run(root, dir).lastInsertRowid) };
    const endMs = startMs + CLIP_MS;
    const cover = packIntervals([{ fromMs: startMs, toMs: endMs }]);
    const dueMs = endMs + RETENTION_DAYS * DAY_MS;
    const is = { dirId: at.id, root, camera: camera.get(clip.camera), format, fingerprint };
    const { lastInsertRowid } = add.run({ ...cover, ...is, name, startMs, endMs, dueMs, ino, mtimeNs });
    addFrames.run(lastInsertRowid, frames);
  };
}

/** Waits until the daemon has merged the spans of all hours. */
export async function coverageWarm(site: Site): Promise<void> {
  const db = openIndexReadOnly(`${site.stateDir}/index.db`);
  const hours = db.prepare('SELECT count(*) FROM coverage_hour').pluck();
  try {
    for (let before = -1, now = 0; now === 0 || now !== before;) {
      before = now;
      await sleep(1000);
      now = Number(hours.get());
    }
  } finally {
    db.close();
  }
}

export function open(site: Site): Rooms {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return joinRooms(openConfig(site.config).config, { log });
}

export function close(rooms: Rooms): void {
  rooms.metrics.stop();
  rooms.state.close();
}

export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}
