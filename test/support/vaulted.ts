/** A site with a vault, whose clips are thirteen days old: what its tests do and ask again and again. */
import { existsSync, readdirSync } from 'node:fs';
import { checkState } from '../../src/cli/check/command.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { holdOver } from './sweeping.ts';
import { DAY, MINUTE, until, type Whole } from './whole.ts';

export const NOW = Date.UTC(2026, 10, 20, 12);
export const OLD = NOW - 13 * DAY;

export interface Vaulted {
  /** Resolves when every root may be acted on. */
  readonly online: () => Promise<void>;
  /** Holds the hour of the entrance from OLD on; resolves when every clip of it has its pin. */
  readonly hold: () => Promise<HoldVersion>;
  /** Makes the copies that are owed. */
  readonly preserve: () => Promise<void>;
  /** Names of copies of the first root's clips: in the vault, and below that root. */
  readonly inVault: () => string[];
  readonly besideFootage: () => string[];
  /** Code and subject of each alarm that stands. */
  readonly alarms: () => string[];
  /** What `fortnight check` finds. */
  readonly findings: () => readonly unknown[];
}

/** `whole`: the site of the moment, a new one in each test. */
export function vaulted(whole: () => Whole): Vaulted {
  const names = (root: string, dir: string): string[] => {
    const path = whole().path(root, dir);
    return existsSync(path) ? readdirSync(path) : [];
  };
  return {
    online: async () => {
      const { roots } = whole().app.rooms;
      await until(() => roots.list().every((r) => roots.verify(r.id) !== undefined));
    },
    hold: async () => {
      const { holds } = whole().app.rooms;
      const { terms } = holdOver(['entrance'], OLD, OLD + 60 * MINUTE);
      const asked = { ...terms, reviewMs: NOW + 60 * DAY };
      const { hold } = await holds.place(asked, { by: 'facility', key: undefined });
      await until(async () => (await holds.coverage(hold.holdId)).notPinned === 0);
      return hold;
    },
    preserve: () => whole().app.rooms.preservation.preserver.run(),
    inVault: () => names('vault', '.fortnight/copies/nvr'),
    besideFootage: () => names('nvr', '.fortnight/copies'),
    alarms: () =>
      whole()
        .app.rooms.alarms.all()
        .map((a) => `${a.code} ${a.subject}`),
    findings: () => checkState({ stateDir: whole().config.stateDir }, 'size').findings,
  };
}
