import { renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { command } from '../../src/cli/check/command.ts';
import { KINDS, type Kind } from '../../src/cli/check/kinds.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { DISK_DAMAGE } from '../support/check-damage-disk.ts';
import { KEPT_DAMAGE } from '../support/check-damage-kept.ts';
import { INDEX_DAMAGE } from '../support/check-damage-index.ts';
import { MIRROR_KEY, makeCheckedState, type Checked, type Damages } from '../support/checked-state.ts';
import { T0 } from '../support/footage.ts';
import { testIo } from '../tools/cli-io.ts';
import { validTree } from '../tools/config-file.ts';

/** Every kind that check knows is planted at least once. */
const DAMAGE: Required<Damages> = { ...INDEX_DAMAGE, ...DISK_DAMAGE, ...KEPT_DAMAGE };

let s: Checked;
beforeEach(async () => {
  s = await makeCheckedState();
});
afterEach(() => {
  s.close();
});

describe('fortnight check', () => {
  it.each(['presence', 'size', 'hash'] as const)(
    'finds nothing on a state that is as it should be (%s)',
    (level) => {
      expect(s.check(level)).toMatchObject({
        findings: [],
        ok: true,
        complete: true,
        roots: [{ id: 'nvr', files: 1, fresh: 0 }],
        auditRecords: 3,
      });
    },
  );

  const cases = (Object.keys(DAMAGE) as Kind[]).flatMap((kind) =>
    DAMAGE[kind].map(([what, sentence, damage]) => ({ kind, what, sentence, damage })),
  );
  it.each(cases)('names $what: $kind', ({ kind, sentence, damage }) => {
    damage(s);
    const { findings, ok, total } = s.check();
    expect(ok).toBe(false);
    expect(total).toBeGreaterThan(0);
    expect(findings).toContainEqual({
      kind,
      invariant: KINDS[kind],
      sentence: expect.stringMatching(sentence) as string,
    });
  });

  it('believes no copy of the head that is not signed with the key of this state', () => {
    const forged = signCheckpoint({ seq: 9, hash: 'ab'.repeat(32), rMs: T0 }, Buffer.alloc(32, 1));
    writeFileSync(s.f.path('.fortnight/head'), forged);
    expect(s.check().findings).toEqual([]);
    const { seq, hash } = createAuditStore(s.f.db).head()!;
    const known = { seq, hash: hash.toString('hex'), rMs: T0 };
    writeFileSync(s.f.path('.fortnight/head'), signCheckpoint(known, MIRROR_KEY));
    expect(s.check().findings).toEqual([]);
  });

  it('looks no further than its level', () => {
    s.run('UPDATE clip SET fingerprint = zeroblob(16)');
    expect(s.check('size').ok).toBe(true);
    truncateSync(s.f.path('cam/new.mp4'), 999);
    expect(s.check('presence').ok).toBe(true);
    expect(s.check('size').ok).toBe(false);
  });

  it('does not call deleted what a recorder wrote anew under the name', () => {
    writeFileSync(s.f.path('cam/old.mp4'), Buffer.alloc(1000));
    utimesSync(s.f.path('cam/old.mp4'), T0 / 1000 + 60, T0 / 1000 + 60);
    expect(s.check().findings.map((x) => x.kind)).toEqual(['file_without_clip']);
  });

  it('leaves the clip of an interrupted drill to the next one', () => {
    s.f.add('.fortnight/drill/x.mp4', { startMs: T0 - 1000, endMs: T0 });
    s.run("UPDATE clip SET due_ms = ? WHERE name = 'x.mp4'", T0);
    expect(s.check('size').findings).toEqual([]);
  });

  it('compares nothing on a root that is not the one enrolled, and says so', () => {
    renameSync(s.f.path('.fortnight'), join(s.f.dir, 'moved'));
    expect(s.check()).toMatchObject({ ok: true, complete: false, roots: [{ id: 'nvr', files: null }] });
  });

  describe('as a command', () => {
    const fortnight = async (...args: string[]): Promise<{ status: number; out: string }> => {
      const tree = validTree(s.f.dir);
      tree.sources[0].root = s.f.root;
      writeFileSync(join(s.f.dir, 'fortnight.yaml'), stringify(tree), { mode: 0o600 });
      const io = testIo();
      const status = await command.run(['--config', join(s.f.dir, 'fortnight.yaml'), ...args], io);
      return { status, out: io.written.out };
    };

    it('ends with 0 when every promise holds', async () => {
      const { status, out } = await fortnight('--level', 'hash');
      expect(out).toContain('root nvr: 1 clip is where the index says');
      expect(status).toBe(0);
    });

    it('ends with 1 and a line per violation, in which nothing acts on a terminal', async () => {
      writeFileSync(s.f.path('cam/x\u001b[2Jy.mp4'), '');
      const { status, out } = await fortnight();
      expect(out).toContain(
        'I12 file_without_clip: root nvr: a file that the index does not know: cam/x\\u{1b}[2Jy.mp4',
      );
      expect(status).toBe(1);
    });

    it('ends with 2 when a root could not be compared', async () => {
      renameSync(s.f.path('.fortnight'), join(s.f.dir, 'moved'));
      expect(await fortnight()).toMatchObject({
        status: 2,
        out: expect.stringContaining('not compared') as string,
      });
    });

    it('prints one JSON document', async () => {
      const { out } = await fortnight('--json');
      expect(JSON.parse(out)).toMatchObject({
        ok: true,
        complete: true,
        level: 'size',
        total: 0,
        findings: [],
      });
    });

    it('refuses a level it does not know, and says when there is no index', async () => {
      await expect(fortnight('--level', 'deep')).rejects.toMatchObject({ code: 'usage' });
      rmSync(s.inState('index.db'));
      await expect(fortnight()).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  it('counts every violation and lists the first two hundred', () => {
    for (let i = 0; i < 250; i += 1) writeFileSync(s.f.path(`cam/${String(i)}.mp4`), '');
    const report = s.check();
    expect(report.total).toBe(250);
    expect(report.findings).toHaveLength(200);
  });
});
