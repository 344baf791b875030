/** `fortnight check`: the index, the disk, the holds and the audit against each other. Reads only; the daemon may run. */
import { FortnightError } from '../../base/errors.ts';
import { printable } from '../../base/printable.ts';
import { parseOptions, type Command } from '../command.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from '../open-config.ts';
import { checkState, type CheckReport } from './check.ts';
import { LEVELS, type Level } from './disk-checks.ts';

export { checkState } from './check.ts';

const EXIT_VIOLATIONS = 1;
const EXIT_INCOMPLETE = 2;

export const command: Command = {
  name: 'check',
  summary: 'compare index, disk, holds and audit, and name every promise that does not hold',
  usage: `Usage: fortnight check [--config <file>] [--level presence|size|hash] [--json]

${CONFIG_USAGE}  --level <level>  presence: names only; size (default): also size and inode of every file; hash: also both ends of
                   its content, which reads every file
  --json           one JSON document

Ends with 0 when every promise holds; with 1 and a line per violation otherwise; with 2 when none was found but a root
was not there and could not be compared. Reads only, and the daemon may run: what is on its way is looked at twice.
`,
  run(args, io) {
    const { values } = parseOptions(args, {
      ...CONFIG_OPTION,
      level: { type: 'string', default: 'size' },
      json: { type: 'boolean', default: false },
    });
    const report = checkState(openConfig(values.config).config, levelOf(values.level));
    io.out.write(values.json ? `${JSON.stringify(report)}\n` : inWords(report));
    return Promise.resolve(!report.ok ? EXIT_VIOLATIONS : report.complete ? 0 : EXIT_INCOMPLETE);
  },
};

function levelOf(text: string): Level {
  const level = LEVELS.find((l) => l === text);
  if (level === undefined) throw new FortnightError('usage', `the level is ${LEVELS.join(', ')}`);
  return level;
}

function inWords(report: CheckReport): string {
  const roots = report.roots.map((r) => {
    if (r.files === null) return `root ${r.id}: not there, not compared`;
    const fresh = r.fresh === 0 ? '' : `, ${String(r.fresh)} new ones wait to be indexed`;
    return `root ${r.id}: ${counted(r.files, 'clip is', 'clips are')} where the index says${fresh}`;
  });
  const findings = report.findings.map((f) => `${f.invariant} ${f.kind}: ${printable(f.sentence)}`);
  const more = report.total - report.findings.length;
  const end = report.ok ? 'every promise that can be checked holds' : counted(report.total, 'violation');
  return [
    ...roots,
    `audit: ${counted(report.auditRecords, 'record')} verified`,
    ...findings,
    ...(more > 0 ? [`and ${String(more)} more`] : []),
    end,
    '',
  ].join('\n');
}

/** Of its own: what checks the state shares nothing with what it checks but the little that cannot lie. */
function counted(n: number, one: string, many = `${one}s`): string {
  return `${String(n)} ${n === 1 ? one : many}`;
}
