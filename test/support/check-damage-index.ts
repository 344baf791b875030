/** What may be done to the rows of a state that is as it should be, and the sentence by which `check` names it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DAY, T0 } from './footage.ts';
import { OTHER_HOLD, type Damages } from './checked-state.ts';
import { holdOver } from './sweeping.ts';

export const INDEX_DAMAGE = {
  index_damaged: [
    [
      'a page of the index that was overwritten',
      /the index is damaged/,
      (s) => {
        s.f.db.pragma('wal_checkpoint(TRUNCATE)');
        const bytes = readFileSync(s.inState('index.db'));
        bytes.fill(0xa5, 4096 * 3, 4096 * 8);
        writeFileSync(s.inState('index.db'), bytes);
      },
    ],
  ],
  reference_broken: [
    [
      'a picture of a clip without a row',
      /a row of derived refers to a clip/,
      (s) => {
        s.f.db.pragma('foreign_keys = OFF');
        s.run('UPDATE derived SET clip_id = 4711');
      },
    ],
    [
      'a clip in a directory of another root',
      /directory of another root/,
      (s) => {
        s.run(
          `INSERT INTO root (n, id, path, state, state_since_ms) VALUES (2, 'b', '/nowhere', 'offline', 0)`,
        );
        s.run('UPDATE clip SET root_n = 2');
      },
    ],
  ],
  totals_wrong: [
    [
      'a wrong number of clips',
      /camera entrance: the totals say 9/,
      (s) => {
        s.run('UPDATE camera_total SET clips = 9');
      },
    ],
    [
      'a wrong sum of bytes',
      /their bytes differ/,
      (s) => {
        s.run('UPDATE camera_total SET bytes = 1');
      },
    ],
  ],
  clip_state_wrong: [
    [
      'a live clip that is never due',
      /lack what their state asks/,
      (s) => {
        s.run('UPDATE clip SET due_ms = NULL');
      },
    ],
    [
      'a clip deleting under no intent',
      /lack what their state asks/,
      (s) => {
        s.run('UPDATE clip SET state = 2');
      },
    ],
  ],
  cover_wrong: [
    [
      'intervals narrower than the clip',
      /passed by/,
      (s) => {
        s.run('UPDATE clip SET cover_to_ms = cover_from_ms + 1');
      },
    ],
    [
      'a class that hides a long clip from the search',
      /passed by/,
      (s) => {
        s.run('UPDATE clip SET cover_from_ms = cover_from_ms - 86400000');
      },
    ],
  ],
  kept_too_long: [
    [
      'a due moment put off',
      /due later than the retention says/,
      (s) => {
        s.run('UPDATE clip SET due_ms = due_ms + 1');
      },
    ],
  ],
  due_too_early: [
    [
      'a due moment brought forward',
      /due before their retention/,
      (s) => {
        s.run('UPDATE clip SET due_ms = due_ms - 1');
      },
    ],
  ],
  overdue: [
    [
      'an overdue clip that nothing explains',
      /root nvr: 1 clips/,
      (s) => {
        s.run('UPDATE clip SET due_ms = ?', T0 - DAY);
      },
    ],
    [
      'a clip parked without a hold',
      /nothing names why/,
      (s) => {
        s.run('UPDATE clip SET parked = 1, due_ms = ?', T0 - DAY);
      },
    ],
  ],
  directory_left: [
    [
      'the path of a directory of deleted clips',
      /1 directories without clips/,
      (s) => {
        s.run("INSERT INTO dir (root_n, path) VALUES (1, 'gone')");
      },
    ],
  ],
  key_differs: [
    [
      'another key of the path hashes',
      /path\.key/,
      (s) => {
        writeFileSync(s.inState('keys/path.key'), 'other');
      },
    ],
    [
      'no identity beside the index',
      /install\.id/,
      (s) => {
        rmSync(s.inState('keys/install.id'));
      },
    ],
  ],
  audit_broken: [
    [
      'changed contents of a record',
      /record 1: its contents/,
      (s) => {
        s.forceAudit("UPDATE audit SET payload = replace(payload, 'nvr', 'nvx') WHERE seq = 1");
      },
    ],
    [
      'a changed record',
      /record 2: the record/,
      (s) => {
        s.forceAudit('UPDATE audit SET wall_ms = 1 WHERE seq = 2');
      },
    ],
    [
      'a record taken away',
      /record 3: record 2 is missing/,
      (s) => {
        s.forceAudit('DELETE FROM audit WHERE seq = 2');
      },
    ],
    [
      'two records in each other’s place',
      /record 1: /,
      (s) => {
        s.forceAudit(`UPDATE audit SET seq = 99 WHERE seq = 1; UPDATE audit SET seq = 1 WHERE seq = 2;
          UPDATE audit SET seq = 2 WHERE seq = 99`);
      },
    ],
  ],
  intent_without_end: [
    [
      'an intent without an end',
      /intent 4 has no terminal/,
      (s) => {
        s.record('deletion_intent', { root: 'nvr', clips: [] });
      },
    ],
  ],
  intent_ended_twice: [
    [
      'a second end of an intent',
      /intent 1 has 2 terminal/,
      (s) => {
        s.record('deletion_done', { root: 'nvr', intent: 1, outcomes: {}, receipts: '' });
      },
    ],
  ],
  intent_ended_early: [
    [
      'a clip left behind by its intent',
      /still deleting/,
      (s) => {
        s.run('UPDATE clip SET state = 2, intent_seq = 1');
      },
    ],
  ],
  intent_missing: [
    [
      'a clip deleting under what is no intent',
      /which is no intent/,
      (s) => {
        s.run('UPDATE clip SET state = 2, intent_seq = 2');
      },
    ],
  ],
  intent_receipts: [
    [
      'an intent with more clips than receipts',
      /intent 1 names 2 clips, 1 have/,
      (s) => {
        s.run('DELETE FROM receipt WHERE id = 1');
      },
    ],
  ],
  receipts_changed: [
    [
      'a changed receipt',
      /receipts of record 2/,
      (s) => {
        s.run('UPDATE receipt SET size_bytes = 1');
      },
    ],
    [
      'a receipt taken away',
      /receipts of record 2/,
      (s) => {
        s.run('DELETE FROM receipt WHERE id = 1');
      },
    ],
    [
      'all receipts of a record taken away',
      /record 2 has no receipts/,
      (s) => {
        s.run('DELETE FROM receipt');
      },
    ],
  ],
  receipt_without_end: [
    [
      'a receipt that no record ended',
      /record 77, which ends no/,
      (s) => {
        s.run('UPDATE receipt SET terminal_seq = 77');
      },
    ],
  ],
  deleted_with_row: [
    [
      'a clip with a receipt and a row',
      /1 clips have a receipt/,
      (s) => {
        s.f.db.pragma('foreign_keys = OFF');
        s.run('UPDATE clip SET id = 1');
      },
    ],
  ],
  deleted_under_hold: [
    [
      'a deletion after a hold was placed over it',
      /2 clips were deleted while hold/,
      (s) => {
        s.place(holdOver(['entrance'], T0 - 21 * DAY, T0 - 19 * DAY, { holdId: OTHER_HOLD }));
        s.run('UPDATE receipt SET intent_seq = 99');
      },
    ],
  ],
} as const satisfies Damages;
