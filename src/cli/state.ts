/** `fortnight state`: a backup of index, holds, audit and keys, and putting one back. */
import { resolve } from 'node:path';
import { backUpState } from '../app/backup.ts';
import { restoreState, type RestoreReport } from '../app/restore.ts';
import { systemClock } from '../base/clock.ts';
import { counted } from '../base/counted.ts';
import { FortnightError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { groupCommand, parseOptions, type Command } from './command.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { siteTime } from './site-time.ts';

const backup: Command = {
  name: 'backup',
  summary: 'write index, holds, audit and keys to one file; the daemon may run',
  usage: `Usage: fortnight state backup <file> [--config <file>]

${CONFIG_USAGE}
The file must not be there yet. It holds keys and names of recordings, no footage and no pictures; it is readable for
this user only. Keep it on another disk, and not longer than footage is kept.
`,
  run(args, io) {
    const { values, positionals } = parseOptions(args, CONFIG_OPTION, 1);
    const target = resolve(one(positionals));
    backUpState(openConfig(values.config).config.stateDir, target, systemClock);
    io.out.write(`the state is in ${printable(target)}\n`);
    return Promise.resolve(0);
  },
};

const restore: Command = {
  name: 'restore',
  summary: 'put a backup back; the daemon must not run',
  usage: `Usage: fortnight state restore <file> [--config <file>]

${CONFIG_USAGE}
No hold is lost: those of the surviving journal and of the disks' own copies are taken in. Footage that has expired
meanwhile is deleted, or found to be gone. The index that was there is put aside in the state directory.
`,
  run(args, io) {
    const { values, positionals } = parseOptions(args, CONFIG_OPTION, 1);
    const { config } = openConfig(values.config);
    const report = restoreState(config.stateDir, resolve(one(positionals)), systemClock);
    io.out.write(inWords(report, config.site.timeZone));
    return Promise.resolve(0);
  },
};

export const command = groupCommand('state', 'back up the state without footage, or put a backup back', [
  backup,
  restore,
]);

function one(positionals: readonly string[]): string {
  const [file] = positionals;
  if (file === undefined) throw new FortnightError('usage', 'one file is expected');
  return file;
}

function inWords(r: RestoreReport, zone: string): string {
  const records =
    r.recordsAside === null
      ? 'the index that was there could not be read: how many records of the audit are lost is not known'
      : `${counted(r.recordsAside, 'record')} of the audit since then: in the index that was put aside`;
  const holds = r.journalSurvived
    ? `the hold journal survived, with ${counted(r.holdsKept, 'version')} of holds newer than the backup`
    : 'the hold journal was lost or damaged: holds made since are taken from the disks’ own copies at the start';
  return [
    `the state of ${siteTime(r.madeMs, zone)} (${zone}) is back`,
    records,
    holds,
    ...(r.aside === null
      ? []
      : [
          `the replaced index is in ${printable(r.aside)}: it names recordings; remove it when nobody needs it`,
        ]),
    '',
  ].join('\n');
}
