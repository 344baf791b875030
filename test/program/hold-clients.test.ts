/**
 * Eight people over HTTPS place, confirm, ask, grant, refuse and take back, all at once and at random, while the daemon
 * sweeps what falls due minute after minute below their hands. Judged by the names on the disk and by nothing else: what
 * an answer said to be held is there until somebody grants its release, and what went has its receipt.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Role } from '../../src/access/roles.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import type { TimeRange } from '../../src/base/range.ts';
import { checkState } from '../../src/cli/check/command.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import type { Hold, HoldPlaced } from '../../src/http/api/index.ts';
import type { Client, Reply } from '../support/http/client.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
/** One a minute in each of two sources; the first falls due a minute after the start. */
const CLIPS = 40;
const CLIP_MS = 10_000;
const MARGIN_MS = MINUTE;
const CAMERAS = { entrance: 'nvr', hall: 'media' } as const;
type Camera = keyof typeof CAMERAS;
const PEOPLE: readonly Role[] = [
  ...(['facility', 'facility', 'facility', 'facility'] as const),
  ...(['privacy', 'privacy', 'security', 'security'] as const),
];
const WHY = 'Because the claim asks for it, in writing.';

interface Clip {
  readonly camera: Camera;
  readonly startMs: number;
  readonly path: string;
}
/** What somebody was told is held, and was on the disk in that moment. */
interface Promised {
  readonly clips: readonly Clip[];
  /** From the moment that a release is granted nothing is promised any more. */
  granted: boolean;
}

let w: Whole;
let clock: SimulatedClock;
let swept = false;
const clips: Clip[] = [];
const promised = new Map<string, Promised>();
const broken: string[] = [];
const answered = new Map<string, number>();

beforeAll(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({ clock });
  await w.restart({ holds: { coolingOffMs: 0, aloneAfterMs: undefined } });
  await until(() => w.app.rooms.roots.list().every((r) => w.app.rooms.roots.verify(r.id) !== undefined));
  for (let i = 1; i <= CLIPS; i += 1)
    for (const [camera, root] of Object.entries(CAMERAS)) {
      const startMs = NOW - 14 * DAY + i * MINUTE;
      clips.push({ camera: camera as Camera, startMs, path: w.record(root, startMs) });
    }
  for (const root of Object.values(CAMERAS)) await w.app.rooms.ingest.reconcile(root, { full: true });
  await until(() => w.app.rooms.reader.totals().reduce((sum, t) => sum + t.clips, 0) === clips.length);
});
afterAll(async () => {
  await w.close();
});

const there = (clip: Clip): boolean => w.has(CAMERAS[clip.camera], clip.path);
const touches = ({ startMs }: Clip, { fromMs, toMs }: TimeRange, widenMs: number): boolean =>
  startMs < toMs + widenMs && startMs + CLIP_MS > fromMs - widenMs;
const covered = (hold: Hold, widenMs: number): Clip[] =>
  clips.filter((c) => hold.cameraIds.includes(c.camera) && touches(c, hold, widenMs) && there(c));

/** The same "random" numbers in every run (a linear congruence); the order of the answers is the machine's. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

class Person {
  readonly #client: Client;
  readonly #role: Role;
  readonly #below: (below: number) => number;

  constructor(client: Client, role: Role, seed: number) {
    this.#client = client;
    this.#role = role;
    this.#below = numbers(seed);
  }

  async work(): Promise<void> {
    while (!swept) await (this.#role === 'facility' && this.#below(3) === 0 ? this.#place() : this.#act());
  }

  /** Just where the sweep is: some of it is gone, some is being deleted, some is due in a moment. */
  async #place(): Promise<void> {
    const dueMs = clock.wallMs() - 14 * DAY;
    const fromMs = dueMs + (this.#below(8) - 4) * MINUTE;
    const cameraIds = [['entrance'], ['hall'], ['entrance', 'hall']][this.#below(3)];
    const { status, json } = await this.#client.ask('POST', '/api/v1/holds', {
      body: {
        ...{ cameraIds, fromMs, toMs: fromMs + (1 + this.#below(3)) * MINUTE },
        ...{ caseRef: 'Z-1', title: 'A fall in the hall', kind: 'legal_claim', ground: 'gdpr_17_3_e' },
        ...{ reason: WHY, reviewMs: NOW + 30 * DAY },
      },
    });
    this.#count('place', status);
    if (status !== 201) return;
    const { hold, coverage } = json as HoldPlaced;
    const found = covered(hold, MARGIN_MS).length;
    if (found < coverage.clips - coverage.outcomeUnknown.length)
      broken.push(`${String(coverage.clips)} clips were said to be held, ${String(found)} are there`);
    promised.set(hold.id, { clips: covered(hold, 0), granted: false });
  }

  /** On some hold that stands, whatever its version is by then. */
  async #act(): Promise<void> {
    const { holds } = (await this.#client.get('/api/v1/holds')).json as { holds: Hold[] };
    const open = holds.filter((h) => h.state === 'standing' && promised.has(h.id));
    const hold = open[this.#below(Math.min(open.length, 6))];
    if (hold === undefined) return;
    const mine =
      this.#role === 'facility' ? ['release', 'withdraw'] : ['confirm', 'approve', 'approve', 'refuse'];
    const act = hold.pending === null ? mine[0] : mine[1 + this.#below(mine.length - 1)];
    if (act === 'approve') lookAt(hold.id);
    const { status } = await this.#send(hold, act ?? '');
    this.#count(act ?? '', status);
  }

  #send({ id, version }: Hold, act: string): Promise<Reply> {
    const password = ['release', 'confirm', 'approve'].includes(act)
      ? { password: PASSWORDS[this.#role] }
      : {};
    const body = { version, ...password, ...(act === 'confirm' ? {} : { reason: WHY }) };
    return this.#client.ask('POST', `/api/v1/holds/${id}/${act}`, { body });
  }

  #count(act: string, status: number): void {
    // Another was quicker, or this person may not: that is how it should be. Anything else is not.
    if (![200, 201, 403, 409].includes(status)) broken.push(`${act} was answered by ${String(status)}`);
    const key = `${act} ${String(status)}`;
    answered.set(key, (answered.get(key) ?? 0) + 1);
  }
}

/** Before a release is granted, and at the end: all that was promised is there. */
function lookAt(holdId: string): void {
  const known = promised.get(holdId);
  if (known === undefined || known.granted) return;
  for (const clip of known.clips) if (!there(clip)) broken.push(`${clip.path} is gone, and it was held`);
  known.granted = true;
}

async function sweepOn(): Promise<void> {
  for (let minute = 0; minute < CLIPS + 2; minute += 1) {
    clock.advance(MINUTE);
    await w.job('clock');
    await w.job('sweep');
  }
}

it('F-D8, I1, I4: nothing that eight clients were told is held is unlinked, and all that went has its receipt', async () => {
  const people = await Promise.all(PEOPLE.map(async (role, i) => new Person(await w.as(role), role, i + 1)));
  const working = Promise.all(people.map((person) => person.work()));
  await sweepOn().finally(() => (swept = true));
  await working;
  expect(broken).toEqual([]);
  for (const act of ['place 201', 'confirm 200', 'approve 200', 'withdraw 200', 'release 200', 'refuse 200'])
    expect(answered.get(act), `${act} of ${JSON.stringify([...answered])}`).toBeGreaterThan(0);
  for (const holdId of promised.keys()) lookAt(holdId);
  expect(broken).toEqual([]);
});

it('in the end what is there is what is held, and each name that went has one receipt', async () => {
  await w.job('clock');
  await w.job('sweep');
  const { rooms } = w.app;
  const standing = rooms.holds.current().filter((h) => h.endsMs === null);
  expect(clips.filter((c) => there(c) && !standing.some((h) => holds(h, c)))).toEqual([]);
  const receipts = rooms.state.db
    .prepare<[], number>("SELECT count(*) FROM receipt WHERE outcome LIKE 'deleted%' GROUP BY clip_id")
    .pluck();
  expect(new Set(receipts.all())).toEqual(new Set([1]));
  expect(receipts.all()).toHaveLength(clips.filter((c) => !there(c)).length);
  await rooms.pinner.run();
  await until(() => checkState({ stateDir: w.config.stateDir }, 'size').findings.length === 0);
});

function holds({ terms }: HoldVersion, clip: Clip): boolean {
  return terms.cameraIds.includes(clip.camera) && touches(clip, terms.window, MARGIN_MS);
}
