/**
 * Placing, releasing and sweeping in the same millisecond, in every order that can be thought of: the disk takes a name
 * away, answers and makes it durable when the scheduler says so, and the two seconds a placement waits are over when it
 * says so. Real files, a real index, a real journal.
 */
import fc from 'fast-check';
import { existsSync, mkdtempSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { createHoldStore } from '../../src/db/holds/holds.ts';
import { createSweepStore } from '../../src/db/retention/sweep.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { openJournal, type HoldJournal } from '../../src/holds/journal.ts';
import { createHolds, type HoldService } from '../../src/holds/service.ts';
import { DeleteProtocol } from '../../src/retention/delete-protocol.ts';
import type { Erasure, ErasureResult, Eraser } from '../../src/retention/erasure.ts';
import { Gate, type AbortFlag } from '../../src/retention/gate.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { holdOver, someTurns } from '../support/sweeping.ts';
import { releaseByTwo } from '../support/two-people.ts';

/** In memory where there is one: what is tried here is the order, not the disk. */
const FAST = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const MINUTE = 60_000;
const CLIPS = 8;
const RUNS = 100;
const FIRST_MS = T0 - 20 * DAY;
/** Far enough apart that the margin of a hold over one does not reach the next. */
const APART_MS = 10 * MINUTE;

/** What somebody does: a sweep, or a hold over some clips that its people release at once, or do not. */
const deed = fc.oneof(
  fc.record({ what: fc.constant('sweep' as const) }),
  fc.record({
    what: fc.constant('hold' as const),
    first: fc.integer({ min: 0, max: CLIPS - 1 }),
    clips: fc.integer({ min: 1, max: 3 }),
    released: fc.boolean(),
  }),
);
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;
type Hold = Extract<Deed, { what: 'hold' }>;

class Race {
  readonly footage: Footage = makeFootage({ dir: mkdtempSync(join(FAST, 'fortnight-')) });
  readonly broken: string[] = [];
  readonly #scheduler: fc.Scheduler;
  readonly #acknowledged = new Map<string, ReadonlySet<number>>();
  readonly #clips: number[];
  readonly #journal: HoldJournal;
  readonly #holds: HoldService;
  readonly #protocol: DeleteProtocol;
  readonly #due: () => readonly number[];

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
    const { db, audit, clock, stateDir } = this.footage;
    this.#clips = Array.from({ length: CLIPS }, (_, i) => {
      const startMs = FIRST_MS + i * APART_MS;
      return this.footage.add(`a/${String(i)}.mp4`, { startMs, endMs: startMs + MINUTE });
    });
    const nowMs = (): number => clock.wallMs();
    const turn = (what: string): Promise<void> => scheduler.schedule(Promise.resolve(), what);
    const gate = new Gate(() => turn('two seconds'));
    const store = createSweepStore({ db, audit, nowMs });
    const set = new HoldSet();
    this.#journal = openJournal(join(stateDir, 'holds.journal'), Buffer.alloc(32, 7));
    this.#protocol = new DeleteProtocol({
      ...{ store, gate, nowMs },
      eraser: this.#eraser(turn),
      holdsOf: (camera) => set.ofCamera(camera),
      closeClips: () => turn('descriptors closed'),
      onOutcomes: () => undefined,
      disk: { doubt: fail, failing: fail, relook: () => undefined, refused: () => undefined },
    });
    this.#holds = createHolds({
      ...{ store: createHoldStore(db, audit), journal: this.#journal, set, gate, nowMs },
      reader: createClipReader(db, createCoverage(db)),
      rules: { coolingOffMs: 0, aloneAfterMs: undefined },
      cameraIds: new Set(['entrance']),
      mirror: () => turn('mirror'),
      pin: () => turn('pin').then(() => 0),
      pinned: () => 0,
      settle: async () => {
        await Promise.race([this.#protocol.settle('nvr'), turn('a second')]);
      },
      unpark: () => Promise.resolve(void store.unpark(100)),
    });
    this.#due = () => store.due('nvr', nowMs(), 100).map((d) => d.clipId);
  }

  async run(deeds: readonly Deed[]): Promise<void> {
    const doing = deeds.map(async (each) => {
      await this.#scheduler.schedule(Promise.resolve(), each.what);
      await (each.what === 'sweep' ? this.#sweep() : this.#hold(each));
    });
    await this.#scheduler.waitFor(Promise.all(doing));
    // What nobody holds any more goes by the sweep after.
    await this.#scheduler.waitFor(this.#holds.tick().then(() => this.#sweep()));
  }

  /** What the promises ask of the end: each clip is there, or has its one receipt; what is free is gone. */
  verdict(): readonly string[] {
    const { db } = this.footage;
    const receipts = db.prepare<[number], string>('SELECT outcome FROM receipt WHERE clip_id = ?').pluck();
    const rows = db.prepare<[number], number>('SELECT state FROM clip WHERE id = ?').pluck();
    return this.#clips.flatMap((id, i) => {
      const there = this.#isThere(i);
      const gone = receipts.all(id).filter((o) => o === 'deleted' || o === 'deleted_recovered');
      if (there !== this.#isHeld(id)) return [`clip ${String(i)} is ${there ? 'there' : 'gone'}`];
      if (gone.length !== (there ? 0 : 1)) return [`clip ${String(i)} has ${String(gone.length)} receipts`];
      return (rows.get(id) === 1) === there ? [] : [`the index is wrong about clip ${String(i)}`];
    });
  }

  async #sweep(): Promise<void> {
    await this.#protocol.settle('nvr');
    await this.#protocol.batch('nvr', this.#due());
  }

  async #hold({ first, clips, released }: Hold): Promise<void> {
    const fromMs = FIRST_MS + first * APART_MS;
    const { terms } = holdOver(['entrance'], fromMs, fromMs + (clips - 1) * APART_MS + MINUTE);
    const asked = { ...terms, reviewMs: T0 + 30 * DAY };
    const { hold } = await this.#holds.place(asked, { by: 'm.bakker', key: undefined });
    const covered = this.#clips.slice(first, first + clips).filter((_, i) => this.#isThere(first + i));
    this.#acknowledged.set(hold.holdId, new Set(covered));
    if (!released) return;
    await this.#scheduler.schedule(Promise.resolve(), 'release');
    await releaseByTwo(this.#holds, hold.holdId);
  }

  #isThere(i: number): boolean {
    return existsSync(this.footage.path(`a/${String(i)}.mp4`));
  }

  /** Under an acknowledged hold whose release is not in the journal. */
  #isHeld(clipId: number): boolean {
    const ended = this.#journal.entries.filter((e) => e.version.act === 'released');
    return [...this.#acknowledged].some(
      ([holdId, clipIds]) => clipIds.has(clipId) && ended.every((e) => e.version.holdId !== holdId),
    );
  }

  #eraser(turn: (what: string) => Promise<void>): Eraser {
    return {
      erase: (_root, batch, abort) => {
        const unlinked = this.#unlink(batch, abort, turn).then((results) => ({ results, tookMs: 1 }));
        const durable = unlinked.then(() => turn('durable')).then(() => ({ failure: undefined }));
        return { unlinked, durable };
      },
    };
  }

  /** As the thread does it: the flag is looked at before every single name. */
  async #unlink(
    batch: readonly Erasure[],
    abort: AbortFlag,
    turn: (what: string) => Promise<void>,
  ): Promise<ErasureResult[]> {
    const results: ErasureResult[] = [];
    for (const { clipId, dir, name, keep } of batch) {
      await turn(`unlink ${name}`);
      const found = abort.raised ? 'untouched' : this.#unlinkOne({ clipId, path: `${dir}/${name}`, keep });
      results.push({ clipId, found, errno: undefined, linksLeft: 0 });
    }
    await turn('answer');
    return results;
  }

  #unlinkOne({
    clipId,
    path,
    keep,
  }: {
    clipId: number;
    path: string;
    keep: boolean;
  }): ErasureResult['found'] {
    const file = this.footage.path(path);
    if (!existsSync(file)) return 'absent';
    if (keep) return 'kept';
    if (this.#isHeld(clipId)) this.broken.push(`${path} was unlinked under an acknowledged hold`);
    unlinkSync(file);
    return 'unlinked';
  }
}

/** What gives others their turn in between (`breathe`) comes to its next step before anything else happens. */
async function act(step: () => Promise<unknown>): Promise<void> {
  await step();
  await someTurns();
}

function fail(_root: string, why: string): never {
  throw new Error(why);
}

it('F-D8, I1: nothing under an acknowledged hold is unlinked, and all that went has its receipt, in whatever order', async () => {
  const deeds = fc.array(deed, { minLength: 3, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler({ act }), deeds, async (scheduler, list) => {
      const race = new Race(scheduler);
      try {
        await race.run([{ what: 'sweep' }, ...list]);
        expect(race.broken).toEqual([]);
        expect(race.verdict()).toEqual([]);
      } finally {
        race.footage.close();
      }
    }),
    { numRuns: RUNS },
  );
});
