/** The layouts Fortnight knows, and how the configuration of a source becomes one. */
import { FortnightError } from '../../base/errors.ts';
import { nearestName } from '../../base/nearest.ts';
import { quoted } from '../../base/printable.ts';
import { isZone } from '../../base/zone.ts';
import { compileRecorder } from './compile.ts';
import { customRecorder } from './custom.ts';
import type { CompiledLayout } from './layout.ts';
import type { LayoutExample, Recorder } from './recorder.ts';
import * as camera from './recorders/camera.ts';
import * as nvr from './recorders/nvr.ts';

/** A layout as it is listed. */
export interface LayoutInfo {
  readonly name: string;
  readonly title: string;
  /** Its patterns in the pattern language, the recorder's default first; empty for `custom`. */
  readonly patterns: readonly string[];
  readonly zoneRule: 'utc' | 'local' | 'exact';
  readonly usualClipMs: number | null;
  readonly maxClipMs: number | null;
  readonly finishedBy: 'final_name' | 'none';
  readonly examples: readonly LayoutExample[];
}

/** The recorders, in the order in which equal proposals are ranked. */
const RECORDERS: readonly Recorder[] = [
  nvr.frigate,
  nvr.mediamtx,
  nvr.shinobi,
  camera.motioneye,
  camera.motion,
  nvr.zoneminder,
  nvr.synology,
  // Before the next: a name with its end has the shape of one with a channel.
  camera.dahua,
  camera.reolinkFtp,
  camera.reolinkCard,
  camera.kerberos,
  nvr.bluecherry,
  nvr.lightnvr,
  nvr.blueiris,
  camera.axisEdge,
];

export const CUSTOM = 'custom';

/** Every layout a source may name. `custom` is the last and takes its pattern from the source. */
export const LAYOUTS: readonly LayoutInfo[] = [...RECORDERS, customRecorder(undefined)].map((recorder) => ({
  name: recorder.name,
  title: recorder.title,
  patterns: recorder.clips,
  zoneRule: recorder.zoneRule,
  usualClipMs: recorder.usualClipMs,
  maxClipMs: recorder.maxClipMs,
  finishedBy: recorder.finishedBy,
  examples: recorder.examples,
}));

export interface LayoutOptions {
  /** A name of `LAYOUTS`. */
  readonly layout: string;
  /** The pattern of `custom`; for another layout its own setting of names (MediaMTX's recordPath), replacing the default. */
  readonly pattern?: string | undefined;
  /** IANA zone of the recorder's local names. */
  readonly timeZone: string;
  /** Overrides the layout's longest clip. */
  readonly maxClipMs?: number | null | undefined;
  /** Recorder's camera names the source maps (its keys): they decide where a path can be read in more than one way. */
  readonly cameras?: readonly string[] | undefined;
}

/** Makes the layout of a source. Throws `config_invalid` for an unknown layout or zone and for a bad or missing pattern. */
export function compileLayout(options: LayoutOptions): CompiledLayout {
  const recorder = recorderOf(options);
  if (!isZone(options.timeZone)) {
    throw new FortnightError('config_invalid', `${quoted(options.timeZone)} is no time zone`, {
      hint: 'write an IANA name, e.g. Europe/Amsterdam',
    });
  }
  return compileRecorder(recorder, {
    timeZone: options.timeZone,
    maxClipMs: options.maxClipMs === undefined ? recorder.maxClipMs : options.maxClipMs,
    cameras: new Set(options.cameras ?? []),
  });
}

function recorderOf({ layout, pattern }: LayoutOptions): Recorder {
  if (layout === CUSTOM) {
    if (pattern !== undefined) return customRecorder(pattern);
    throw new FortnightError('config_invalid', 'the layout custom needs a pattern', {
      hint: "e.g. pattern: '{camera}/{YYYY}-{MM}-{DD}/{hh}{mm}{ss}.mp4'",
    });
  }
  const recorder = RECORDERS.find(({ name }) => name === layout);
  if (recorder === undefined) {
    const near = nearestName(layout, [...RECORDERS.map(({ name }) => name), CUSTOM]);
    throw new FortnightError('config_invalid', `there is no layout ${quoted(layout)}`, {
      hint: near === undefined ? 'fortnight layouts lists them' : `did you mean ${near}?`,
    });
  }
  return pattern === undefined ? recorder : withPattern(recorder, pattern);
}

/** A recorder that was told to name its files otherwise: its shapes go, its habits stay. */
function withPattern(recorder: Recorder, pattern: string): Recorder {
  const { clips, ext, zoneRule } = customRecorder(pattern);
  const habits = { ...recorder, homes: [], closing: undefined };
  return { ...habits, clips, ext, zoneRule: recorder.zoneRule === 'utc' ? 'utc' : zoneRule };
}
