/** Configurations for tests: a valid one over directories that exist, and ways to spoil it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Account } from '../../src/config/account.ts';
import type { LayoutCatalogue } from '../../src/config/layout-catalogue.ts';
import { parseConfig, type LoadedConfig } from '../../src/config/load.ts';
import { FortnightError } from '../../src/base/errors.ts';

const HOUR_MS = 3_600_000;

export const ACCOUNT: Account = { uid: process.getuid!(), homeDir: '/home/of-nobody' };

/** A few layouts with lengths as a test needs them. */
export const FEW_LAYOUTS: LayoutCatalogue = {
  names: ['frigate', 'mediamtx', 'custom'],
  refused: new Map([['hikvision', 'it fills pre-allocated files']]),
  lengths: ({ layout, pattern }) => {
    if (pattern === 'bad') throw new FortnightError('config_invalid', 'the pattern "bad" names no camera');
    return { maxClipMs: layout === 'mediamtx' ? 1.5 * HOUR_MS : null, usualClipMs: 10_000 };
  },
};

type Keys = Record<string, unknown>;

/** A configuration as plain values, loose enough to be spoiled. */
export interface TestTree extends Keys {
  site: Keys;
  retention: Keys;
  cameras: [Keys & { name: Keys }, Keys, ...Keys[]];
  sources: [Keys & { root: string; cameras: Keys }, ...Keys[]];
}

/** A valid configuration as plain values; the directories it names are made below `dir`. */
export function validTree(dir: string): TestTree {
  const root = join(dir, 'rec');
  mkdirSync(root, { recursive: true });
  return {
    site: {
      name: 'Office',
      controller: 'Example B.V.',
      contact: 'privacy@example.org',
      timeZone: 'Europe/Amsterdam',
      country: 'NL',
    },
    retention: { days: 14, justification: 'Damage is often found only after a weekend or a holiday.' },
    cameras: [
      {
        id: 'entrance',
        name: { nl: 'Ingang', en: 'Entrance', fr: 'Entrée' },
        purpose: 'protecting property',
      },
      { id: 'hall', name: 'Hall', purpose: { nl: 'Eigendommen beschermen' } },
    ],
    sources: [{ id: 'nvr', root, layout: 'frigate', cameras: { front_door: 'entrance', lobby: 'hall' } }],
    stateDir: join(dir, 'state'),
  };
}

export function parseText(text: string): LoadedConfig {
  return parseConfig(text, { file: 'test.yaml', layouts: FEW_LAYOUTS, account: ACCOUNT });
}

export function parseTree(tree: unknown): LoadedConfig {
  return parseText(stringify(tree));
}

/** The lines of the refusal, or an empty list when the configuration is accepted. Fails for any other error. */
export function problemsOf(text: string): string[] {
  try {
    parseText(text);
    return [];
  } catch (error) {
    if (error instanceof FortnightError && error.code === 'config_invalid') {
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim());
    }
    throw error;
  }
}
