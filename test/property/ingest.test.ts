import {
  lstatSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { absolute, frigate, ingestLab, tinyClip, type IngestLab } from '../support/ingest-lab.ts';

/** Few places, so that things happen to the same file again and again. */
const PLACES = 6;

type Step =
  | { readonly do: 'write'; readonly place: number; readonly salt: number; readonly whole: boolean }
  | { readonly do: 'remove' | 'touch' | 'link' | 'directory' | 'copy'; readonly place: number }
  | { readonly do: 'rename'; readonly place: number; readonly to: number }
  | { readonly do: 'stranger'; readonly name: string }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'look'; readonly place: number }
  | { readonly do: 'changed' };

const place = fc.nat(PLACES - 1);
const doing = <T extends Step['do']>(...what: T[]): fc.Arbitrary<T> => fc.constantFrom(...what);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: doing('write'), place, salt: fc.nat(3), whole: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: doing('remove', 'touch', 'link', 'directory', 'copy'), place }) },
  { weight: 2, arbitrary: fc.record({ do: doing('rename'), place, to: place }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: doing('stranger'), name: fc.constantFrom('a.txt', '2026/b', '\xff') }),
  },
  { weight: 3, arbitrary: fc.record({ do: doing('wait'), minutes: fc.constantFrom(1, 3, 11, 70) }) },
  { weight: 2, arbitrary: fc.record({ do: doing('look'), place }) },
  { weight: 2, arbitrary: fc.record({ do: doing('changed') }) },
);

/** What a run in five hundred comes upon. */
const LINK_IN_ITS_PLACE: Step[] = [
  { do: 'write', place: 2, salt: 0, whole: false },
  { do: 'changed' },
  { do: 'remove', place: 2 },
  { do: 'link', place: 2 },
];

function pathOf(at: number): string {
  const base = Math.floor(Date.UTC(2026, 4, 1) / HOUR_MS) * HOUR_MS;
  return frigate(at % 2 === 0 ? 'hall' : 'entrance', base + Math.floor(at / 2) * DAY_MS + at * SECOND_MS);
}

async function act(lab: IngestLab, s: Step): Promise<void> {
  if (s.do === 'wait') lab.clock.advance(s.minutes * MINUTE_MS);
  else if (s.do === 'look') await lab.ingest.lookNow('nvr', [pathOf(s.place)]);
  else if (s.do === 'changed') await lab.changed();
  else {
    attempt(() => {
      onDisk(lab, s);
    });
  }
}

/** A link is never written through: it leads out of the tree. */
function onDisk(lab: IngestLab, s: Exclude<Step, { do: 'wait' | 'look' | 'changed' }>): void {
  if (s.do === 'stranger') {
    lab.put(s.name, 'x');
    return;
  }
  const at = absolute(lab.root, pathOf(s.place));
  const nowS = lab.clock.wallMs() / 1000;
  switch (s.do) {
    case 'write': {
      if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) unlinkSync(at);
      const content = tinyClip(10_000, s.salt);
      lab.put(pathOf(s.place), s.whole ? content : content.subarray(0, -20), lab.clock.wallMs());
      return;
    }
    case 'remove':
      rmSync(at, { recursive: true, force: true });
      return;
    case 'touch':
      lutimesSync(at, nowS, nowS);
      return;
    case 'copy':
      copyOver(at);
      return;
    case 'link':
      symlinkSync(`${lab.root}.elsewhere`, at);
      return;
    case 'directory':
      mkdirSync(at);
      return;
    case 'rename': {
      const to = absolute(lab.root, pathOf(s.to));
      mkdirSync(dirname(to.toString()), { recursive: true });
      renameSync(at, to);
    }
  }
}

/** The same content under another inode. */
function copyOver(path: Buffer): void {
  const content = readFileSync(path);
  unlinkSync(path);
  writeFileSync(path, content);
}

/** What cannot be done to the tree as it is, is left. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
  }
}

/** Regular files that match the layout: what must be live when everything has been quiet for long. */
function clipsOnDisk(lab: IngestLab): string[] {
  return Array.from({ length: PLACES }, (_, n) => pathOf(n)).filter((path) => {
    return lstatSync(absolute(lab.root, path), { throwIfNoEntry: false })?.isFile() === true;
  });
}

test('whatever happened: after a full reconcile the live rows are the finished files, one to one, and a second one changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const lab = ingestLab();
      try {
        await lab.full();
        for (const s of steps) await act(lab, s);
        // Long enough for every file to be finished and for every loss to be believed.
        for (const minutes of [2, 61, 11, 61]) {
          await lab.full();
          lab.clock.advance(minutes * MINUTE_MS);
        }
        await lab.full();
        const live = lab.rows().filter((r) => r.state === 1);
        expect(live.map((r) => r.path)).toEqual(clipsOnDisk(lab).sort());
        expect(lab.rows().every((r) => r.state === 1 || r.state === 3)).toBe(true);
        const before = lab.rows();
        expect(await lab.full()).toMatchObject({ outcome: 'done', changes: 0 });
        expect(await lab.changed()).toMatchObject({ changes: 0 });
        expect(lab.rows()).toEqual(before);
      } finally {
        await lab.close();
      }
    }),
    { numRuns: 60, examples: [[LINK_IN_ITS_PLACE]] },
  );
});

test('nothing that is done to a file makes it due later than it was, while its content is the same', async () => {
  const gentle: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: doing('touch', 'copy'), place: fc.constant(0) }),
    fc.record({ do: doing('wait'), minutes: fc.constantFrom(3, 70, 1440) }),
    fc.record({ do: doing('look'), place: fc.constant(0) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(gentle, { minLength: 1, maxLength: 8 }), async (steps) => {
      const lab = ingestLab();
      try {
        const path = pathOf(0);
        lab.put(path);
        await lab.full();
        const { due_ms: due, id, cover_from_ms: from } = lab.row(path)!;
        for (const s of steps) await act(lab, s);
        await lab.full();
        const after = lab.row(path)!;
        expect(after).toMatchObject({ id, due_ms: due, state: 1 });
        expect(after.cover_from_ms).toBeLessThanOrEqual(from);
      } finally {
        await lab.close();
      }
    }),
    { numRuns: 25 },
  );
});
