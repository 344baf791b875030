/** `fortnight drill`: the deletion drill, now. */
import { Status } from '../http/api/index.ts';
import { parseOptions, type Command } from './command.ts';
import { withDaemon } from './connect.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { siteTime } from './site-time.ts';

type Drill = Status['drill'];

const EXITS = { ok: 0, failed: 1, skipped: 2 } as const;

export const command: Command = {
  name: 'drill',
  summary: 'run the deletion drill now: a planted clip is indexed, deleted and searched for',
  usage: `Usage: fortnight drill [--json] [--config <file>]

${CONFIG_USAGE}  --json           one JSON document

Ends with 0 when nothing was left of the clip, with 1 when something was, with 2 when no disk could be drilled.
`,
  async run(args, io) {
    const { values } = parseOptions(args, { ...CONFIG_OPTION, json: { type: 'boolean', default: false } });
    const { config } = openConfig(values.config);
    const result = Status.shape.drill.parse(await withDaemon('drill', {}, config));
    const zone = config.site.timeZone;
    io.out.write(
      values.json ? `${JSON.stringify(result)}\n` : `${drillSentence(result, zone)}\n${roots(result)}`,
    );
    return result === null ? EXITS.skipped : EXITS[result.verdict];
  },
};

/** One line about the last drill; `zone` is the site's. */
export function drillSentence(drill: Drill, zone: string): string {
  if (drill === null) return 'no deletion drill yet';
  const words = { ok: 'nothing was left', failed: 'something was left', skipped: 'could not be run' };
  return `deletion drill ${siteTime(drill.atMs, zone)}: ${words[drill.verdict]}`;
}

function roots(drill: Drill): string {
  const lines = (drill?.roots ?? []).map(({ rootId, skipped, left }) => {
    const what =
      skipped === null ? (left.length === 0 ? 'nothing left' : left.join(', ')) : `not drilled, ${skipped}`;
    return `${rootId}: ${what.replaceAll('_', ' ')}\n`;
  });
  return lines.join('');
}
