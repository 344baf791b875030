/** A state as it should be, for what the checker must find when it no longer is. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../src/base/canonical-json.ts';
import { checkState, type CheckReport } from '../../src/cli/check/check.ts';
import type { Level } from '../../src/cli/check/disk-checks.ts';
import type { Kind } from '../../src/cli/check/kinds.ts';
import { createHoldStore } from '../../src/db/holds/holds.ts';
import { openRootDir } from '../../src/disk/handle.ts';
import { readMarker, writeMarker } from '../../src/disk/marker.ts';
import { writeMirror } from '../../src/disk/own-dir.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { openJournal, signVersion, type HoldJournal } from '../../src/holds/journal.ts';
import { DAY, T0, makeFootage, type Footage } from './footage.ts';
import { holdOver, makeSweeping } from './sweeping.ts';

export const MIRROR_KEY = Buffer.alloc(32, 7);
export const OTHER_HOLD = '11111111-2222-4333-8444-555555555555';

/** By kind: what it is in words, the sentence, and how it is done. */
export type Damages = Readonly<
  Partial<Record<Kind, readonly (readonly [string, RegExp, (s: Checked) => void])[]>>
>;

export interface Checked {
  readonly f: Footage;
  readonly journal: HoldJournal;
  readonly hold: HoldVersion;
  /** A hold in the journal, the index and on the root, as a placement leaves it. */
  place(version: HoldVersion): void;
  mirror(text: string, at: { readonly name: string; readonly seq?: number }): void;
  run(sql: string, ...values: (string | number)[]): void;
  record(kind: 'deletion_intent' | 'deletion_done', payload: Record<string, Json>): void;
  /** Takes the triggers away that refuse what somebody with the file could do all the same. */
  forceAudit(sql: string): void;
  inState(name: string): string;
  check(level?: Level): CheckReport;
  close(): void;
}

/** Two clips deleted with receipts, one live with a poster, one hold with its mirror. */
export async function makeCheckedState(): Promise<Checked> {
  const f = makeFootage();
  f.add('cam/old.mp4', { startMs: T0 - 20 * DAY, endMs: T0 - 20 * DAY + 10_000 });
  f.add('cam/older.mp4', { startMs: T0 - 20 * DAY + 10_000, endMs: T0 - 20 * DAY + 20_000 });
  const live = f.add('cam/new.mp4', { startMs: T0 - DAY, endMs: T0 - DAY + 10_000 });
  await makeSweeping(f).sweeper.sweep();
  const s = handles(f);
  s.run('UPDATE root SET state_since_ms = 0');
  s.run("INSERT INTO retention_clock VALUES (1, ?, 'b', 0, ?, 0, 0, NULL, 1, 1, 0, 0, 0)", T0, T0);
  s.run('INSERT INTO retention_applied VALUES (1, ?)', 14 * DAY);
  s.place(s.hold);
  mkdirSync(s.inState('derived'));
  writeFileSync(s.inState('derived/poster.jpg'), 'x');
  s.run("INSERT INTO derived (clip_id, kind, file, made_ms) VALUES (?, 'poster', 'poster.jpg', ?)", live, T0);
  return s;
}

function handles(f: Footage): Checked {
  writeFileSync(join(f.stateDir, 'keys', 'mirror.key'), MIRROR_KEY);
  const journal = openJournal(join(f.stateDir, 'holds.journal'), MIRROR_KEY);
  const mirror: Checked['mirror'] = (text, { name, seq }) => {
    const root = openRootDir(f.root);
    writeMirror(root, `${name}.json`, text);
    if (seq !== undefined) writeMarker(root, { ...readMarker(root)!, lastHoldSeq: seq });
    root.close();
  };
  return {
    f,
    journal,
    hold: holdOver(['hall'], T0 - 20 * DAY, T0 - 19 * DAY),
    place: (version) => {
      const seq = journal.append(version);
      createHoldStore(f.db, f.audit).insert(seq, version, { recovered: false });
      mirror(signVersion({ seq, version }, MIRROR_KEY), { name: version.holdId, seq });
    },
    mirror,
    run: (sql, ...values) => {
      f.db.prepare(sql).run(...values);
    },
    record: (kind, payload) => {
      f.audit.append({ kind, actor: 'system', payload });
    },
    forceAudit: (sql) => {
      f.db.exec(`DROP TRIGGER audit_no_change; DROP TRIGGER audit_no_delete; ${sql}`);
    },
    inState: (name) => join(f.stateDir, name),
    check: (level = 'hash') => checkState({ stateDir: f.stateDir }, level),
    close: () => {
      spawnSync('rm', ['-rf', f.path('cam')]); // also what is too deep for rmSync
      f.close();
    },
  };
}
