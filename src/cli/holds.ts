/** `fortnight holds`: list, place, release; the same acts as on the page, by the same people. */
import { z } from 'zod';
import { newId } from '../base/ids.ts';
import { counted } from '../base/counted.ts';
import { FortnightError } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import { CASE_KINDS, LEGAL_GROUNDS } from '../holds/hold.ts';
import { Hold, HoldCoverage } from '../http/api/index.ts';
import { groupCommand, parseOptions, type Command, type CommandIo } from './command.ts';
import { withDaemon } from './connect.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { readPassword } from './password.ts';
import { parseSiteTime, siteTime, size } from './site-time.ts';
import { table } from './text.ts';

const list: Command = {
  name: 'list',
  summary: 'list the holds with their state, window and review date',
  usage: `Usage: fortnight holds list [--config <file>] [--json]\n\n${CONFIG_USAGE}`,
  async run(args, io) {
    const { values } = parseOptions(args, { ...CONFIG_OPTION, json: { type: 'boolean', default: false } });
    const { config } = openConfig(values.config);
    const holds = z.array(Hold).parse(await withDaemon('holds.list', {}, config));
    if (values.json) io.out.write(`${JSON.stringify(holds)}\n`);
    else io.out.write(holds.length === 0 ? 'no holds\n' : table(holds.map((h) => row(h, config))));
    return 0;
  },
};

const place: Command = {
  name: 'place',
  summary: 'place a hold: footage of these cameras in this window is kept until it is released',
  usage: `Usage: fortnight holds place --as <user> --case <ref> --title <text> --kind <kind> --ground <ground>
         --camera <id> [--camera <id> ...] --from <time> --to <time> --review <date> --reason <text>

${CONFIG_USAGE}  --as <user>      a facility manager; the password is asked on the terminal or read from standard input
  --kind           ${CASE_KINDS.join(', ')}
  --ground         ${LEGAL_GROUNDS.join(', ')}
  --from, --to     like 2026-11-17 13:45 in the site's zone, or 2026-11-17T12:45Z; --to may lie in the future
  --review         when somebody must look again, at most 90 days from now
  --reason         20 characters or more
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      ...CONFIG_OPTION,
      as: { type: 'string' },
      case: { type: 'string' },
      title: { type: 'string' },
      kind: { type: 'string', default: 'legal_claim' },
      ground: { type: 'string', default: 'gdpr_17_3_e' },
      camera: { type: 'string', multiple: true, default: [] },
      from: { type: 'string' },
      to: { type: 'string' },
      review: { type: 'string' },
      reason: { type: 'string' },
    });
    const { config } = openConfig(values.config);
    const zone = config.site.timeZone;
    const hold = {
      caseRef: need(values.case, '--case'),
      title: need(values.title, '--title'),
      kind: values.kind,
      ground: values.ground,
      reason: need(values.reason, '--reason'),
      cameraIds: values.camera,
      fromMs: parseSiteTime(need(values.from, '--from'), zone, 'from'),
      toMs: parseSiteTime(need(values.to, '--to'), zone, 'to'),
      reviewMs: parseSiteTime(need(values.review, '--review'), zone, 'from'),
    };
    const as = need(values.as, '--as');
    const password = await readPassword(io, `Password of ${as}: `);
    const answer = await withDaemon('holds.place', { as, password, hold, key: newId() }, config);
    tell(z.object({ hold: Hold, coverage: HoldCoverage }).parse(answer), config, io);
    return 0;
  },
};

const release: Command = {
  name: 'release',
  summary: 'release a hold: after the cooling-off its footage is destroyed if past its time',
  usage: `Usage: fortnight holds release <id> --as <user> --reason <text> [--config <file>]\n\n${CONFIG_USAGE}`,
  async run(args, io) {
    const options = { ...CONFIG_OPTION, as: { type: 'string' }, reason: { type: 'string' } } as const;
    const { values, positionals } = parseOptions(args, options, 1);
    const { config } = openConfig(values.config);
    const as = need(values.as, '--as');
    const params = { as, holdId: need(positionals[0], '<id>'), reason: need(values.reason, '--reason') };
    const password = await readPassword(io, `Password of ${as}: `);
    const hold = Hold.parse(await withDaemon('holds.release', { ...params, password }, config));
    const ends = siteTime(hold.endsMs ?? 0, config.site.timeZone);
    io.out.write(
      `released; it binds until ${ends} (${config.site.timeZone}), then footage past its time is destroyed\n`,
    );
    return 0;
  },
};

export const command = groupCommand('holds', 'list, place and release holds', [list, place, release]);

function need(value: string | undefined, option: string): string {
  if (value === undefined) throw new FortnightError('usage', `${option} is missing`);
  return value;
}

function row(h: Hold, config: Config): string[] {
  const zone = config.site.timeZone;
  const state = h.reviewOverdue ? `${h.state}, review overdue` : h.state;
  const window = `${siteTime(h.fromMs, zone)} - ${siteTime(h.toMs, zone)}`;
  return [
    h.id,
    h.caseRef,
    state,
    h.cameraIds.join(','),
    window,
    `review ${siteTime(h.reviewMs, zone).slice(0, 10)}`,
    h.title,
  ];
}

/** The whole truth of the answer, also when it is not good. */
function tell(
  { hold, coverage: c }: { hold: Hold; coverage: HoldCoverage },
  config: Config,
  io: CommandIo,
): void {
  const zone = config.site.timeZone;
  const percent =
    c.percent === null
      ? 'the window lies in the future'
      : `${String(c.percent)} % of the past window is there`;
  const lines = [
    `hold ${hold.id} binds`,
    `${counted(c.clips, 'clip')}, ${size(c.bytes)}: ${percent}`,
    ...c.cameras.flatMap((camera) => [
      ...camera.gaps.map(
        (g) => `  ${camera.cameraId}: no recording ${siteTime(g.fromMs, zone)} - ${siteTime(g.toMs, zone)}`,
      ),
      ...camera.deleted.map(
        (g) =>
          `  ${camera.cameraId}: already deleted ${siteTime(g.fromMs, zone)} - ${siteTime(g.toMs, zone)}`,
      ),
      ...camera.future.map(
        (g) => `  ${camera.cameraId}: will be held as it is recorded, until ${siteTime(g.toMs, zone)}`,
      ),
    ]),
    ...(c.rescued > 0 ? [`caught while being deleted: ${counted(c.rescued, 'clip')}`] : []),
    ...(c.outcomeUnknown.length > 0
      ? [`being deleted at this moment, outcome unknown: ${counted(c.outcomeUnknown.length, 'clip')}`]
      : []),
    ...(c.deletedClips > 0 ? [`deleted before, of the window: ${counted(c.deletedClips, 'clip')}`] : []),
  ];
  io.out.write(`${lines.join('\n')}\n`);
}
