/** `fortnight cases`: what holds are for, and who needs to know. */
import { z } from 'zod';
import { FortnightError } from '../base/errors.ts';
import { Case } from '../http/api/index.ts';
import { groupCommand, parseOptions, type Command } from './command.ts';
import { withDaemon } from './connect.ts';
import { need } from './hold-acts.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { readPassword } from './password.ts';
import { table } from './text.ts';

const list: Command = {
  name: 'list',
  summary: 'list the cases with their holds and who needs to know',
  usage: `Usage: fortnight cases list [--config <file>] [--json]\n\n${CONFIG_USAGE}`,
  async run(args, io) {
    const { values } = parseOptions(args, { ...CONFIG_OPTION, json: { type: 'boolean', default: false } });
    const { config } = openConfig(values.config);
    const cases = z.array(Case).parse(await withDaemon('cases.list', {}, config));
    if (values.json) io.out.write(`${JSON.stringify(cases)}\n`);
    else io.out.write(cases.length === 0 ? 'no cases\n' : table(cases.map(row)));
    return 0;
  },
};

const change: Command = {
  name: 'change',
  summary: 'name the people who need to know anew, or give a case another title',
  usage: `Usage: fortnight cases change <id> --as <user> [--title <text>] [--viewer <user> ... | --nobody] --reason <text>

${CONFIG_USAGE}  --viewer         all who need to know from now on; without it they stay who they were
  --nobody         nobody needs to know any more
`,
  async run(args, io) {
    const options = {
      ...CONFIG_OPTION,
      as: { type: 'string' },
      title: { type: 'string' },
      viewer: { type: 'string', multiple: true },
      nobody: { type: 'boolean', default: false },
      reason: { type: 'string' },
    } as const;
    const { values, positionals } = parseOptions(args, options, 1);
    const { config } = openConfig(values.config);
    const caseId = need(positionals[0], '<id>');
    const reason = need(values.reason, '--reason');
    const as = need(values.as, '--as');
    const password = await readPassword(io, `Password of ${as}: `);
    const known = z
      .array(Case)
      .parse(await withDaemon('cases.list', {}, config))
      .find((c) => c.id === caseId);
    if (known === undefined) throw new FortnightError('not_found', 'there is no such case');
    const { version } = known;
    const title = values.title ?? known.title;
    const viewers = values.nobody ? [] : (values.viewer ?? known.viewers);
    const asked = { as, password, caseId, version, title, viewers, reason };
    io.out.write(table([row(Case.parse(await withDaemon('cases.change', asked, config)))]));
    return 0;
  },
};

export const command = groupCommand('cases', 'list cases, and say who needs to know', [list, change]);

function row(c: Case): string[] {
  return [c.id, c.ref, c.title, `holds: ${String(c.holds.length)}`, c.viewers.join(', ') || 'nobody'];
}
