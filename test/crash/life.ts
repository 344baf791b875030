/** The life that the crash tests interrupt: which footage there is, which holds are placed, and what must be left. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TimeRange } from '../../src/base/range.ts';
import type { Config } from '../../src/config/config.ts';
import type { HoldTerms } from '../../src/holds/hold.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When the life begins (for a daemon by the system's clock: now), and when it is taken up again after a crash. */
export const BEGIN = Number(process.env['FORTNIGHT_LIFE_BEGINS'] ?? Date.UTC(2026, 10, 20, 12));
export const AGAIN = BEGIN + 2 * HOUR;
export const COOLING_OFF = HOUR;
const OLD = BEGIN - 20 * DAY;
export const CLIP_SECONDS = 10;
/** Far enough from what stays held. */
const GIVEN_AFTER = 600_000;

/**
 * `standing` is under a hold for ever, `given` under that one until it is narrowed, `released` under one that is released,
 * `free` are past their time.
 */
export const CLIPS = {
  free: [pathOf('entrance', OLD), pathOf('entrance', OLD + 20_000), pathOf('hall', OLD + 5 * DAY)],
  released: [pathOf('hall', OLD)],
  standing: [pathOf('entrance', OLD + 2 * DAY)],
  given: [pathOf('entrance', OLD + 2 * DAY + GIVEN_AFTER)],
  recent: [pathOf('entrance', BEGIN - DAY)],
} as const;
/** Pictures that the recorder laid beside clips. */
export const SIDECARS = [picture(CLIPS.released[0]), picture(CLIPS.standing[0]), picture(CLIPS.free[0])];
export const FOOTAGE = [...Object.values(CLIPS).flat(), ...SIDECARS];

/** Path below the root of the clip of a camera that begins then. */
export function pathOf(camera: string, startMs: number): string {
  const digits = new Date(startMs).toISOString().replace(/\D/g, '');
  return `${camera}/${digits.slice(0, 8)}_${digits.slice(8, 14)}.mp4`;
}

function picture(path: string): string {
  return path.replace('.mp4', '.jpg');
}

function startOf(path: string): number {
  const [, d = '', t = ''] = /(\d{8})_(\d{6})/.exec(path) ?? [];
  const pairs = (s: string): string[] => s.match(/../g) ?? [];
  const [, , month, day] = pairs(d);
  return Date.parse(`${d.slice(0, 4)}-${month ?? ''}-${day ?? ''}T${pairs(t).join(':')}Z`);
}

/** Lays the footage out as a recorder left it, in a directory of its own below `dir`. */
export function layFootage(dir: string): void {
  for (const [i, path] of FOOTAGE.entries()) {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.alloc(2000 + i, i + 1));
    const endS = startOf(path) / 1000 + CLIP_SECONDS;
    utimesSync(file, endS, endS);
  }
}

/** The hold that stands, and is narrowed; and the one that is released. */
export const HOLDS = {
  standing: { key: 'standing', terms: terms('entrance', OLD + 2 * DAY, GIVEN_AFTER) },
  released: { key: 'released', terms: terms('hall', OLD, 0) },
};

/** What the standing hold is narrowed to. */
export const NARROWED = windowOf(OLD + 2 * DAY, 0);

function windowOf(startMs: number, longerMs: number): TimeRange {
  return { fromMs: startMs, toMs: startMs + CLIP_SECONDS * 1000 + longerMs };
}

function terms(cameraId: string, startMs: number, longerMs: number): HoldTerms {
  return {
    caseRef: `Z-${cameraId}`,
    title: 'A fall',
    kind: 'legal_claim',
    ground: 'gdpr_17_3_e',
    reason: 'The insurer asks to keep the footage.',
    viewers: [],
    cameraIds: [cameraId],
    endMs: null,
    window: windowOf(startMs, longerMs),
    reviewMs: BEGIN + 30 * DAY,
  };
}

/** What a subject that does one thing after another says after each. */
export const OVER = '--';

/** Where state and footage lie: beside each other, or on two disks. */
export interface Places {
  readonly state: string;
  readonly footage: string;
}

export function configOf({ state, footage }: Places): Config {
  const say = (en: string): Config['cameras'][number]['name'] => ({ nl: en, en, fr: en });
  const camera = (id: string): Config['cameras'][number] => ({
    id,
    name: say(id),
    purpose: say('Protecting property'),
    controller: 'Example B.V.',
    retired: false,
  });
  return {
    site: {
      name: 'Office',
      city: 'Utrecht',
      controller: 'Example B.V.',
      contact: 'privacy@example.org',
      timeZone: 'UTC',
      country: 'NL',
      language: 'en',
    },
    retention: { days: 14, retentionMs: 14 * DAY, justification: 'Damage is often found late.' },
    cameras: [camera('entrance'), camera('hall')],
    sources: [
      {
        id: 'nvr',
        root: footage,
        layout: 'custom',
        pattern: '{camera}/{YYYY}{MM}{DD}_{hh}{mm}{ss}.mp4',
        cameras: { entrance: 'entrance', hall: 'hall' },
        timeZone: 'UTC',
        retired: false,
        maxClipMs: CLIP_SECONDS * 1000,
        events: 'no',
      },
    ],
    stateDir: state,
    http: { address: '127.0.0.1', port: 0, hosts: ['localhost'], tls: undefined, trustedProxies: [] },
    metrics: { enabled: false, address: '127.0.0.1', port: 0, tokenFile: undefined },
    clock: { trust: 'rtc' },
    holds: { coolingOffMs: COOLING_OFF, aloneAfterMs: undefined },
    drill: { everyMs: 7 * 86_400_000 },
    log: { level: 'error' },
  };
}
