/**
 * The demo: two cameras that record now, fourteen days that seem to have passed, and Fortnight as it would be run. All
 * that the demo asks of Fortnight it asks through the ordinary commands and the ordinary API.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { MINUTE_MS, SECOND_MS, type Clock } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import type { Status } from '../http/api/index.ts';
import { addAccounts, ofRole, type Account } from './accounts.ts';
import { apiClient, type ApiClient } from './api-client.ts';
import { CAMERAS, canDrawText, encodeSamples, startDemoCamera } from './cameras.ts';
import { historyStarts, writeHistory } from './history.ts';
import { command, startDaemon, type Daemon, type Program } from './program.ts';
import type { SimulatedCamera } from './simulated-camera.ts';
import { setStage, type Stage } from './stage.ts';
import { accountTable, farewell, whatToLookAt } from './texts.ts';

export interface DemoOptions {
  readonly dir: string;
  /** Go on with what an earlier run left. */
  readonly keep: boolean;
  /** Arguments that start `fortnight` in this installation. */
  readonly start: Program['start'];
  readonly clock: Clock;
  /** Prints one line. */
  readonly say: (line: string) => void;
  /** Ends the demo. */
  readonly stop: AbortSignal;
}

const RETENTION_MS = 14 * 24 * 60 * MINUTE_MS;
const READY_LIMIT_MS = 60 * SECOND_MS;
const LOOK_MS = 250;

/** Runs until `stop` is aborted. Throws when a part of it cannot be started, or ends by itself. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { say, stop } = options;
  const stage = await setStage(options);
  const caption = (await canDrawText()) ? 'with_clock' : 'none';
  const running: Running = { cameras: [], daemon: undefined };
  try {
    say(`Cameras: ${CAMERAS.map((c) => `${c.id} (as ${c.source} keeps it)`).join(', ')}`);
    running.cameras = CAMERAS.map((camera) =>
      startDemoCamera(camera, stage, { caption, clock: options.clock }),
    );
    if (!stage.kept) await writePast(stage, caption === 'none' ? 'none' : 'plain', options);
    if (stop.aborted) return;
    const program = { start: options.start, config: stage.config };
    running.daemon = startDaemon(program, stage.path('fortnight.log'));
    const client = apiClient(stage.port);
    await Promise.race([
      present(stage, { ...options, program, client }),
      unplannedEnd(running),
      aborted(stop),
    ]);
    client.close();
    await Promise.race([unplannedEnd(running), aborted(stop)]);
  } finally {
    await Promise.all([running.daemon?.stop(), ...running.cameras.map((camera) => camera.stop())]);
    say(farewell(stage));
  }
}

interface Running {
  cameras: readonly SimulatedCamera[];
  daemon: Daemon | undefined;
}

/** Rejects when a part ends that should not. */
async function unplannedEnd({ cameras, daemon }: Running): Promise<never> {
  const sentence = await Promise.race([
    ...cameras.map((camera) => camera.ended.then(() => 'a camera ended')),
    daemon?.ended ?? 'there is no daemon',
  ]);
  throw new FortnightError('storage_failed', sentence);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

async function writePast(
  stage: Stage,
  caption: 'plain' | 'none',
  { clock, say }: DemoOptions,
): Promise<void> {
  const nowMs = clock.wallMs();
  const counts = await Promise.all(
    CAMERAS.map(async (camera) => {
      const samples = await encodeSamples(camera, stage, caption);
      const clipMs = camera.clipSeconds * SECOND_MS;
      const starts = historyStarts({ nowMs, retentionMs: RETENTION_MS, clipMs });
      return writeHistory(starts, { ...camera, root: stage.path(camera.source), clipMs, samples });
    }),
  );
  say(`History: ${String(counts.reduce((a, b) => a + b))} clips of the last fourteen days`);
}

interface Show extends DemoOptions {
  readonly program: Program;
  readonly client: ApiClient;
}

/** Accounts, adoption, hold; then what there is to see. */
async function present(stage: Stage, show: Show): Promise<void> {
  const { say, program, client } = show;
  await eventually('the daemon to answer', () => client.call('GET', '/site'));
  if (stage.kept) {
    say('Accounts: as before (--keep)');
  } else {
    const accounts = await addAccounts(program);
    await adopt(accounts, show);
    await placeHold(accounts, show);
    say(accountTable(accounts));
  }
  say(whatToLookAt(stage));
}

/**
 * First contact: each root holds footage that nobody has confirmed yet, and nothing of it is deleted until a facility
 * manager has seen what would go.
 */
async function adopt(accounts: readonly Account[], { program, say }: Show): Promise<void> {
  const { userName, password } = ofRole(accounts, 'facility');
  for (const { source } of CAMERAS) {
    await eventually(`the root ${source} to be indexed`, () => demandAdopting(source, program));
    const args = ['roots', 'adopt', source, '--as', userName];
    await command(program, args, `${password}\n`);
    say(`Adoption: confirmed with \`fortnight ${args.join(' ')}\``);
  }
}

/** Throws until the daemon has indexed the root and waits for a person. */
async function demandAdopting(source: string, program: Program): Promise<void> {
  const { roots } = JSON.parse(await command(program, ['status', '--json'])) as Status;
  const root = roots.find((r) => r.id === source);
  if (root?.state !== 'adopting' || root.lastReconcileMs === null) {
    throw new FortnightError('busy', `the root ${source} is ${root?.state ?? 'unknown'}`);
  }
}

/** A claim about something that happened fourteen days ago: the footage of that quarter of an hour stays. */
async function placeHold(accounts: readonly Account[], { client, clock, say }: Show): Promise<void> {
  const { userName, password } = ofRole(accounts, 'facility');
  await client.logIn(userName, password);
  const nowMs = clock.wallMs();
  const fromMs = nowMs - RETENTION_MS + 10 * MINUTE_MS;
  await client.call('POST', '/holds', {
    caseRef: 'DEMO-1',
    title: 'Damage to the entrance door',
    kind: 'legal_claim',
    ground: 'gdpr_17_3_e',
    viewers: [ofRole(accounts, 'security').userName],
    reason: 'The insurer asks for the footage of the quarter of an hour in which the door was damaged.',
    cameraIds: CAMERAS.map((camera) => camera.id),
    fromMs,
    toMs: fromMs + 15 * MINUTE_MS,
    reviewMs: nowMs + 30 * 24 * 60 * MINUTE_MS,
  });
  await client.call('DELETE', '/session');
  say(`Hold: DEMO-1, placed by ${userName} over the API`);
}

/** Tries until it succeeds; the last failure is the cause when it never does. */
async function eventually<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  const attempts = READY_LIMIT_MS / LOOK_MS;
  for (let i = 0; ; i += 1) {
    try {
      return await attempt();
    } catch (cause) {
      if (i >= attempts) throw new FortnightError('busy', `waited in vain for ${what}`, { cause });
      await delay(LOOK_MS);
    }
  }
}
