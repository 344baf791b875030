/** What is heard of copies that were asked for: made, not made, or found when the daemon had ended meanwhile. */
import { stateToInt } from '../clips/clip-row.ts';
import type { CopyKey, CopyStore } from '../../holds/keep/copies.ts';
import { FOUND } from './copy-found.ts';
import { ASKED, DISK_REPLACED, FAILED, GOING, MADE, UNHEARD, signed } from './kept-rows.ts';
import type { Db } from '../open.ts';

const [LIVE, GONE] = [stateToInt('live'), stateToInt('gone_external')];
const ALTERED = FOUND.altered;
/** One copy that is asked for. */
const THIS = `copy.clip_id = @clipId AND copy.source_ino = @sourceIno AND copy.state = ${String(ASKED)}
  AND copy.root_n = (SELECT n FROM root WHERE id = @placeId)`;

interface MadeCopy extends CopyKey {
  readonly placeId: string;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly sha256: string;
  readonly atMs: number;
}

/** A copy that was asked for is there, durably. */
export function createMade(db: Db): (copy: MadeCopy) => void {
  const made = db.prepare(
    `UPDATE copy SET state = ${String(MADE)}, ino = @ino, mtime_ns = @mtimeNs, sha256 = @sha256, made_ms = @atMs, why = NULL,
       found = NULL, found_ms = NULL, found_why = NULL, decoded_ms = NULL, short_ms = NULL, errors = NULL, read_ms = NULL
     WHERE ${THIS}`,
  );
  return ({ clipId, placeId, mtimeNs, atMs, ...copy }) => {
    const [sourceIno, ino] = [signed(copy.sourceIno), signed(copy.ino)];
    made.run({ clipId, sourceIno, placeId, ino, mtimeNs, sha256: Buffer.from(copy.sha256, 'hex'), atMs });
  };
}

interface UnmadeCopy extends CopyKey {
  readonly placeId: string;
  readonly why: string;
  readonly left: boolean;
}

/**
 * A copy that was asked for could not be made. What is left of one that was never heard of stays asked for, until it is;
 * one that was altered is kept until there is a better one; anything else that is left, or that lies on a disk that was
 * taken out, goes with its clip.
 */
export function createUnmade(db: Db): (copy: UnmadeCopy) => void {
  const unmade = db.prepare(
    `UPDATE copy SET
       why = CASE WHEN why = '${DISK_REPLACED}' OR (@left AND why = '${UNHEARD}') THEN why ELSE @why END,
       state = CASE WHEN @left AND why = '${UNHEARD}' THEN ${String(ASKED)} WHEN found = ${String(ALTERED)} THEN ${String(MADE)}
         WHEN @left OR why = '${DISK_REPLACED}' THEN ${String(GOING)} ELSE ${String(FAILED)} END
     WHERE ${THIS}`,
  );
  return ({ clipId, sourceIno, placeId, why, left }) => {
    unmade.run({ clipId, sourceIno: signed(sourceIno), placeId, why, left: left ? 1 : 0 });
  };
}

/** What lies under the name of a copy that was asked for; of the clip it is. */
export function createHeard(db: Db): CopyStore['heard'] {
  const find = db.prepare<
    { clipId: number; sourceIno: bigint; placeId: string },
    { size_bytes: number; sha256: string | null; altered: number; gone: number }
  >(
    `SELECT copy.size_bytes, lower(hex(copy.sha256)) AS sha256, copy.found IS ${String(ALTERED)} AS altered,
       clip.state = ${String(GONE)} AND clip.size_bytes = copy.size_bytes AS gone
     FROM copy JOIN clip ON clip.id = copy.clip_id WHERE ${THIS}`,
  );
  const made = createMade(db);
  const unmade = createUnmade(db);
  const isNot = db.prepare(
    `UPDATE copy SET why = 'changed', state = iif(found = ${String(ALTERED)}, ${String(MADE)}, ${String(GOING)}) WHERE ${THIS}`,
  );
  // The next reconcile finds its file missing once more: then the clip goes over to its copy.
  const revive = db.prepare(`UPDATE clip SET state = ${String(LIVE)} WHERE id = ?`);
  const listAgain = db.prepare(
    'UPDATE dir SET scan_mtime_ns = NULL WHERE id = (SELECT dir_id FROM clip WHERE id = ?)',
  );
  const heard: CopyStore['heard'] = (placeId, reading, atMs) => {
    const { clipId } = reading;
    const key = { clipId, sourceIno: signed(reading.sourceIno), placeId };
    const row = find.get(key);
    if (row === undefined) return;
    if (reading.found !== 'read') {
      unmade({ clipId, sourceIno: reading.sourceIno, placeId, why: reading.errno, left: false });
      return;
    }
    if (row.altered ? reading.sha256 !== row.sha256 : reading.sizeBytes !== row.size_bytes) {
      isNot.run(key);
      return;
    }
    made({ ...reading, placeId, atMs });
    if (row.gone === 0) return;
    revive.run(clipId);
    listAgain.run(clipId);
  };
  return (placeId, reading, atMs) => {
    db.transaction(() => {
      heard(placeId, reading, atMs);
    }).immediate();
  };
}
