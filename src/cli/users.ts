/** `fortnight users`: the people who may sign in. Passwords come from the terminal or standard input, never from an argument. */
import { z } from 'zod';
import { FortnightError } from '../base/errors.ts';
import { isoUtc } from '../base/clock.ts';
import { printable } from '../base/printable.ts';
import { ROLES } from '../access/roles.ts';
import type { Json } from '../base/canonical-json.ts';
import { groupCommand, parseOptions, type Command, type CommandIo } from './command.ts';
import { withDaemon } from './connect.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { readNewPassword } from './password.ts';
import { table } from './text.ts';

const Answer = z.object({
  users: z.array(
    z.object({
      userName: z.string(),
      displayName: z.string(),
      role: z.string(),
      disabled: z.boolean(),
      createdMs: z.number(),
    }),
  ),
});
type User = z.infer<typeof Answer>['users'][number];

const PASSWORD_USAGE = `The password is asked on the terminal or read as one line of standard input. It has at least 15 characters; a
sentence is fine.
`;

/** Told apart from other unknown options: it would be in the list of processes and in the shell's history by now. */
function refusePasswordArgument(args: readonly string[]): void {
  if (!args.some((arg) => /^--?(p|pass|passwd|password)(=|$)/i.test(arg))) return;
  throw new FortnightError('usage', 'a password is never given as an argument: others can read it there', {
    hint: 'leave it out, and choose another password; it is asked on the terminal or read from standard input',
  });
}

const ADD_OPTIONS = {
  ...CONFIG_OPTION,
  role: { type: 'string' },
  display: { type: 'string' },
  language: { type: 'string' },
} as const;

const add: Command = {
  name: 'add',
  summary: 'make an account',
  usage: `Usage: fortnight users add <name> --role <role> [--display <name>] [--language <nl|en|fr>]

${CONFIG_USAGE}  --role      ${ROLES.join(', ')}
  --display   the name people read; the user name unless given
  --language  of the page for this person; nl, en or fr

${PASSWORD_USAGE}`,
  async run(args, io) {
    refusePasswordArgument(args);
    const { values, positionals } = parseOptions(args, ADD_OPTIONS, Infinity);
    const userName = onlyName(positionals);
    const { role, display, language } = values;
    if (role === undefined || !ROLES.some((r) => r === role)) {
      throw new FortnightError('usage', '--role is missing or unknown', {
        hint: `one of ${ROLES.join(', ')}`,
      });
    }
    const { config } = openConfig(values.config);
    const password = await readNewPassword(io, `Password of ${printable(userName)}: `);
    const params = {
      userName,
      role,
      password,
      language: language ?? config.site.language,
      ...(display === undefined ? {} : { displayName: display }),
    };
    return tell(io, 'made', await withDaemon('users.add', params, config));
  },
};

const passwd: Command = {
  name: 'passwd',
  summary: 'give an account a new password; all its sessions end',
  usage: `Usage: fortnight users passwd <name>\n\n${CONFIG_USAGE}\n${PASSWORD_USAGE}`,
  async run(args, io) {
    refusePasswordArgument(args);
    const { values, positionals } = parseOptions(args, CONFIG_OPTION, Infinity);
    const userName = onlyName(positionals);
    const { config } = openConfig(values.config);
    const password = await readNewPassword(io, `New password of ${printable(userName)}: `);
    return tell(io, 'changed', await withDaemon('users.passwd', { userName, password }, config));
  },
};

const list: Command = {
  name: 'list',
  summary: 'list the accounts with their roles',
  usage: `Usage: fortnight users list [--json]\n\n${CONFIG_USAGE}`,
  async run(args, io) {
    const { values } = parseOptions(args, { ...CONFIG_OPTION, json: { type: 'boolean', default: false } });
    const { config } = openConfig(values.config);
    const { users } = Answer.parse(await withDaemon('users.list', {}, config));
    if (values.json) io.out.write(`${JSON.stringify(users)}\n`);
    else io.out.write(users.length === 0 ? 'no accounts\n' : table(users.map(row)));
    return 0;
  },
};

const role: Command = {
  name: 'role',
  summary: 'give an account another role; all its sessions end',
  usage: `Usage: fortnight users role <name> <role>\n\n${CONFIG_USAGE}  <role>   ${ROLES.join(', ')}\n`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, CONFIG_OPTION, Infinity);
    const [userName, wanted, ...more] = positionals;
    if (
      userName === undefined ||
      wanted === undefined ||
      more.length > 0 ||
      !ROLES.some((r) => r === wanted)
    ) {
      throw new FortnightError('usage', 'a user name and a role are needed', {
        hint: `the role is one of ${ROLES.join(', ')}`,
      });
    }
    const { config } = openConfig(values.config);
    return tell(io, 'changed', await withDaemon('users.role', { userName, role: wanted }, config));
  },
};

export const command: Command = groupCommand('users', 'make and change the accounts of people', [
  add,
  list,
  switchCommand('disable', 'no longer let an account sign in; all its sessions end', 'disabled'),
  switchCommand('enable', 'let a disabled account sign in again', 'enabled'),
  passwd,
  role,
]);

function switchCommand(name: 'disable' | 'enable', summary: string, done: string): Command {
  return {
    name,
    summary,
    usage: `Usage: fortnight users ${name} <name>\n\n${CONFIG_USAGE}`,
    async run(args, io) {
      const { values, positionals } = parseOptions(args, CONFIG_OPTION, Infinity);
      const userName = onlyName(positionals);
      const { config } = openConfig(values.config);
      return tell(io, done, await withDaemon(`users.${name}`, { userName }, config));
    },
  };
}

function onlyName(positionals: readonly string[]): string {
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) {
    throw new FortnightError('usage', 'exactly one user name is needed');
  }
  return name;
}

function tell(io: CommandIo, done: string, answer: Json): number {
  for (const user of Answer.parse(answer).users) {
    io.out.write(`${done}: ${printable(user.userName)} (${user.role}${user.disabled ? ', disabled' : ''})\n`);
  }
  return 0;
}

function row(user: User): string[] {
  const since = isoUtc(user.createdMs).slice(0, 10);
  return [
    printable(user.userName),
    user.role,
    user.disabled ? 'disabled' : 'enabled',
    since,
    printable(user.displayName),
  ];
}
