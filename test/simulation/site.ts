/** What the simulated installations have in common, and what the seed decides about one. */
import { createSecretKey } from 'node:crypto';
import { MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import type { SourceConfig } from '../../src/config/config.ts';
import type { Random } from './random.ts';

/** Short, so that a life of an hour holds many ends. */
export const RETENTION_MS = 10 * MINUTE_MS;
export const COOLING_OFF_MS = 3 * MINUTE_MS;
export const START_MS = Date.UTC(2026, 10, 21, 10);
export const LIFE_MS = 62 * MINUTE_MS;
/** The last part of a life is quiet, so that what is owed can be seen to be done. */
export const QUIET_MS = 20 * MINUTE_MS;

export const STATE_DIR = '/state';
export const INSTALL_ID = '5f0c1f1e-6f0a-4c3b-9d5e-0a1b2c3d4e5f';
export const PATH_KEY = Buffer.alloc(32, 7);
export const HASH_KEY = createSecretKey(PATH_KEY);
export const MIRROR_KEY = createSecretKey(Buffer.alloc(32, 9));

const EXT4 = 0xef53;
const NFS = 0x6969;

/** A camera and where its recorder puts its clips. The second one's name is no UTF-8. */
export interface SimCamera {
  readonly id: string;
  /** The bytes of its directory. */
  readonly dir: string;
  readonly rootId: string;
}

export interface SimRoot {
  readonly id: string;
  readonly path: string;
  readonly fsType: number;
  /** Footage lies there before the first start. */
  readonly adopted: boolean;
}

export interface Site {
  readonly cameras: readonly SimCamera[];
  readonly roots: readonly SimRoot[];
  readonly clockTrust: 'synchronised' | 'rtc';
  /** Every call into a disk takes seconds: an old network share. */
  readonly slowDisks: boolean;
}

export function drawSite(random: Random): Site {
  const ids = random.chance(0.4) ? ['a', 'b'] : ['a'];
  const roots = ids.map((id) => ({
    id,
    path: `/footage/${id}`,
    fsType: random.chance(0.3) ? NFS : EXT4,
    adopted: random.chance(0.1),
  }));
  const cameras = [
    { id: 'hall', dir: 'hall', rootId: 'a' },
    { id: 'entrance', dir: 'ing\xe5ng', rootId: ids.at(-1) ?? 'a' },
  ];
  return {
    roots,
    cameras,
    clockTrust: random.chance(0.3) ? 'rtc' : 'synchronised',
    slowDisks: random.chance(0.15),
  };
}

export function sourcesOf(site: Site): SourceConfig[] {
  return site.roots.map(({ id, path }) => ({
    id,
    root: path,
    layout: 'frigate',
    pattern: undefined,
    cameras: Object.fromEntries(
      site.cameras.filter((c) => c.rootId === id).map((c) => [configured(c.dir), c.id]),
    ),
    timeZone: 'UTC',
    retired: false,
    maxClipMs: undefined,
    events: 'no',
  }));
}

/** The name of a camera of which nobody could write the bytes as text: see camera-name.ts. */
function configured(bytes: string): string {
  return bytes.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}

/** Path of a clip below its root, in Frigate's layout, as bytes. */
export function clipPath(camera: SimCamera, startMs: number): string {
  const [day = '', time = ''] = new Date(startMs).toISOString().split('T');
  return `${day}/${time.slice(0, 2)}/${camera.dir}/${time.slice(3, 5)}.${time.slice(6, 8)}.mp4`;
}

/** Names have whole seconds. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
