/** `fortnight retention`: what would go next and why. */
import { z } from 'zod';
import { HOUR_MS } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import { groupCommand, parseOptions, type Command } from './command.ts';
import { withDaemon } from './connect.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { duration, siteTime, size } from './site-time.ts';
import { table } from './text.ts';

const Reason = z.object({ code: z.string(), caseRef: z.string().optional(), untilMs: z.number().optional() });
const Plan = z.object({
  nowMs: z.number(),
  blocked: z.array(z.object({ rootId: z.string(), reason: z.string() })),
  clips: z.array(
    z.object({
      clip: z.object({
        id: z.number(),
        rootId: z.string(),
        cameraId: z.string(),
        endMs: z.number(),
        dueMs: z.number().nullable(),
        sizeBytes: z.number(),
      }),
      mayDelete: z.boolean(),
      reasons: z.array(Reason),
    }),
  ),
});
type Plan = z.infer<typeof Plan>;

const plan: Command = {
  name: 'plan',
  summary: 'print which clips go next, when, and which stay because of a hold',
  usage: `Usage: fortnight retention plan [--hours <n>] [--limit <n>] [--json] [--config <file>]

${CONFIG_USAGE}  --hours <n>      look so many hours ahead; 0: what is due now; default 1
  --limit <n>      at most so many clips, the oldest first; default 50, at most 10000
  --json           one JSON document

Nothing is deleted by this command. The decision is the one the sweep makes.
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      ...CONFIG_OPTION,
      hours: { type: 'string', default: '1' },
      limit: { type: 'string', default: '50' },
      json: { type: 'boolean', default: false },
    });
    const { config } = openConfig(values.config);
    const aheadMs = numberOf(values.hours, '--hours') * HOUR_MS;
    const limit = numberOf(values.limit, '--limit');
    const answer = Plan.parse(
      await withDaemon('retention.plan', { untilMs: Math.round(aheadMs), limit }, config),
    );
    if (values.json) io.out.write(`${JSON.stringify(answer)}\n`);
    else io.out.write(waits(answer) + inWords(answer, config.site.timeZone) + more(answer, limit));
    return 0;
  },
};

export const command = groupCommand('retention', 'what is deleted next, and why', [plan]);

function inWords(answer: Plan, zone: string): string {
  if (answer.clips.length === 0) return 'nothing falls due in that time\n';
  const rows = answer.clips.map(({ clip, mayDelete, reasons }) => [
    String(clip.id),
    clip.cameraId,
    siteTime(clip.endMs, zone),
    size(clip.sizeBytes),
    mayDelete ? goes(answer, clip, zone) : 'stays',
    reasons.map((r) => sentence(r, zone)).join('; '),
  ]);
  return `times in ${zone}\n${table([['clip', 'camera', 'recorded until', 'size', '', 'why'], ...rows])}`;
}

/** What keeps the plan from being carried out: before the rows, which go by the clips alone. */
function waits({ blocked }: Plan): string {
  return blocked
    .map((b) => `nothing is deleted from ${b.rootId} now: ${b.reason.replaceAll('_', ' ')}\n`)
    .join('');
}

function more({ clips }: Plan, limit: number): string {
  return clips.length === limit ? `only the first ${String(limit)} are shown: --limit\n` : '';
}

function goes(
  { blocked, nowMs }: Plan,
  { rootId, dueMs }: Plan['clips'][number]['clip'],
  zone: string,
): string {
  const due = dueMs === null || dueMs <= nowMs;
  const block = blocked.find((b) => b.rootId === rootId);
  if (due && block !== undefined) return `waits: ${block.reason.replaceAll('_', ' ')}`;
  return `goes ${when(due ? null : dueMs, nowMs, zone)}`;
}

function when(dueMs: number | null, nowMs: number, zone: string): string {
  if (dueMs === null) return 'with the next sweep';
  return `${siteTime(dueMs, zone)}, in ${duration(dueMs - nowMs)}`;
}

function sentence(reason: z.infer<typeof Reason>, zone: string): string {
  switch (reason.code) {
    case 'due':
      return 'its retention is over';
    case 'held':
      return `held for ${reason.caseRef ?? ''}`;
    case 'cooling_off':
      return `${reason.caseRef ?? ''} was released, cooling-off until ${siteTime(reason.untilMs ?? 0, zone)}`;
    case 'hold_released':
      return `no longer held for ${reason.caseRef ?? ''}`;
    default:
      return reason.code.replaceAll('_', ' ');
  }
}

function numberOf(text: string, option: string): number {
  const n = Number(text);
  if (!Number.isFinite(n) || n < 0)
    throw new FortnightError('usage', `${option} needs a number of 0 or more`);
  return n;
}
