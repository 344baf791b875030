/** Looking copies through: what is written down, what is tried again, and how it gives way to a deletion. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { breathe } from '../../src/base/delay.ts';
import { silentLog } from '../../src/base/log.ts';
import type { OpenedClip } from '../../src/clips/opened.ts';
import { createInspectionStore } from '../../src/db/holds/inspections.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import { Inspector, type Decoding, type InspectorDeps } from '../../src/holds/keep/inspector.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';

let f: Footage;
let closed: number;
beforeEach(() => {
  f = makeFootage();
  closed = 0;
});
afterEach(() => {
  f.close();
});

/** A clip with a copy that was made. */
function copied(name: string): number {
  const id = f.add(name, { startMs: T0 - DAY, endMs: T0 - DAY + 10_000 });
  const copies = createCopyStore(f.db);
  const [task] = copies.wanted([id], ['nvr']).get('nvr')!;
  copies.ask({ placeId: 'nvr', sourceId: 'nvr' }, [task!]);
  const made = { clipId: id, sourceIno: task!.ino, found: 'made' as const, ino: task!.ino, mtimeNs: 5n };
  copies.answered('nvr', [{ ...made, sha256: 'ab'.repeat(32) }], T0);
  return id;
}

function makeInspector(change: Partial<InspectorDeps> = {}): Inspector {
  const file: OpenedClip = {
    fd: 99,
    sizeBytes: 1,
    ino: 1n,
    mtimeNs: 1n,
    close: async () => {
      await breathe();
      closed += 1;
    },
  };
  return new Inspector({
    store: createInspectionStore(f.db),
    open: () => Promise.resolve(file),
    decode: () => Promise.resolve({ ended: true, decodedMs: 10_000, errors: 0 }),
    canDecode: () => Promise.resolve(true),
    onFound: () => undefined,
    nowMs: () => T0,
    log: silentLog,
    ...change,
  });
}

const found = (): unknown[] => f.db.prepare('SELECT found, found_why AS why FROM copy').all();

it('without ffmpeg a copy counts as unchecked, and is decoded once ffmpeg is there', async () => {
  copied('cam/1.mp4');
  await makeInspector({ canDecode: () => Promise.resolve(false) }).run();
  expect(found()).toEqual([{ found: 3, why: 'no_ffmpeg' }]);
  await makeInspector().run();
  expect(found()).toEqual([{ found: 0, why: null }]);
});

it('what took too long is said, and not tried without end', async () => {
  copied('cam/1.mp4');
  let decodings = 0;
  const slow = (): Promise<Decoding> => ((decodings += 1), Promise.resolve({ ended: false, why: 'time' }));
  await makeInspector({ decode: slow }).run();
  await makeInspector({ decode: slow }).run();
  expect([found(), decodings]).toEqual([[{ found: 3, why: 'time' }], 1]);
});

it('nothing is claimed of a copy that cannot be opened now', async () => {
  copied('cam/1.mp4');
  await makeInspector({ open: () => Promise.resolve(undefined) }).run();
  expect(found()).toEqual([{ found: null, why: null }]);
});

it('X ends the decoding of a clip that goes, and its file is closed by then', async () => {
  const [first, second] = [copied('cam/1.mp4'), copied('cam/2.mp4')];
  const decoding = Promise.withResolvers<undefined>();
  const inspector = makeInspector({
    decode: (_fd, signal) =>
      new Promise((resolve) => {
        if (closed > 0) resolve({ ended: true, decodedMs: 10_000, errors: 0 });
        decoding.resolve(undefined);
        signal.addEventListener('abort', () => {
          resolve({ ended: false, why: 'abort' });
        });
      }),
  });
  const running = inspector.run();
  await decoding.promise;
  await inspector.over([second]);
  expect(closed).toBe(0);
  await inspector.over([first]);
  expect(closed).toBe(1);
  await running;
  // The other one has its turn, and the one that was ended has no finding.
  expect(f.db.prepare('SELECT clip_id FROM copy WHERE found = 0').pluck().all()).toEqual([second]);
});

it('the finding of a copy that was made anew meanwhile is not written to the new one', async () => {
  const id = copied('cam/1.mp4');
  await makeInspector({
    decode: () => {
      f.db.prepare('UPDATE copy SET ino = ino + 1 WHERE clip_id = ?').run(id);
      return Promise.resolve({ ended: true, decodedMs: 1, errors: 4 });
    },
  }).run();
  expect(found()).toEqual([{ found: null, why: null }]);
});
