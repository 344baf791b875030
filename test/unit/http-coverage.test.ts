import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/base/clock.ts';
import { lengthMs, merge, overlaps } from '../../src/base/range.ts';
import { createCameraFacts } from '../../src/db/clips/cameras-api.ts';
import { Client } from '../support/http/client.ts';
import { makeWorld, NOW_MS, type World } from '../support/http/world.ts';

let world: World;
let client: Client;
beforeEach(async () => {
  world = await makeWorld();
  client = await new Client(world.port).enter('facility');
});
afterEach(() => world.close());

let nextId = 1;
function deleted(fromMs: number, toMs: number, camera = 1): void {
  world.db
    .prepare(
      `INSERT INTO receipt (clip_id, camera_n, start_ms, end_ms, due_ms, size_bytes, outcome, reason, path_hash, intent_seq, terminal_seq, at_ms)
       VALUES (?, ?, ?, ?, 0, 1, 'deleted', 'retention', x'00', 1, 2, 0)`,
    )
    .run(nextId++, camera, fromMs, toMs);
}

/** A clip as the index has it. */
function indexed(clip: { camera: number; endMs: number; state: number; quietMs: number }): void {
  world.db
    .exec(`INSERT OR IGNORE INTO root (n, id, path, state, state_since_ms) VALUES (1, 'nvr', '/', 'online', 0);
    INSERT OR IGNORE INTO dir (id, root_n, path) VALUES (1, 1, '')`);
  world.db
    .prepare(
      `INSERT INTO clip (dir_id, name, root_n, camera_n, kind, state, start_ms, end_ms, end_from, cover_from_ms,
         cover_to_ms, cover_class, first_seen_ms, size_bytes, ino, mtime_ns)
       VALUES (1, @name, 1, @camera, 0, @state, @endMs - 10000, @endMs, 0, 0, 1, 0, 0, 1, 1, @mtime)`,
    )
    .run({ ...clip, name: String(clip.endMs), mtime: BigInt(NOW_MS - clip.quietMs) * 1_000_000n });
}

interface Shown {
  spans: { fromMs: number; toMs: number }[];
  gaps: { fromMs: number; toMs: number; reason: string }[];
  holds: { caseRef: string; state: string }[];
}

async function shown(fromMs: number, toMs: number): Promise<Shown> {
  const reply = await client.get(
    `/api/v1/cameras/entrance/coverage?from=${String(fromMs)}&to=${String(toMs)}`,
  );
  expect(reply.status).toBe(200);
  return reply.json as unknown as Shown;
}

describe('coverage', () => {
  it('names every part of the window once: footage, deleted, nothing, not yet recorded', async () => {
    const start = NOW_MS - 2 * HOUR_MS;
    world.addClip(Buffer.from('x'), { startMs: start + HOUR_MS, endMs: start + HOUR_MS + 600_000 });
    deleted(start + 60_000, start + 120_000);
    const { spans, gaps } = await shown(start, NOW_MS + HOUR_MS);
    expect(gaps.map((g) => g.reason)).toEqual(['none', 'deleted', 'none', 'none', 'future']);
    const parts = [...spans, ...gaps];
    expect(merge(parts)).toEqual([{ fromMs: start, toMs: NOW_MS + HOUR_MS }]);
    expect(lengthMs(parts)).toBe(3 * HOUR_MS);
    for (const a of parts) for (const b of parts) expect(a !== b && overlaps(a, b)).toBe(false);
  });

  describe('between a growing clip and the next', () => {
    /** Ended, as of the last look at it, 44 s ago; the next began 14 s later and was last looked at 5 s ago. */
    const twoClips = (first: { state: 'recording' | 'live'; quietMs?: number; camera?: number }): void => {
      const { state, quietMs = 44_000, camera = 1 } = first;
      world.addClip(Buffer.from('x'), { startMs: NOW_MS - 90_000, endMs: NOW_MS - 44_000, state });
      indexed({ camera, endMs: NOW_MS - 44_000, state: state === 'live' ? 1 : 0, quietMs });
      world.addClip(Buffer.from('x'), { startMs: NOW_MS - 30_000, endMs: NOW_MS - 5000, state: 'recording' });
      indexed({ camera: 1, endMs: NOW_MS - 5000, state: 0, quietMs: 5000 });
    };
    const told = async (): Promise<string[]> => {
      const { gaps } = await shown(NOW_MS - 90_000, NOW_MS + HOUR_MS);
      return gaps.map((g) => `${g.reason} ${String((g.fromMs - NOW_MS) / 1000)}`);
    };

    it('nothing is known yet, and no gap is told; what lacks up to now is one as before', async () => {
      twoClips({ state: 'recording' });
      expect(await told()).toEqual(['recording -44', 'none -5', 'future 0']);
    });
    it.each([
      ['the first has ended there', { state: 'live' }],
      ['the first was not written to for minutes', { state: 'recording', quietMs: 250_000 }],
      ['it is another camera whose clip grows', { state: 'recording', camera: 2 }],
    ] as const)('it is a gap when %s', async (_, first) => {
      twoClips(first);
      expect(await told()).toEqual(['none -44', 'none -5', 'future 0']);
    });
  });

  it('shows the holds upon a camera while they bind', async () => {
    const terms = {
      caseRef: '2026-17',
      title: 'Bicycle',
      kind: 'legal_claim',
      ground: 'gdpr_17_3_e',
      reason: 'a claim is being prepared',
      viewers: [],
      cameraIds: ['entrance'],
      endMs: null,
      window: { fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS },
      reviewMs: NOW_MS * 2,
    } as const;
    const { hold } = await world.holds.place(terms, { by: 'facility' });
    const bands = async (): Promise<string[]> =>
      (await shown(NOW_MS - 2 * HOUR_MS, NOW_MS)).holds.map((h) => `${h.caseRef} ${h.state}`);
    expect(await bands()).toEqual(['2026-17 standing']);
    await world.holds.release(hold.holdId, { by: 'facility', reason: 'settled' });
    expect(await bands()).toEqual(['2026-17 cooling_off']);
    world.clock.advance(24 * HOUR_MS);
    await client.enter('facility');
    expect(await bands()).toEqual([]);
  });

  it.each([
    'from=2&to=1',
    'from=1&to=1',
    'from=0&to=99999999999999',
    'from=1e3&to=2000',
    'from=1',
    'from=1&to=2&x=1',
    'from=1&from=1&to=2',
  ])('refuses the window %s', async (query) => {
    expect((await client.get(`/api/v1/coverage?${query}`)).status).toBe(400);
  });
});

describe('deleted spans', () => {
  it('are those of all receipts, whenever they came and whatever was asked before', () => {
    const minute = fc.integer({ min: 0, max: 400 });
    const steps = fc.array(fc.tuple(minute, fc.integer({ min: 1, max: 90 }), minute, minute), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(steps, (all) => {
        world.db.exec('DELETE FROM receipt');
        const facts = createCameraFacts(world.db);
        const spans: { fromMs: number; toMs: number }[] = [];
        for (const [at, length, a, b] of all) {
          const span = { fromMs: NOW_MS + at * 60_000, toMs: NOW_MS + (at + length) * 60_000 };
          deleted(span.fromMs, span.toMs);
          spans.push(span);
          const window = { fromMs: NOW_MS + Math.min(a, b) * 60_000, toMs: NOW_MS + Math.max(a, b) * 60_000 };
          const expected = merge(spans, 60_000).filter((s) => overlaps(s, window));
          expect(facts.deletedSpans('entrance', window)).toEqual(
            expected.map((s) => ({
              fromMs: Math.max(s.fromMs, window.fromMs),
              toMs: Math.min(s.toMs, window.toMs),
            })),
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});
