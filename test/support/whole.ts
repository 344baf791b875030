/** The whole program, started in this process on free ports over real files, a real index and real clips. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildApp, type App } from '../../src/app.ts';
import type { Overrides } from '../../src/app/parts.ts';
import { Passwords } from '../../src/access/passwords.ts';
import { ROLES, type Role } from '../../src/access/roles.ts';
import type { Clock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { compileLayout, type CompiledLayout } from '../../src/clips/layouts/index.ts';
import type { Config, SourceConfig, Texts } from '../../src/config/config.ts';
import { findTools, type Tools } from '../../src/media/tools.ts';
import { makeClip } from '../tools/clips.ts';
import { until } from './hang.ts';
import { Client } from './http/client.ts';
import { PASSWORDS } from './http/world.ts';
import { withoutReserve } from './reserve.ts';

const MINUTE = 60_000;
export const DAY = 86_400_000;

export interface Whole {
  readonly dir: string;
  readonly config: Config;
  readonly app: App;
  readonly port: number;
  readonly metricsPort: number;
  path(source: string, relative: string): string;
  /** Puts a finished clip of `seconds` into a source, as its recorder would; returns its path below the root. */
  record(source: 'nvr' | 'media', startMs: number, seconds?: number): string;
  has(source: string, relative: string): boolean;
  /** Signs a role in. */
  as(role: Role): Promise<Client>;
  job(name: string): Promise<void>;
  /** Stops, and starts again over the same directories, after what `stopped` does to them. */
  restart(change?: Partial<Config>, stopped?: () => void): Promise<void>;
  close(): Promise<void>;
}

const text = (en: string): Texts => ({ nl: en, en, fr: en });

function configOver(dir: string, vault: boolean): Config {
  const source = (id: string, layout: string, cameras: Record<string, string>): SourceConfig => ({
    id,
    root: join(dir, id),
    layout,
    pattern: undefined,
    cameras,
    timeZone: 'Europe/Amsterdam',
    retired: false,
    maxClipMs: undefined,
    events: 'auto',
  });
  const camera = (id: string, name: string): Config['cameras'][number] => ({
    id,
    name: text(name),
    purpose: text('Protecting property'),
    controller: 'Example B.V.',
    retired: false,
  });
  return {
    site: {
      name: 'Office',
      city: 'Utrecht',
      controller: 'Example B.V.',
      contact: 'privacy@example.org',
      timeZone: 'Europe/Amsterdam',
      country: 'NL',
      language: 'en',
    },
    retention: { days: 14, retentionMs: 14 * DAY, justification: 'Damage is often found late.' },
    cameras: [camera('entrance', 'Entrance'), camera('hall', 'Hall')],
    sources: [
      source('nvr', 'frigate', { front_door: 'entrance' }),
      source('media', 'mediamtx', { lobby: 'hall' }),
    ],
    stateDir: join(dir, 'state'),
    http: {
      address: '127.0.0.1',
      port: 0,
      hosts: ['localhost', '127.0.0.1'],
      tls: undefined,
      trustedProxies: [],
    },
    metrics: { enabled: true, address: '127.0.0.1', port: 0, tokenFile: undefined },
    clock: { trust: 'rtc' },
    holds: { coolingOffMs: DAY, aloneAfterMs: undefined, ...(vault && { vault: join(dir, 'vault') }) },
    drill: { everyMs: 7 * DAY },
    log: { level: 'warn' },
  };
}

export interface WholeOptions extends Overrides {
  readonly clock?: Clock;
  /** With a vault beside the roots. */
  readonly vault?: boolean;
  /** Called before anything else, when the roots are there and empty. */
  readonly prepare?: (dir: string) => void;
  /** Puts footage there before the first start. */
  readonly before?: (record: Whole['record']) => void;
}

/** Looked for once: it starts four programs. */
let tools: Promise<Tools> | undefined;

export async function startWhole(options: WholeOptions = {}): Promise<Whole> {
  const dir = mkdtempSync(join(tmpdir(), 'fortnight-whole-'));
  let config = configOver(dir, options.vault ?? false);
  for (const source of config.sources) mkdirSync(source.root);
  if (options.vault === true) mkdirSync(join(dir, 'vault'));
  options.prepare?.(dir);
  if (!existsSync(join(dir, 'state'))) withoutReserve(join(dir, 'state'));
  const layouts = new Map<string, CompiledLayout>(
    config.sources.map((s) => [s.id, compileLayout({ ...s, cameras: Object.keys(s.cameras) })]),
  );
  const record: Whole['record'] = (source, startMs, seconds = 10) => {
    const camera = source === 'nvr' ? 'front_door' : 'lobby';
    const relative = layouts.get(source)!.format(camera, startMs);
    const file = join(dir, source, relative);
    const sample = makeClip(join(dir, 'samples', `${String(seconds)}.mp4`), { seconds, fps: 5 });
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(sample, file);
    const endS = (startMs + seconds * 1000) / 1000;
    utimesSync(file, endS, endS);
    return relative;
  };
  options.before?.(record);
  const overrides = {
    log: silentLog,
    passwords: new Passwords({ memoryKib: 256, passes: 1 }),
    tools: () => (tools ??= findTools()),
    manualJobs: true,
    ...options,
  };
  let app = await buildApp(config, overrides);
  let ports = await app.start();
  await makePeople(app);
  const whole = {
    dir,
    path: (source: string, relative: string) => join(dir, source, relative),
    record,
    has: (source: string, relative: string) => existsSync(join(dir, source, relative)),
    as: (role: Role) => new Client(ports.port).enter(role),
    job: (name: string) => app.jobs.run(name),
    restart: async (change: Partial<Config> = {}, stopped?: () => void) => {
      await app.stop();
      stopped?.();
      config = { ...config, ...change };
      app = await buildApp(config, overrides);
      ports = await app.start();
    },
    close: async () => {
      await app.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return Object.defineProperties(whole, {
    app: { get: () => app },
    config: { get: () => config },
    port: { get: () => ports.port },
    metricsPort: { get: () => ports.metricsPort },
  }) as typeof whole & Whole;
}

/** One account per role, also after the index that had them was lost. */
export async function makePeople(app: App): Promise<void> {
  for (const role of ROLES) {
    await app.rooms.access.accounts.create(
      { userName: role, displayName: `The ${role} person`, role, language: 'en', password: PASSWORDS[role] },
      'console',
    );
  }
}

export { MINUTE, until };
