/** `fortnight unowned`: the files nobody owns, and the rule by which they are deleted. */
import { FortnightError } from '../base/errors.ts';
import { nearestName } from '../base/nearest.ts';
import { quoted } from '../base/printable.ts';
import { Status, UnownedPage } from '../http/api/index.ts';
import { dispatch, parseOptions, type Command, type CommandIo } from './command.ts';
import { withDaemon } from './connect.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig, sourceNamed } from './open-config.ts';
import { readPassword } from './password.ts';
import { siteTime, size } from './site-time.ts';
import { table } from './text.ts';

/** Files of one page, as the API has it. */
const MAX_PAGE = 1000;

type Reason = Status['roots'][number]['unownedBy'][number]['reason'];

/** What each kind is, and what to do about it. */
const ADVICE: Readonly<Record<Reason, string>> = {
  no_layout: 'fits no pattern of the layout: fortnight layouts try <directory>, or move it away',
  no_camera: 'of a recorder camera that sources[].cameras does not name: add it there, or move it away',
  no_clip: 'belongs to a clip that is not there: remove it, or give the source a rule',
  unfinished: 'a temporary file the recorder left behind: remove it, or give the source a rule',
  link: 'a link; Fortnight follows none and deletes none: replace it by what it leads to, or remove it',
  special: 'a device, pipe or socket; never deleted: remove it by hand when nothing uses it',
  unreadable_dir: 'a directory that cannot be read: permissions, or an error of the disk (dmesg)',
  other_mount: 'another file system is mounted there: give it a source of its own',
  too_deep: 'lies deeper than any recorder writes: look what made it',
};

const list: Command = {
  name: 'list',
  summary: 'list the files that belong to no camera and no clip, with what to do',
  usage: `Usage: fortnight unowned [list] [--source <id>] [--reason <reason>] [--limit <n>] [--cursor <c>] [--json]
       fortnight unowned confirm <source> --as <user>    (more: fortnight unowned confirm --help)

${CONFIG_USAGE}  --source <id>    of one source only
  --reason <r>     of one kind only: ${Object.keys(ADVICE).join(', ')}
  --limit <n>      files of a page, at most ${String(MAX_PAGE)}; default 200
  --cursor <c>     the page after the one that ended with this cursor
  --json           one JSON document; pathBytes is the name as the disk has it, base64url
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      ...CONFIG_OPTION,
      source: { type: 'string' },
      reason: { type: 'string' },
      limit: { type: 'string' },
      cursor: { type: 'string' },
      json: { type: 'boolean', default: false },
    });
    const { config } = openConfig(values.config);
    const { source, reason, limit, cursor } = values;
    const root = source === undefined ? undefined : sourceNamed(source, config);
    demandReason(reason);
    demandPage(limit);
    const query = { root, reason, limit, cursor };
    const asked = Object.fromEntries(
      Object.entries(query).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
    );
    const page = UnownedPage.parse(await withDaemon('unowned.list', asked, config));
    if (values.json) {
      io.out.write(`${JSON.stringify(page)}\n`);
      return 0;
    }
    const { roots } = Status.parse(await withDaemon('status', {}, config));
    const shown = roots.filter((r) => root === undefined || r.id === root);
    io.out.write(inWords(page, config.site.timeZone) + oddClips(shown));
    return 0;
  },
};

const confirm: Command = {
  name: 'confirm',
  summary: 'confirm the rule of a source by which such files are deleted',
  usage: `Usage: fortnight unowned confirm <source> --as <user> [--config <file>]

${CONFIG_USAGE}  --as <user>      an administrator; the password is asked on the terminal or read from standard input

The rule itself stands in the configuration: sources[].unowned.deleteAfterDays. Look at the list first.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { ...CONFIG_OPTION, as: { type: 'string' } }, 1);
    const { config } = openConfig(values.config);
    const rootId = sourceNamed(positionals[0], config);
    if (values.as === undefined) throw new FortnightError('usage', '--as <user> is missing');
    const password = await readPassword(io, `Password of ${values.as}: `);
    await withDaemon('unowned.confirm', { as: values.as, password, rootId }, config);
    io.out.write(`the rule of ${rootId} is in force\n`);
    return 0;
  },
};

const ABOUT = 'list the files nobody owns, or confirm the rule by which they are deleted';

/** The list is what is asked for, unless a sub-command is named. */
export const command: Command = {
  name: 'unowned',
  summary: ABOUT,
  usage: list.usage,
  run: (args, io: CommandIo) => {
    const [first] = args;
    if (first === undefined || first.startsWith('-')) return list.run(args, io);
    const entries = [list, confirm].map((c) => ({ ...c, load: () => Promise.resolve(c) }));
    return dispatch({ path: 'fortnight unowned', about: ABOUT, entries }, args, io);
  },
};

function demandReason(reason: string | undefined): void {
  const known = Object.keys(ADVICE);
  if (reason === undefined || known.includes(reason)) return;
  const near = nearestName(reason, known);
  throw new FortnightError('usage', `there is no kind ${quoted(reason)}`, {
    hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`,
  });
}

function demandPage(limit: string | undefined): void {
  if (limit === undefined || (/^\d{1,4}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= MAX_PAGE))
    return;
  throw new FortnightError('usage', `--limit needs a whole number of 1 to ${String(MAX_PAGE)}`);
}

/** What fits the layout is a clip, whatever is in it: it is not on the list, and goes in its time. */
function oddClips(roots: Status['roots']): string {
  const lines = roots.flatMap(({ id, oddClips: { empty, undatable } }) =>
    empty + undatable === 0
      ? []
      : [
          `${id}: clips like any other: ${String(empty)} without content, ${String(undatable)} without a time\n`,
        ],
  );
  return lines.join('');
}

function inWords({ files, nextCursor }: UnownedPage, zone: string): string {
  if (files.length === 0) return 'every file below the roots belongs to a camera\n';
  const rows = files.map((f) => [f.rootId, f.reason, size(f.sizeBytes), siteTime(f.seenMs, zone), f.path]);
  const reasons = [...new Set(files.map((f) => f.reason))];
  return [
    table([['source', 'reason', 'size', `first seen (${zone})`, 'path'], ...rows]),
    ...reasons.map((reason) => `${reason}: ${ADVICE[reason]}\n`),
    nextCursor === null ? '' : `more: --cursor ${nextCursor}\n`,
  ].join('');
}
