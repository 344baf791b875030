/** Holds in the words of the terminal, in the site's time. Pure. */
import { z } from 'zod';
import { counted } from '../base/counted.ts';
import type { Config } from '../config/config.ts';
import { HoldCoverage, HoldDetail, HoldPreservation, type Hold } from '../http/api/index.ts';
import { duration, siteTime, size } from './site-time.ts';

/** What `holds.show` answers. */
export const HoldShown = z.strictObject({
  ...HoldDetail.shape,
  coverage: HoldCoverage,
  preservation: HoldPreservation,
});

type Coverage = z.infer<typeof HoldCoverage>;

/** The whole truth of a coverage, also when it is not good. */
export function covered(c: Coverage, config: Config): string[] {
  const at = (ms: number): string => siteTime(ms, config.site.timeZone);
  const percent =
    c.percent === null
      ? 'the window lies in the future'
      : `${String(c.percent)} % of the past window is there`;
  const sentence = (n: number, text: string): string[] => (n > 0 ? [`${text}: ${counted(n, 'clip')}`] : []);
  return [
    `${counted(c.clips, 'clip')}, ${size(c.bytes)}: ${percent}`,
    ...c.cameras.flatMap(({ cameraId, gaps, deleted, future }) => [
      ...gaps.map((g) => `  ${cameraId}: no recording ${at(g.fromMs)} - ${at(g.toMs)}`),
      ...deleted.map((g) => `  ${cameraId}: already deleted ${at(g.fromMs)} - ${at(g.toMs)}`),
      ...future.map((g) => `  ${cameraId}: will be held as it is recorded, until ${at(g.toMs)}`),
    ]),
    ...sentence(c.rescued, 'caught while being deleted'),
    ...sentence(c.outcomeUnknown.length, 'being deleted at this moment, outcome unknown'),
    ...sentence(c.deletedClips, 'deleted before, of the window'),
  ];
}

type Preservation = z.infer<typeof HoldPreservation>;

/** How far it is preserved, and every flaw that is known, while the original may still be found elsewhere. */
export function preserved(p: Preservation, config: Config): string[] {
  const { covered: all, pinned, copied, whole, damaged, unchecked, flaws } = p;
  const waiting = copied - whole - damaged - unchecked;
  const counts = [
    `${String(pinned)} of ${String(all)} with a second name`,
    `${String(copied)} copied and hashed`,
    `${String(whole)} decoded and whole`,
    ...(damaged > 0 ? [`${String(damaged)} damaged`] : []),
    ...(unchecked > 0 ? [`${String(unchecked)} could not be decoded`] : []),
    ...(waiting > 0 ? [`${String(waiting)} to be decoded`] : []),
  ];
  const more = damaged + unchecked - flaws.length;
  return [
    `preserved: ${counts.join(', ')}`,
    ...flaws.map((flaw) => {
      const zone = config.site.timeZone;
      return `  ${flaw.cameraId} ${siteTime(flaw.startMs, zone)} - ${siteTime(flaw.endMs, zone)}: ${flawSentence(flaw)}`;
    }),
    ...(more > 0 ? [`  and ${String(more)} more`] : []),
  ];
}

const UNCHECKED = {
  no_ffmpeg: 'ffmpeg is not installed',
  still: 'it is a still picture',
  time: 'it would have taken too long',
  failed: 'ffmpeg gave up',
} as const;

function flawSentence({ what, shortMs, errors, why }: Preservation['flaws'][number]): string {
  if (what === 'altered') return 'the copy is no longer what was hashed';
  if (what === 'unchecked') return `could not be decoded: ${why === null ? 'unknown' : UNCHECKED[why]}`;
  return [
    ...(shortMs > 0 ? [`the recording stops ${duration(shortMs)} early`] : []),
    ...(errors > 0 ? [counted(errors, 'decode error')] : []),
  ].join(', ');
}

/** Who must do what, and what happens by itself. */
export function waiting(hold: Hold, config: Config): string[] {
  const at = (ms: number): string => siteTime(ms, config.site.timeZone);
  const { pending, confirmByMs, endsMs, endMs } = hold;
  const alone =
    pending?.effectiveMs == null
      ? 'a second person of the role privacy or security must approve'
      : `it takes effect by itself at ${at(pending.effectiveMs)}`;
  return [
    ...(confirmByMs === null
      ? []
      : [`a second person of the role privacy or security confirms it before ${at(confirmByMs)}`]),
    ...(pending === null ? [] : [`${pending.by} has asked for a ${pending.what}: ${alone}`]),
    ...(endMs !== null && hold.state === 'standing' ? [`ends by itself at ${at(endMs)}`] : []),
    ...(hold.state === 'cooling_off' && endsMs !== null
      ? [`released; it binds until ${at(endsMs)}, then footage past its time is destroyed`]
      : []),
    ...hold.leaving.map((l) => `given up, and bound until ${at(l.endsMs)}: ${windowOf(l, config)}`),
  ];
}

export function shown(
  { hold, versions, coverage, preservation }: z.infer<typeof HoldShown>,
  config: Config,
): string[] {
  const at = (ms: number): string => siteTime(ms, config.site.timeZone);
  return [
    `${hold.caseRef}  ${hold.title}  (${stateOf(hold)})`,
    windowOf(hold, config),
    `review ${at(hold.reviewMs)}; who needs to know: ${hold.viewers.join(', ') || 'nobody'}`,
    ...waiting(hold, config),
    ...covered(coverage, config),
    ...preserved(preservation, config),
    ...versions.map((v) => `${at(v.atMs)}  ${v.by}  ${v.act}${v.reason === '' ? '' : `: ${v.reason}`}`),
  ];
}

export function stateOf(hold: Hold): string {
  const late = [
    ...(hold.reviewOverdue ? ['review overdue'] : []),
    ...(hold.unconfirmedOverdue ? ['not confirmed in time'] : []),
    ...(hold.pending === null ? [] : [`${hold.pending.what} asked`]),
  ];
  return [hold.state, ...late].join(', ');
}

export function windowOf(
  scope: { readonly cameraIds: readonly string[]; readonly fromMs: number; readonly toMs: number },
  config: Config,
): string {
  const zone = config.site.timeZone;
  return `${scope.cameraIds.join(',')} ${siteTime(scope.fromMs, zone)} - ${siteTime(scope.toMs, zone)}`;
}
