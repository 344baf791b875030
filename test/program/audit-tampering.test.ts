/** What somebody who can write to the index may do to the audit, and what `fortnight audit verify` says of it (F-D14). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { nextRecord, type AuditRecord } from '../../src/audit/entry.ts';
import { command } from '../../src/cli/audit.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { makeCheckedState, type Checked } from '../support/checked-state.ts';
import { validTree } from '../tools/config-file.ts';
import { testIo } from '../tools/cli-io.ts';

const RECORDS = 12;
/** Of which the first ones were there when an anchor was fetched. */
const ANCHORED = 9;

let s: Checked;
let anchors: string;

beforeEach(async () => {
  s = await makeCheckedState();
  writeFileSync(join(s.f.dir, 'fortnight.yaml'), stringify(validTree(s.f.dir)), { mode: 0o600 });
  anchors = join(s.f.dir, 'anchors');
  const store = createAuditStore(s.f.db);
  const grow = (to: number): void => {
    while (store.head()!.seq < to) s.record('deletion_done', { root: 'nvr', outcomes: {}, receipts: '' });
  };
  grow(5);
  const early = await audit('head');
  grow(ANCHORED);
  writeFileSync(anchors, `${early.out}\nbox fortnight: {"anchor":"${(await audit('head')).out.trim()}"}\n`);
  grow(RECORDS);
});
afterEach(() => {
  s.close();
});

async function audit(...args: string[]): Promise<{ status: number; out: string }> {
  const io = testIo();
  const status = await command.run([...args, '--config', join(s.f.dir, 'fortnight.yaml')], io);
  return { status, out: io.written.out };
}
const alone = (): ReturnType<typeof audit> => audit('verify');
const anchored = (): ReturnType<typeof audit> => audit('verify', '--anchors', anchors);

/** Every record from `from` on as if it had been written so, with other contents, each chained to the one before. */
function rebuild(from: number): void {
  const store = createAuditStore(s.f.db);
  const records = store.read(1, RECORDS, RECORDS);
  const made: AuditRecord[] = records.slice(0, from - 1);
  for (const { wallMs, bootId, bootMs, kind } of records.slice(from - 1)) {
    const at = { wallMs, bootId, bootMs };
    made.push(nextRecord(made.at(-1), at, { kind, actor: 'nobody', payload: { root: 'nvr' } }));
  }
  s.forceAudit(`DELETE FROM audit WHERE seq >= ${String(from)}`);
  for (const record of made.slice(from - 1)) store.insert(record);
}

describe('fortnight audit verify', () => {
  it('finds the chain whole, and says how many records lie behind the last anchor', async () => {
    expect(await alone()).toEqual({
      status: 0,
      out: expect.stringMatching(
        /^12 records, the chain is whole; no anchor was given\nhead 12:[0-9a-f]{64}\n$/,
      ) as string,
    });
    expect((await anchored()).out).toContain('the chain is whole; unanchored tail of 3 records');
  });

  it.each([
    ['edited', "UPDATE audit SET payload = replace(payload, 'nvr', 'nvx') WHERE seq = 7", 7],
    ['removed', 'DELETE FROM audit WHERE seq = 7', 8],
    [
      'moved',
      'UPDATE audit SET seq = 0 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = 0',
      7,
    ],
  ])('F-D14: names the record that was %s, by the chain alone', async (_what, sql, first) => {
    s.forceAudit(sql);
    for (const verdict of [await alone(), await anchored()]) {
      expect(verdict.status).toBe(1);
      expect(verdict.out).toMatch(new RegExp(`^record ${String(first)}: `));
    }
  });

  it('F-D14: finds an end that was cut off by an anchor only, and not when it was cut behind it', async () => {
    s.forceAudit(`DELETE FROM audit WHERE seq > ${String(ANCHORED)}`);
    expect((await anchored()).status).toBe(0);
    s.f.db.exec(`DELETE FROM audit WHERE seq > 6`);
    expect((await alone()).status).toBe(0);
    expect(await anchored()).toEqual({ status: 1, out: 'record 7: anchor_missing\n' });
  });

  it.each([
    ['all of it', 1, 5],
    ['its end', 7, ANCHORED],
  ])('F-D14: finds a chain of which %s was written anew by an anchor only', async (_what, from, first) => {
    rebuild(from);
    expect((await alone()).status).toBe(0);
    expect(await anchored()).toEqual({ status: 1, out: `record ${String(first)}: anchor_differs\n` });
  });

  it('takes no file for a proof that has no anchor in it, and no anchor that is none', async () => {
    writeFileSync(anchors, 'nothing\n');
    await expect(anchored()).rejects.toMatchObject({ code: 'invalid' });
    await expect(audit('verify', '--anchors', join(s.f.dir, 'none'))).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(audit('verify', '--anchor', '9:abc')).rejects.toMatchObject({ code: 'usage' });
  });
});
