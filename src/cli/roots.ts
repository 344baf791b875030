/** `fortnight roots`: confirming what the daemon will not decide alone. */
import { FortnightError } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import { groupCommand, parseOptions, type Command } from './command.ts';
import { withDaemon } from './connect.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig, diskNamed } from './open-config.ts';
import { readPassword } from './password.ts';

const AS_OPTION = { ...CONFIG_OPTION, as: { type: 'string' } } as const;

const adopt: Command = {
  name: 'adopt',
  summary: 'confirm that footage found at first contact may be deleted when due',
  usage: `Usage: fortnight roots adopt <source> --as <user> [--trust-names] [--config <file>]

${CONFIG_USAGE}  --as <user>      a facility manager; the password is asked on the terminal or read from standard input
  --trust-names    file times were reset by copying: believe the times in the names
`,
  async run(args, io) {
    const options = { ...AS_OPTION, 'trust-names': { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseOptions(args, options, 1);
    const { config } = openConfig(values.config);
    const { rootId, as } = named(positionals[0], values.as, config);
    const password = await readPassword(io, `Password of ${as}: `);
    await withDaemon('roots.adopt', { as, password, rootId, trustNames: values['trust-names'] }, config);
    io.out.write(`${rootId} is adopted: what is due there goes with the next sweep\n`);
    return 0;
  },
};

const confirmHolds: Command = {
  name: 'confirm-holds',
  summary: 'confirm the list of holds for a source that knew of holds which were lost here',
  usage: `Usage: fortnight roots confirm-holds <source> --as <user> [--config <file>]

${CONFIG_USAGE}  --as <user>      a facility manager; the password is asked on the terminal or read from standard input

Look at the list first: \`fortnight holds list\`. Set again what is missing. From then on footage of this source that no
hold of the list covers is deleted when it is due. The act is recorded.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, AS_OPTION, 1);
    const { config } = openConfig(values.config);
    const { rootId, as } = named(positionals[0], values.as, config);
    const password = await readPassword(io, `Password of ${as}: `);
    await withDaemon('roots.confirm-holds', { as, password, rootId }, config);
    io.out.write(`the list of holds is confirmed for ${rootId}\n`);
    return 0;
  },
};

const resetBreaker: Command = {
  name: 'reset-breaker',
  summary: 'let a sweep go on that was parked because it would take unusually much',
  usage: `Usage: fortnight roots reset-breaker <source> --as <user> [--config <file>]\n\n${CONFIG_USAGE}`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, AS_OPTION, 1);
    const { config } = openConfig(values.config);
    const { rootId, as } = named(positionals[0], values.as, config);
    const password = await readPassword(io, `Password of ${as}: `);
    await withDaemon('roots.reset-breaker', { as, password, rootId }, config);
    io.out.write(`the sweep of ${rootId} goes on\n`);
    return 0;
  },
};

const replaceDisk: Command = {
  name: 'replace-disk',
  summary: 'take the disk that was put in the place of one that is lost',
  usage: `Usage: fortnight roots replace-disk <source|vault> --as <user> [--config <file>]

${CONFIG_USAGE}  --as <user>      an admin; the password is asked on the terminal or read from standard input

Only when the disk before is lost for good, or was replaced: one that is back is taken by itself. The new one is enrolled
as at first contact. Nothing is claimed of what lay on the old one: its clips are missing from then on, and held ones are named by an
alarm. Copies that lay there are made anew where the recordings still are. Destroy the old disk yourself. The act is recorded.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, AS_OPTION, 1);
    const { config } = openConfig(values.config);
    const { rootId, as } = named(positionals[0], values.as, config);
    const password = await readPassword(io, `Password of ${as}: `);
    await withDaemon('roots.replace-disk', { as, password, rootId }, config);
    io.out.write(`the disk that lies there is that of ${rootId} now\n`);
    return 0;
  },
};

export const command = groupCommand(
  'roots',
  'confirm what is found at first contact or was lost, or let a parked sweep go on',
  [adopt, confirmHolds, replaceDisk, resetBreaker],
);

function named(
  asked: string | undefined,
  as: string | undefined,
  config: Config,
): { rootId: string; as: string } {
  const rootId = diskNamed(asked, config);
  if (as === undefined) throw new FortnightError('usage', '--as <user> is missing');
  return { rootId, as };
}
