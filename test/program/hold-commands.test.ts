/** `fortnight holds ...` and `fortnight cases ...` upon the running program: a hold from its placement to its release. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { dispatch } from '../../src/cli/command.ts';
import { PROGRAM } from '../../src/cli/index.ts';
import type { Case, Hold } from '../../src/http/api/index.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { startWhole, type Whole } from '../support/whole.ts';
import { testIo } from '../tools/cli-io.ts';
import { validTree } from '../tools/config-file.ts';

/** Noon in Amsterdam. */
const NOW = Date.UTC(2026, 10, 20, 11);
const WHY = ['--reason', 'The insurer asks to keep the footage.'];
const FACILITY = ['--as', 'facility'];
const PRIVACY = ['--as', 'privacy'];

let w: Whole;
let config: string;
let id: string;

beforeAll(async () => {
  w = await startWhole({ clock: new SimulatedClock(NOW) });
  config = join(w.dir, 'fortnight.yaml');
  const { cameras, sources } = w.config;
  const tree = validTree(w.dir);
  const own = {
    cameras: cameras.map((c) => ({ id: c.id, name: c.name.en, purpose: c.purpose.en })),
    sources: sources.map((s) => ({ id: s.id, root: s.root, layout: s.layout, cameras: s.cameras })),
  };
  writeFileSync(config, stringify({ ...tree, ...own, stateDir: w.config.stateDir }), { mode: 0o600 });
});
afterAll(async () => {
  await w.close();
});

interface Said {
  readonly out: string;
  readonly code: string | undefined;
}

/** What a command prints, or the error it ends with; whoever acts types their password. */
async function run(...args: string[]): Promise<Said> {
  const who = args[args.indexOf('--as') + 1] as keyof typeof PASSWORDS;
  return typing(args.includes('--as') ? PASSWORDS[who] : '', args);
}
async function typing(password: string, args: string[]): Promise<Said> {
  const io = testIo(`${password}\n`);
  try {
    await dispatch(PROGRAM, [...args, '--config', config], io);
    return { out: io.written.out, code: undefined };
  } catch (error) {
    return { out: io.written.out, code: (error as { code?: string }).code };
  }
}
async function listed(): Promise<Hold[]> {
  return JSON.parse((await run('holds', 'list', '--json')).out) as Hold[];
}
async function cases(): Promise<Case[]> {
  return JSON.parse((await run('cases', 'list', '--json')).out) as Case[];
}
const hold = async (): Promise<Hold> => (await listed()).find((h) => h.id === id)!;

const SCOPE = ['--camera', 'entrance', '--from', '2026-11-19 08:00', '--to', '2026-11-19 09:30'];
const CASE = ['--case', 'Z-2026-004', '--title', 'A fall in the hall', '--viewer', 'security'];
const REVIEW = ['--review', '2026-12-20'];

describe('fortnight holds', () => {
  it('has nothing to list at first, and says so', async () => {
    expect((await run('holds', 'list')).out).toBe('no holds\n');
    expect((await run('cases', 'list')).out).toBe('no cases\n');
  });

  it('places a hold in the time of the site, and says what it found and what waits for whom', async () => {
    const { out, code } = await run('holds', 'place', ...FACILITY, ...CASE, ...SCOPE, ...REVIEW, ...WHY);
    expect([code, out]).toEqual([undefined, expect.stringMatching(/^hold [0-9a-f-]{36} binds\n/)]);
    [{ id }] = (await listed()) as [Hold];
    expect(await hold()).toMatchObject({
      state: 'standing',
      setBy: 'facility',
      fromMs: Date.UTC(2026, 10, 19, 7),
      toMs: Date.UTC(2026, 10, 19, 8, 30),
      viewers: ['security'],
    });
    expect((await run('holds', 'list')).out).toContain('Z-2026-004');
  });

  it.each([
    ['no case', [...FACILITY, ...SCOPE, ...REVIEW, ...WHY], 'usage'],
    ['nobody who acts', [...CASE, ...SCOPE, ...REVIEW, ...WHY], 'usage'],
    [
      'a time that is none',
      [...FACILITY, ...CASE, ...SCOPE, '--from', 'yesterday', ...REVIEW, ...WHY],
      'usage',
    ],
    ['a short reason', [...FACILITY, ...CASE, ...SCOPE, ...REVIEW, '--reason', 'because'], 'invalid'],
    ['somebody of another role', [...PRIVACY, ...CASE, ...SCOPE, ...REVIEW, ...WHY], 'forbidden'],
    [
      'a camera nobody knows',
      [...FACILITY, ...CASE, ...SCOPE, '--camera', 'roof', ...REVIEW, ...WHY],
      'invalid',
    ],
  ])('places none with %s', async (_what, args, code) => {
    expect(await run('holds', 'place', ...args)).toMatchObject({ code });
    expect(await listed()).toHaveLength(1);
  });

  it('does nothing with a wrong password', async () => {
    expect(await typing('wrong', ['holds', 'confirm', id, ...PRIVACY])).toMatchObject({
      code: 'unauthenticated',
    });
    expect((await hold()).confirmedBy).toBeNull();
  });

  it('is confirmed by a second person, not by the first', async () => {
    expect(await run('holds', 'confirm', id, ...FACILITY)).toMatchObject({ code: 'forbidden' });
    expect((await run('holds', 'confirm', id, ...PRIVACY)).out).toContain(`hold ${id}: `);
    expect((await hold()).confirmedBy).toBe('privacy');
  });

  it('is widened at once, and reviewed', async () => {
    const wide = [...SCOPE, '--camera', 'hall'];
    expect((await run('holds', 'widen', id, ...FACILITY, ...wide, ...WHY)).code).toBeUndefined();
    expect(await hold()).toMatchObject({ cameraIds: ['entrance', 'hall'], confirmedBy: null });
    expect(
      (await run('holds', 'review', id, ...FACILITY, '--review', '2027-01-10', ...WHY)).code,
    ).toBeUndefined();
    expect((await hold()).reviewMs).toBe(Date.UTC(2027, 0, 9, 23));
  });

  it('is narrowed only when a second person grants it; refused and taken back it stands', async () => {
    const narrow = ['holds', 'narrow', id, ...FACILITY, ...SCOPE, ...WHY];
    for (const [act, who] of [
      ['refuse', PRIVACY],
      ['withdraw', FACILITY],
    ] as const) {
      expect((await run(...narrow)).code).toBeUndefined();
      expect((await hold()).pending).toMatchObject({ what: 'narrowing', cameraIds: ['entrance'] });
      expect((await run('holds', act, id, ...who, ...WHY)).code).toBeUndefined();
      expect(await hold()).toMatchObject({ pending: null, cameraIds: ['entrance', 'hall'] });
    }
    await run(...narrow);
    expect((await run('holds', 'approve', id, ...PRIVACY, ...WHY)).code).toBeUndefined();
    expect(await hold()).toMatchObject({ cameraIds: ['entrance'], pending: null });
  });

  it('is released by two, and never with an option that a release does not take', async () => {
    const release = ['holds', 'release', id, ...FACILITY, ...WHY];
    expect(await run(...release, '--end', '2026-12-01')).toMatchObject({ code: 'usage' });
    expect((await hold()).pending).toBeNull();
    expect((await run(...release)).code).toBeUndefined();
    expect((await run('holds', 'approve', id, ...PRIVACY, ...WHY)).code).toBeUndefined();
    expect(await hold()).toMatchObject({
      state: 'cooling_off',
      releasedBy: 'privacy',
      releaseAskedBy: 'facility',
    });
    expect(await run(...release)).toMatchObject({ code: 'conflict' });
  });

  it('shows its way, and knows no other hold', async () => {
    const { out } = await run('holds', 'show', id);
    for (const word of ['facility', 'privacy', 'security', '2026-11-19 08:00', WHY[1]!])
      expect(out).toContain(word);
    const json = JSON.parse((await run('holds', 'show', id, '--json')).out) as {
      versions: { act: string }[];
    };
    expect(json.versions.map((v) => v.act)).toEqual([
      ...['placed', 'confirmed', 'widened', 'reviewed', 'asked', 'refused', 'asked', 'withdrawn', 'asked'],
      ...['narrowed', 'asked', 'released'],
    ]);
    const other = '7b0e4a1c-6a53-4d52-9c11-0d6c0a4b1f10';
    expect(await run('holds', 'show', other)).toMatchObject({ code: 'not_found' });
    expect(await run('holds', 'refuse', other, ...PRIVACY, ...WHY)).toMatchObject({ code: 'not_found' });
  });
});

describe('fortnight cases', () => {
  it('lets another hold join, in the words of the case', async () => {
    const [known] = (await cases()) as [Case];
    const joined = await run('holds', 'place', ...FACILITY, '--under', known.id, ...SCOPE, ...REVIEW, ...WHY);
    expect(joined.code).toBeUndefined();
    expect((await cases())[0]).toMatchObject({ ref: 'Z-2026-004', viewers: ['security'] });
    expect((await cases())[0]!.holds).toHaveLength(2);
  });

  it('gives a case another title and other people, and keeps what is not named', async () => {
    const [known] = (await cases()) as [Case];
    const change = ['cases', 'change', known.id, ...FACILITY, ...WHY];
    expect((await run(...change, '--title', 'A fall on the stairs')).out).toContain('A fall on the stairs');
    expect((await cases())[0]).toMatchObject({ title: 'A fall on the stairs', viewers: ['security'] });
    expect((await run(...change, '--nobody')).out).toContain('nobody');
    expect((await cases())[0]).toMatchObject({ title: 'A fall on the stairs', viewers: [] });
    expect(await run(...change, '--viewer', 'ghost')).toMatchObject({ code: 'invalid' });
    expect(await run('cases', 'change', known.id, ...PRIVACY, ...WHY)).toMatchObject({ code: 'forbidden' });
  });
});
