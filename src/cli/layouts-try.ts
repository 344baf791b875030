/** `fortnight layouts try`: reads a directory, never writes, and says how its files would be read. */
import { resolve } from 'node:path';
import { isoUtc, systemClock } from '../base/clock.ts';
import { counted } from '../base/counted.ts';
import { FortnightError, errnoOf } from '../base/errors.ts';
import { printable, quoted } from '../base/printable.ts';
import { isZone, zoneOf } from '../base/zone.ts';
import {
  CUSTOM,
  LAYOUTS,
  compileLayout,
  detectUngovernable,
  proposeLayouts,
  type CompiledLayout,
  type Proposal,
} from '../clips/layouts/index.ts';
import { survey, type CameraSurvey, type Survey } from '../clips/layouts/survey.ts';
import { tryZone, type WrittenFile, type ZoneFinding } from '../clips/layouts/zone-trial.ts';
import { NotContained, displayName, joinPath, openRootDir, type DirHandle } from '../disk/handle.ts';
import { walk } from '../disk/walk.ts';
import { parseOptions, type CommandIo } from './command.ts';
import { configLines } from './layouts-config.ts';
import { proposedZone, zoneLine } from './layouts-zone.ts';
import { table } from './text.ts';

const MAX_FILES = 1_000_000;
const DEFAULT_FILES = 100_000;
/** Files the layouts are compared on: enough to tell them apart, little enough to be quick. */
const PROPOSE_FILES = 5_000;
const NANOS_PER_MS = 1_000_000n;

interface TryOptions {
  readonly root: string;
  readonly layout: string | undefined;
  readonly pattern: string | undefined;
  readonly zone: string;
  readonly limit: number;
  readonly json: boolean;
}

/** Everything the command found out. */
interface Trial {
  readonly root: string;
  readonly zone: string;
  readonly complete: boolean;
  readonly unreadable: number;
  readonly layout: string | null;
  readonly pattern: string | null;
  readonly proposals: readonly Proposal[];
  readonly survey: Survey | null;
  /** How the recorder's zone looks; null without a layout, or where its names are in UTC. */
  readonly zoneFinding: ZoneFinding | null;
}

/** Runs the command; answers the exit status. Throws `invalid` for a recorder that cannot be governed. */
export function tryLayouts(args: readonly string[], io: CommandIo): number {
  const options = optionsOf(args);
  const seen = readTree(options);
  const paths = seen.files.map(({ path }) => path);
  const refused = options.layout === undefined ? detectUngovernable(paths) : undefined;
  if (refused !== undefined) {
    throw new FortnightError('invalid', `this is ${refused.title}: ${refused.reason}`);
  }
  const proposals = proposeLayouts(sample(paths, PROPOSE_FILES), options.zone);
  const layout = chosen(options, proposals);
  const trial: Trial = {
    root: options.root,
    zone: options.zone,
    complete: seen.complete,
    unreadable: seen.unreadable,
    layout: layout?.name ?? null,
    pattern: options.pattern ?? null,
    proposals,
    survey: layout === undefined ? null : survey(seen.files, layout, systemClock.wallMs()),
    zoneFinding: layout === undefined || isUtc(layout) ? null : zoneOfFiles(seen.files, layout.name, options),
  };
  io.out.write(options.json ? `${JSON.stringify(shown(trial))}\n` : report(trial, paths));
  return layout === undefined ? 1 : 0;
}

const TRY_OPTIONS = {
  layout: { type: 'string' },
  pattern: { type: 'string' },
  zone: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
} as const;

function optionsOf(args: readonly string[]): TryOptions {
  const { values, positionals } = parseOptions(args, TRY_OPTIONS, Infinity);
  const [root, ...more] = positionals;
  if (root === undefined || more.length > 0) {
    throw new FortnightError('usage', 'fortnight layouts try takes one directory');
  }
  const zone = values.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isZone(zone)) {
    throw new FortnightError('usage', `${quoted(zone)} is no time zone`, {
      hint: 'e.g. --zone Europe/Amsterdam',
    });
  }
  const limit = Number(values.limit ?? DEFAULT_FILES);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_FILES) {
    throw new FortnightError('usage', `--limit takes 1 to ${String(MAX_FILES)}`);
  }
  const layout = values.layout ?? (values.pattern === undefined ? undefined : CUSTOM);
  return { root: resolve(root), layout, pattern: values.pattern, zone, limit, json: values.json === true };
}

/** The layout asked for, or the best proposal; undefined when none fits. */
function chosen(options: TryOptions, proposals: readonly Proposal[]): CompiledLayout | undefined {
  const layout = options.layout ?? proposals[0]?.name;
  if (layout === undefined) return undefined;
  return compileLayout({ layout, pattern: options.pattern, timeZone: options.zone });
}

function isUtc({ name }: CompiledLayout): boolean {
  return LAYOUTS.some((layout) => layout.name === name && layout.zoneRule === 'utc');
}

function zoneOfFiles(
  files: readonly WrittenFile[],
  layout: string,
  { zone, pattern }: TryOptions,
): ZoneFinding {
  const layoutIn = (timeZone: string): CompiledLayout => compileLayout({ layout, pattern, timeZone });
  return tryZone({ files, zone, layoutIn });
}

interface Seen {
  readonly files: readonly WrittenFile[];
  /** False when the limit ended the walk. */
  readonly complete: boolean;
  /** Directories that could not be listed. */
  readonly unreadable: number;
}

function readTree({ root, limit }: TryOptions): Seen {
  const files: WrittenFile[] = [];
  let unreadable = 0;
  const dir = openTree(root);
  try {
    for (const step of walk(dir)) {
      if (step.is === 'unreadable') unreadable++;
      if (step.is !== 'chunk') continue;
      for (const { name, stat } of step.entries) {
        if (stat.kind !== 'file') continue;
        if (files.length === limit) return { files, complete: false, unreadable };
        files.push({ path: joinPath(step.path, name), mtimeMs: Number(stat.mtimeNs / NANOS_PER_MS) });
      }
    }
    return { files, complete: true, unreadable };
  } finally {
    dir.close();
  }
}

function openTree(root: string): DirHandle {
  try {
    return openRootDir(root);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined && !(error instanceof NotContained)) throw error;
    const why = errno ?? 'it is a link or no directory';
    throw new FortnightError('not_found', `${quoted(root)} cannot be read: ${why}`, {
      hint: 'name the directory of the recordings itself, and run this as a user who may read it',
      cause: error,
    });
  }
}

/** At most `count` of the values, spread evenly. */
function sample(values: readonly string[], count: number): string[] {
  const step = Math.max(1, values.length / count);
  return Array.from({ length: Math.min(values.length, count) }, (_, i) => values[Math.floor(i * step)] ?? '');
}

/** The trial with names made fit for display: bytes are no JSON. */
function shown(trial: Trial): unknown {
  const { survey: found } = trial;
  if (found === null) return trial;
  const clip = ({ path, startMs }: CameraSurvey['first']): unknown => ({
    path: displayName(path),
    start: isoUtc(startMs),
  });
  const cameras = found.cameras.map((c) => ({ ...c, first: clip(c.first), last: clip(c.last) }));
  const unmatchedSample = found.unmatchedSample.map(displayName);
  return {
    ...trial,
    survey: { ...found, cameras, unmatchedSample },
    config: linesOf(trial, found),
  };
}

function linesOf(trial: Trial, { cameras }: Survey): string {
  const { zoneFinding, zone } = trial;
  return configLines(
    { ...trial, zone: zoneFinding === null ? zone : proposedZone(zoneFinding, zone) },
    cameras,
  );
}

function report(trial: Trial, paths: readonly string[]): string {
  const { survey: found, layout, zone } = trial;
  const limited = trial.complete ? '' : ' (more were left out: --limit)';
  const head = `${printable(trial.root)}: ${counted(paths.length, 'file')}${limited}\n`;
  if (found === null || layout === null) {
    const names = paths.slice(0, 10).map((path) => `  ${displayName(path)}\n`);
    return `${head}No layout fits. Describe the names with --pattern, see docs/guide/layouts.md.\n${names.join('')}`;
  }
  return [
    head,
    `Layout ${layout}, local times in ${zone}${others(trial)}\n\n`,
    cameraTable(found, zone),
    counts(found),
    warnings(trial, found),
    found.cameras.length === 0 ? '' : `\nFor the configuration:\n${linesOf(trial, found)}`,
  ].join('');
}

function others({ proposals, layout }: Trial): string {
  const rest = proposals
    .filter(({ name }) => name !== layout)
    .map(({ name, matched }) => `${name} (${String(matched)})`);
  return rest.length === 0 ? '' : `; also possible: ${rest.join(', ')}`;
}

function cameraTable({ cameras }: Survey, zone: string): string {
  const rows = cameras.map((c) => [
    c.recorderCamera,
    String(c.clips),
    String(c.stills),
    localTime(c.first.startMs, zone),
    localTime(c.last.startMs, zone),
    displayName(c.last.path),
  ]);
  return table([['CAMERA', 'CLIPS', 'STILLS', 'FIRST', 'LAST', 'ITS FILE'], ...rows]);
}

/** A time with its offset, so that nobody has to guess. */
function localTime(ms: number, zone: string): string {
  const offsetMs = zoneOf(zone).offsetMs(ms);
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const hhmm = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return `${isoUtc(ms + offsetMs).slice(0, 19)}${offsetMs < 0 ? '-' : '+'}${hhmm}`;
}

function counts(found: Survey): string {
  const line = `\n${counted(found.sidecars, 'sidecar')}, ${String(found.unfinished)} unfinished, ${String(found.companions)} of the recorder's own`;
  if (found.unmatched === 0) return `${line}; every file is known\n`;
  const names = found.unmatchedSample.map((path) => `  ${displayName(path)}\n`).join('');
  return `${line}; ${String(found.unmatched)} match nothing and would never be deleted:\n${names}`;
}

function warnings(trial: Trial, found: Survey): string {
  const undated = found.cameras.reduce((sum, camera) => sum + camera.undated, 0);
  const lines: readonly (readonly [number, string])[] = [
    [trial.unreadable, 'directories could not be listed'],
    [undated, 'names tell no time: those files are dated by their mtime'],
    [found.ambiguous, 'names lie in the hour that comes twice in autumn: both readings are kept'],
    [found.shifted, 'names lie in the hour that spring leaves out: moved forward'],
    [found.future, 'names lie in the future: the first sight of the file counts instead'],
    [found.disagreeing, 'names are far from the mtime of their file: the mtime counts'],
  ];
  const text = lines.filter(([n]) => n > 0).map(([n, what]) => `warning: ${String(n)} ${what}\n`);
  if (trial.zoneFinding !== null) text.push(zoneLine(trial.zoneFinding, trial.zone));
  const told = text.join('');
  return told === '' ? '' : `\n${told}`;
}
