import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkState } from '../../src/cli/check/command.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { makeSweeping } from '../support/sweeping.ts';

let f: Footage;
beforeEach(async () => {
  f = makeFootage();
  f.add('cam/old.mp4', { startMs: T0 - 20 * DAY, endMs: T0 - 20 * DAY + 10_000 });
  f.add('cam/older.mp4', { startMs: T0 - 20 * DAY + 10_000, endMs: T0 - 20 * DAY + 20_000 });
  f.add('cam/new.mp4', { startMs: T0 - DAY, endMs: T0 - DAY + 10_000 });
  await makeSweeping(f).sweeper.sweep();
  f.db.prepare('UPDATE root SET state_since_ms = 0').run();
  f.db.prepare("INSERT INTO retention_clock VALUES (1, ?, 'b', 0, ?, 0, 0, NULL, 1)").run(T0, T0);
});
afterEach(() => {
  f.close();
});

const check = (): string[] =>
  checkState({ stateDir: f.stateDir }, 'size').findings.map((x) => `${x.invariant} ${x.sentence}`);

describe('fortnight check', () => {
  it('finds nothing on a state that is as it should be', () => {
    expect(checkState({ stateDir: f.stateDir }, 'size')).toMatchObject({
      ok: true,
      roots: [{ id: 'nvr', files: 1 }],
      auditRecords: 2,
    });
  });

  it.each<[string, RegExp, () => void]>([
    [
      'a clip without its file',
      /^I12 .*a clip without its file: cam\/new.mp4/,
      () => {
        rmSync(f.path('cam/new.mp4'));
      },
    ],
    [
      'a file the index does not know',
      /^I12 .*does not know: cam\/x.mp4/,
      () => {
        writeFileSync(f.path('cam/x.mp4'), '');
      },
    ],
    [
      'another file under the name',
      /^I12 .*another file/,
      () => {
        appendFileSync(f.path('cam/new.mp4'), 'more');
      },
    ],
    [
      'a changed receipt',
      /^I4 the receipts of record 2/,
      () => f.db.prepare('UPDATE receipt SET size_bytes = 1').run(),
    ],
    [
      'a receipt taken away',
      /^I4 the receipts of record 2/,
      () => f.db.prepare('DELETE FROM receipt WHERE id = 1').run(),
    ],
    [
      'wrong totals',
      /^I12 camera entrance: the totals say/,
      () => f.db.prepare('UPDATE camera_total SET clips = 9').run(),
    ],
    [
      'an overdue clip that nothing explains',
      /^I2 root nvr: 1 clips are overdue/,
      () => f.db.prepare('UPDATE clip SET due_ms = ?').run(T0 - DAY),
    ],
    [
      'a changed audit record',
      /^I11 the audit fails at record 1: payload_changed/,
      () => {
        f.db.exec('DROP TRIGGER audit_no_change');
        f.db.prepare("UPDATE audit SET payload = replace(payload, 'nvr', 'nvx') WHERE seq = 1").run();
      },
    ],
    [
      'a hold that only the journal has',
      /^I10 hold .* is in the journal but not in the index/,
      () => {
        const version = JSON.stringify({
          version: {
            holdId: 'h',
            version: 1,
            releasedMs: null,
            endsMs: null,
            atMs: 0,
            terms: { cameraIds: ['hall'], window: { fromMs: 0, toMs: 1 } },
          },
        });
        writeFileSync(join(f.stateDir, 'holds.journal'), `${JSON.stringify({ mac: '', version })}\n`);
      },
    ],
    [
      'an intent without an end',
      /^I4 intent 3 has no terminal record/,
      () => f.audit.append({ kind: 'deletion_intent', actor: 'system', payload: { root: 'nvr', clips: [] } }),
    ],
  ])('names %s', (_what, sentence, damage) => {
    damage();
    expect(check()).toEqual(expect.arrayContaining([expect.stringMatching(sentence)]));
  });

  it('compares nothing on a root that is not the one enrolled', () => {
    renameSync(f.path('.fortnight'), join(f.dir, 'moved'));
    expect(checkState({ stateDir: f.stateDir }, 'size')).toMatchObject({
      ok: true,
      roots: [{ id: 'nvr', files: null }],
    });
  });
});
