/** `fortnight holds`: looking and placing; `hold-acts.ts` has what is done to a hold that is there. */
import { z } from 'zod';
import { newId } from '../base/ids.ts';
import type { Config } from '../config/config.ts';
import { CASE_KINDS, LEGAL_GROUNDS } from '../holds/hold.ts';
import { Hold, HoldPlaced } from '../http/api/index.ts';
import { groupCommand, parseOptions, type Command } from './command.ts';
import { withDaemon } from './connect.ts';
import { acts, need, SCOPE_OPTIONS, scopeOf } from './hold-acts.ts';
import { covered, HoldShown, shown, stateOf, waiting } from './hold-words.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { readPassword } from './password.ts';
import { parseSiteTime, siteTime } from './site-time.ts';
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
  usage: `Usage: fortnight holds place --as <user> (--case <ref> --title <text> --kind <kind> --ground <ground>
         [--viewer <user> ...] | --under <case id>)
         --camera <id> [--camera <id> ...] --from <time> --to <time> --review <date> [--end <time>] --reason <text>

${CONFIG_USAGE}  --as <user>      a facility manager; the password is asked on the terminal or read from standard input
  --kind           ${CASE_KINDS.join(', ')}
  --ground         ${LEGAL_GROUNDS.join(', ')}
  --from, --to     like 2026-11-17 13:45 in the site's zone, or 2026-11-17T12:45Z; --to may lie in the future
  --viewer         who needs to know: of security, only they see what it keeps past its time
  --under          a case that is there, of fortnight cases list: its words are the case's
  --end            when it ends by itself, as by a release at that moment; without it only people end it
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
      viewer: { type: 'string', multiple: true, default: [] },
      under: { type: 'string' },
      ...SCOPE_OPTIONS,
      review: { type: 'string' },
      reason: { type: 'string' },
    });
    const { config } = openConfig(values.config);
    const zone = config.site.timeZone;
    const hold = {
      ...scopeOf(values, zone),
      reason: need(values.reason, '--reason'),
      reviewMs: parseSiteTime(need(values.review, '--review'), zone, 'from'),
    };
    const own = (): object => ({
      caseRef: need(values.case, '--case'),
      title: need(values.title, '--title'),
      kind: values.kind,
      ground: values.ground,
      viewers: values.viewer,
    });
    const under = values.under;
    const asked = under === undefined ? { hold: { ...hold, ...own() } } : { caseId: under, hold };
    const as = need(values.as, '--as');
    const password = await readPassword(io, `Password of ${as}: `);
    const op = under === undefined ? 'holds.place' : 'cases.place';
    const answer = await withDaemon(op, { as, password, key: newId(), ...asked }, config);
    const { hold: placed, coverage } = HoldPlaced.parse(answer);
    io.out.write(
      `${[`hold ${placed.id} binds`, ...covered(coverage, config), ...waiting(placed, config)].join('\n')}\n`,
    );
    return 0;
  },
};

const show: Command = {
  name: 'show',
  summary: 'show one hold: its way, what waits for whom, and what it covers',
  usage: `Usage: fortnight holds show <id> [--config <file>] [--json]\n\n${CONFIG_USAGE}`,
  async run(args, io) {
    const json = { type: 'boolean', default: false } as const;
    const { values, positionals } = parseOptions(args, { ...CONFIG_OPTION, json }, 1);
    const { config } = openConfig(values.config);
    const holdId = need(positionals[0], '<id>');
    const answer = HoldShown.parse(await withDaemon('holds.show', { holdId }, config));
    io.out.write(values.json ? `${JSON.stringify(answer)}\n` : `${shown(answer, config).join('\n')}\n`);
    return 0;
  },
};

export const command = groupCommand('holds', 'list, place, confirm and release holds', [
  list,
  show,
  place,
  ...acts,
]);

function row(h: Hold, config: Config): string[] {
  const zone = config.site.timeZone;
  const window = `${siteTime(h.fromMs, zone)} - ${siteTime(h.toMs, zone)}`;
  return [
    h.id,
    h.caseRef,
    stateOf(h),
    h.cameraIds.join(','),
    window,
    `review ${siteTime(h.reviewMs, zone).slice(0, 10)}`,
    h.title,
  ];
}
