/**
 * What the browser test runs against: the whole program with one account per role, two cameras with footage of the last
 * hour, and the built page.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { systemClock } from '../../src/base/clock.ts';
import { DRILL_CAMERA } from '../../src/config/config.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

export type Role = 'security' | 'facility' | 'privacy' | 'admin';

export interface Subject {
  readonly baseUrl: string;
  readonly accounts: Readonly<Record<Role, { readonly userName: string; readonly password: string }>>;
  readonly close: () => Promise<void>;
}

const ROOT = join(import.meta.dirname, '../..');
const WEB = join(ROOT, 'dist/web');
/** Seconds of one clip; the frigate layout's own length. */
const CLIP_S = 10;

/** The directory of the built page, built when it is not there. */
export async function builtPage(): Promise<string> {
  if (!existsSync(join(WEB, 'index.html'))) {
    await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error' });
  }
  return WEB;
}

export async function startSubject(): Promise<Subject> {
  const pageDir = await builtPage();
  // Names carry whole seconds.
  const nowMs = Math.floor(systemClock.wallMs() / 1000) * 1000;
  const whole = await startWhole({
    pageDir,
    before: (record) => {
      for (let agoMs = 65 * MINUTE; agoMs >= CLIP_S * 1000; agoMs -= CLIP_S * 1000)
        record('nvr', nowMs - agoMs, CLIP_S);
      for (let agoMs = 65 * MINUTE; agoMs >= MINUTE; agoMs -= MINUTE) record('media', nowMs - agoMs, 60);
    },
  });
  const { reader } = whole.app.rooms;
  await until(() => reader.totals().every((t) => t.clips > 60 || t.cameraId === DRILL_CAMERA));
  return subjectOf(whole);
}

/** The whole program as a browser meets it. */
export function subjectOf(whole: Whole): Subject {
  const account = (role: Role): { userName: string; password: string } => ({
    userName: role,
    password: PASSWORDS[role],
  });
  return {
    baseUrl: `https://localhost:${String(whole.port)}`,
    accounts: {
      security: account('security'),
      facility: account('facility'),
      privacy: account('privacy'),
      admin: account('admin'),
    },
    close: () => whole.close(),
  };
}
