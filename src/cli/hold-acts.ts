/** What is done to a hold that is there: each act by a person, with their password, upon the hold as it stands now. */
import { z } from 'zod';
import type { Json } from '../base/canonical-json.ts';
import { FortnightError } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import { Hold, HoldPlaced } from '../http/api/index.ts';
import { parseOptions, type Command } from './command.ts';
import { withDaemon } from './connect.ts';
import { covered, stateOf, waiting } from './hold-words.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { readPassword } from './password.ts';
import { parseSiteTime } from './site-time.ts';

export const SCOPE_OPTIONS = {
  camera: { type: 'string', multiple: true, default: [] as string[] },
  from: { type: 'string' },
  to: { type: 'string' },
  end: { type: 'string' },
} as const;

interface ScopeValues {
  readonly camera: string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly end?: string | undefined;
}

/** What a hold binds, from the options. Throws `usage` for what is missing. */
export function scopeOf(values: ScopeValues, zone: string): { [key: string]: Json } {
  const at = (text: string): number => parseSiteTime(text, zone, 'from');
  return {
    cameraIds: values.camera,
    fromMs: at(need(values.from, '--from')),
    toMs: at(need(values.to, '--to')),
    endMs: values.end === undefined ? null : at(values.end),
  };
}

export function need(value: string | undefined, option: string): string {
  if (value === undefined) throw new FortnightError('usage', `${option} is missing`);
  return value;
}

interface ActWords {
  readonly name: string;
  readonly summary: string;
  /** What it takes besides who acts. */
  readonly takes: readonly ('reason' | 'scope' | 'review')[];
}

const ACTS: readonly ActWords[] = [
  { name: 'confirm', summary: 'confirm a hold, as a second person', takes: [] },
  {
    name: 'widen',
    summary: 'bind more, at once: all cameras and the whole window as they shall be',
    takes: ['scope', 'reason'],
  },
  {
    name: 'review',
    summary: 'say that somebody looked again, and when the next time is',
    takes: ['review', 'reason'],
  },
  {
    name: 'release',
    summary: 'ask for the release of a hold; a second person approves',
    takes: ['reason'],
  },
  {
    name: 'narrow',
    summary: 'ask to bind less, or not as long; a second person approves',
    takes: ['scope', 'reason'],
  },
  { name: 'approve', summary: 'grant what was asked, as a second person', takes: ['reason'] },
  { name: 'refuse', summary: 'refuse what was asked; the hold stands', takes: ['reason'] },
  {
    name: 'withdraw',
    summary: 'take back what was asked, or a release while it cools off',
    takes: ['reason'],
  },
];

export const acts: readonly Command[] = ACTS.map((words) => ({
  name: words.name,
  summary: words.summary,
  usage: usageOf(words),
  async run(args, io) {
    const options = {
      ...CONFIG_OPTION,
      ...SCOPE_OPTIONS,
      as: { type: 'string' },
      reason: { type: 'string' },
      review: { type: 'string' },
    } as const;
    const { values, positionals } = parseOptions(args, options, 1);
    const { config } = openConfig(values.config);
    const zone = config.site.timeZone;
    const has = (what: ActWords['takes'][number]): boolean => words.takes.includes(what);
    refuseOthers(words, values);
    const holdId = need(positionals[0], '<id>');
    const said = {
      ...(has('scope') ? scopeOf(values, zone) : {}),
      ...(has('review') ? { reviewMs: parseSiteTime(need(values.review, '--review'), zone, 'from') } : {}),
      ...(has('reason') ? { reason: need(values.reason, '--reason') } : {}),
    };
    const as = need(values.as, '--as');
    const password = await readPassword(io, `Password of ${as}: `);
    const version = await versionOf(holdId, config);
    const answer = await withDaemon(
      `holds.${words.name}`,
      { as, password, holdId, version, ...said },
      config,
    );
    const { hold, lines } = told(answer, config);
    io.out.write(`${[`hold ${hold.id}: ${stateOf(hold)}`, ...waiting(hold, config), ...lines].join('\n')}\n`);
    return 0;
  },
}));

/** What an act does not take is never passed over: who names an end with a release means something else. */
function refuseOthers({ name, takes }: ActWords, values: ScopeValues & Record<string, unknown>): void {
  const options = { scope: Object.keys(SCOPE_OPTIONS), review: ['review'], reason: ['reason'] };
  for (const [what, names] of Object.entries(options))
    for (const option of names) {
      const given = option === 'camera' ? values.camera.length > 0 : values[option] !== undefined;
      if (given && !takes.includes(what as ActWords['takes'][number]))
        throw new FortnightError('usage', `holds ${name} takes no --${option}`);
    }
}

/** A widening answers with what it found as well. */
function told(answer: Json, config: Config): { readonly hold: Hold; readonly lines: readonly string[] } {
  const placed = HoldPlaced.safeParse(answer);
  if (!placed.success) return { hold: Hold.parse(answer), lines: [] };
  return { hold: placed.data.hold, lines: covered(placed.data.coverage, config) };
}

/** The hold as it stands: what somebody else did a moment ago is told as a conflict by the daemon. */
async function versionOf(holdId: string, config: Config): Promise<number> {
  const holds = z.array(Hold).parse(await withDaemon('holds.list', {}, config));
  const hold = holds.find((h) => h.id === holdId);
  if (hold === undefined) throw noSuchHold();
  return hold.version;
}

/** A case's reference stands beside the id in the list, and is easily taken for it. */
export function noSuchHold(): FortnightError {
  return new FortnightError('not_found', 'there is no such hold', {
    hint: 'its id, whole, stands first in: fortnight holds list',
  });
}

function usageOf({ name, takes }: ActWords): string {
  const options = {
    scope: ' --camera <id> [--camera <id> ...] --from <time> --to <time> [--end <time>]',
    review: ' --review <date>',
    reason: ' --reason <text>',
  };
  const asked = takes.map((t) => options[t]).join('');
  return `Usage: fortnight holds ${name} <id> --as <user>${asked} [--config <file>]\n\n${CONFIG_USAGE}`;
}
