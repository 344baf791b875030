import { expect, test } from 'vitest';
import type { Change } from '../../src/clips/change.ts';
import type { KnownClip, KnownRoot } from '../../src/clips/known.ts';
import { Absence } from '../../src/ingest/absence.ts';

const NOW = 1_800_000_000_000;
const clip = (id: number, extra: Partial<KnownClip> = {}): KnownClip => ({
  id,
  name: `${id}.mp4`,
  state: 'live',
  ino: BigInt(id),
  sizeBytes: 1,
  mtimeNs: 1n,
  missingMs: null,
  missedTwice: false,
  ...extra,
});

/** An index with one directory per path, and these clips in it. */
function index(dirs: Record<string, KnownClip[]>): KnownRoot {
  const paths = Object.keys(dirs);
  return {
    dir: (path) =>
      paths.includes(path) ? { id: paths.indexOf(path) + 1, path, scanMtimeNs: null } : undefined,
    dirsAfter: (after) =>
      paths.map((path, i) => ({ id: i + 1, path, scanMtimeNs: null })).filter((d) => d.id > after),
    clipsIn: (dirId, { after }) => (after === null ? (dirs[paths[dirId - 1] ?? ''] ?? []) : []),
    clip: () => undefined,
    sidecarsIn: (dirId, { after }) => (after === null ? [{ id: dirId * 100, name: 'x.jpg' }] : []),
    hasSidecar: () => false,
    fingerprint: () => null,
    newestStartMs: () => null,
    clipCount: () => 1000,
    candidate: () => undefined,
    candidatesAfter: () => [],
    saysUnowned: () => false,
    unownedPaths: () => [],
  };
}

async function told(absence: Absence): Promise<Change[]> {
  const changes: Change[] = [];
  await absence.tell({ emit: (change) => changes.push(change), room: () => Promise.resolve() }, NOW);
  return changes;
}

test('clips and sidecars of a directory that was not met are missing, recordings vanish', async () => {
  const absence = new Absence(index({ hall: [clip(1), clip(2, { state: 'recording' })] }));
  expect(await told(absence)).toEqual([
    { is: 'vanished', clipId: 2 },
    { is: 'sidecar_gone', sidecarId: 100 },
    { is: 'missing', clipId: 1, as: 'once' },
  ]);
});

test.each(['day', 'day/hall'])('nothing is missing below %s when it could not be listed', async (path) => {
  const absence = new Absence(index({ 'day/hall': [clip(1)] }));
  absence.doubt(path);
  expect(await told(absence)).toEqual([]);
});

test('a directory whose name only begins like a doubtful one is not doubtful', async () => {
  const absence = new Absence(index({ day2: [clip(1)] }));
  absence.doubt('day');
  expect(await told(absence)).toHaveLength(2);
});

test('a name whose stat failed is neither there nor missing', async () => {
  const known = index({ hall: [clip(1), clip(2), clip(3)] });
  const absence = new Absence(known);
  const dir = absence.visit('hall')!;
  const all = { after: null, upTo: null };
  const rows = absence.rows('hall', all);
  expect([...rows.keys()]).toEqual(['1.mp4', '2.mp4', '3.mp4']);
  const names = { here: new Set(['1.mp4', 'x.jpg']), doubtful: ['2.mp4'] };
  expect(absence.sift({ dir, rows }, all, names)).toBe(true);
  expect(await told(absence)).toEqual([{ is: 'missing', clipId: 3, as: 'once' }]);
});

test('clips that are being deleted, or went already, are not missed', async () => {
  const absence = new Absence(
    index({ hall: [clip(1, { state: 'deleting' }), clip(2, { state: 'gone_external' })] }),
  );
  expect(await told(absence)).toEqual([{ is: 'sidecar_gone', sidecarId: 100 }]);
});
