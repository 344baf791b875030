/** `fortnight layouts`: the layouts Fortnight knows, and how the files of a directory would be read. */
import { MINUTE_MS, SECOND_MS } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import { LAYOUTS, UNGOVERNABLE, type LayoutInfo } from '../clips/layouts/index.ts';
import { parseOptions, type Command, type CommandIo } from './command.ts';
import { tryLayouts } from './layouts-try.ts';
import { table } from './text.ts';

const ZONES = { utc: 'UTC', local: "recorder's local time", exact: 'exact (epoch or offset)' } as const;

export const command: Command = {
  name: 'layouts',
  summary: 'list the layouts of recorders, or show how the files of a directory would be read',
  usage: `Usage: fortnight layouts [--json]
       fortnight layouts try <directory> [--layout <name>] [--pattern <pattern>] [--zone <zone>]
                             [--limit <files>] [--json]

Without "try": every layout with its pattern, the zone of its names and the usual length of its clips.

With "try" the directory is only read, links are not followed, nothing is changed. Without --layout the one
that fits best is taken. Shown are the cameras with their first and last clip, what matches nothing, what
is doubtful, and lines to paste into the configuration.
  --layout   a name of the list
  --pattern  the pattern of the layout custom, or a recorder's own setting of file names
  --zone     IANA zone of the recorder's local times; this machine's unless given
  --limit    how many files to look at, 1 to 1000000; 100000 unless given
  --json     print one JSON object
Ends with 0; with 1 when no layout fits; with 65 when the recorder cannot be governed file by file.
`,
  run(args, io) {
    if (args[0] === 'try') return Promise.resolve(tryOn(args.slice(1), io));
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } }, Infinity);
    if (positionals[0] !== undefined) {
      throw new FortnightError('usage', 'fortnight layouts takes no name', {
        hint: 'fortnight layouts try <directory> looks at a directory',
      });
    }
    return Promise.resolve(list(values.json === true, io));
  },
};

function tryOn(args: readonly string[], io: CommandIo): number {
  if (args[0] !== '--help' && args[0] !== '-h') return tryLayouts(args, io);
  io.out.write(command.usage);
  return 0;
}

function list(json: boolean, io: CommandIo): number {
  if (json) {
    const refused = UNGOVERNABLE.map(({ name, title, reason }) => ({ name, title, reason }));
    io.out.write(`${JSON.stringify({ layouts: LAYOUTS, refused })}\n`);
    return 0;
  }
  const rows = LAYOUTS.map((layout) => [layout.name, layout.title, ZONES[layout.zoneRule], lengthOf(layout)]);
  io.out.write(table([['LAYOUT', 'RECORDER', 'NAMES TELL', 'USUAL CLIP'], ...rows]));
  io.out.write('\nFiles below the root, the default first:\n');
  for (const { name, patterns } of LAYOUTS) {
    patterns.forEach((pattern, i) => io.out.write(`  ${(i === 0 ? name : '').padEnd(14)}${pattern}\n`));
  }
  io.out.write('  custom        your own, see docs/guide/layouts.md\n');
  io.out.write('\nNot possible, because their footage cannot be deleted clip by clip:\n');
  for (const { title, reason } of UNGOVERNABLE) io.out.write(`  ${title}: ${reason}.\n`);
  return 0;
}

function lengthOf({ usualClipMs }: LayoutInfo): string {
  if (usualClipMs === null) return 'an event';
  return usualClipMs < 2 * MINUTE_MS
    ? `${String(usualClipMs / SECOND_MS)} s`
    : `${String(usualClipMs / MINUTE_MS)} min`;
}
