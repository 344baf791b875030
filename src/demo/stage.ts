/** The demo's own directory: state, roots, caches, configuration. Fresh at each start unless it is kept. */
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FortnightError } from '../base/errors.ts';

export interface Stage {
  /** Absolute, no component a link: a root must not be one. */
  readonly dir: string;
  /** It was there and is used again. */
  readonly kept: boolean;
  readonly config: string;
  readonly port: number;
  readonly metricsPort: number;
  path(...names: string[]): string;
}

export interface StageOptions {
  readonly dir: string;
  readonly keep: boolean;
}

/** Says that a directory is the demo's: nothing else is ever emptied. */
const MARK = 'fortnight-demo';
const TEMPLATE = new URL('../../config/demo.yaml', import.meta.url);
const PLACE = '/demo/';

/** Makes the directory and the configuration. Throws `conflict` when there is a directory that is not the demo's. */
export async function setStage({ dir, keep }: StageOptions): Promise<Stage> {
  if (existsSync(dir) && !existsSync(join(dir, MARK))) {
    throw new FortnightError('conflict', 'the directory for the demo exists and is not a demo', {
      hint: 'name another with --dir',
    });
  }
  const kept = keep && existsSync(join(dir, 'state'));
  if (!kept) rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(
    join(dir, MARK),
    'Made by `fortnight demo`, which empties this directory at its next start.\n',
  );
  const real = realpathSync(dir);
  const path = (...names: string[]): string => join(real, ...names);
  for (const name of ['frigate', 'mediamtx']) mkdirSync(path(name), { recursive: true });
  mkdirSync(path('state'), { recursive: true, mode: 0o700 });
  const template = readFileSync(TEMPLATE, 'utf8');
  const port = await portOr(wanted(template, 'http'));
  const metricsPort = await portOr(wanted(template, 'metrics'));
  const config = path('fortnight.yaml');
  writeFileSync(
    config,
    template
      .replaceAll(PLACE, `${real}/`)
      .replace(portLine('http'), `$1${String(port)}`)
      .replace(portLine('metrics'), `$1${String(metricsPort)}`),
  );
  return { dir: real, kept, config, port, metricsPort, path };
}

function portLine(section: string): RegExp {
  return new RegExp(`(^${section}:\\n(?: .*\\n)*? {2}port: )(\\d+)`, 'm');
}

function wanted(template: string, section: string): number {
  return Number(portLine(section).exec(template)?.[2] ?? 0);
}

/** `port` when it is free, else one that is. */
async function portOr(port: number): Promise<number> {
  return (await tryPort(port)) ?? (await tryPort(0)) ?? 0;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen({ host: '127.0.0.1', port }, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => {
        resolve(taken);
      });
    });
  });
}
