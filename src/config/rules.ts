/** Checks across keys that need nothing but the file. */
import { isIP } from 'node:net';
import { HOUR_MS, MINUTE_MS } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import { quoted } from '../base/printable.ts';
import { toSource } from './build.ts';
import { CEILING_DAYS, JUSTIFIED_FROM_HOURS, isLoopback } from './facts.ts';
import type { LayoutCatalogue } from './layout-catalogue.ts';
import { didYouMean, type Finding, type Findings } from './problem.ts';
import type { SourceFile } from './schema.ts';
import type { Element, Sections } from './sections.ts';

/** The layout that is nothing but the source's own pattern. */
const CUSTOM = 'custom';

export function checkRules(sections: Sections, layouts: LayoutCatalogue): Findings {
  const perSource = sections.sources.map((source) => checkSource(source, sections, layouts));
  const unowned = sections.sources.flatMap((source) => checkUnowned(source, sections));
  return {
    problems: [
      ...checkRetention(sections),
      ...checkUnique('cameras', sections.cameras),
      ...checkUnique('sources', sections.sources),
      ...checkListeners(sections),
      ...perSource.flatMap((f) => f.problems),
      ...unowned,
    ],
    warnings: [...checkUnrecorded(sections), ...perSource.flatMap((f) => f.warnings)],
  };
}

function checkRetention({ site, retention }: Sections): Finding[] {
  if (retention === undefined) return [];
  const { days, justification, ceilingDays } = retention;
  const findings: Finding[] = [];
  if (days * 24 > JUSTIFIED_FROM_HOURS && justification === undefined) {
    const sentence = `is owed: footage is kept longer than ${String(JUSTIFIED_FROM_HOURS)} h`;
    findings.push({ at: ['retention', 'justification'], sentence });
  }
  if (site === undefined) return findings;
  const law = CEILING_DAYS.get(site.country);
  const ceiling = ceilingDays ?? law;
  if (ceiling === undefined) {
    const sentence = `is owed: Fortnight does not know the ceiling of ${site.country}`;
    findings.push({ at: ['retention', 'ceilingDays'], sentence });
  } else if (law !== undefined && ceiling > law) {
    const sentence = `must be at most ${String(law)}, the ceiling in ${site.country}`;
    findings.push({ at: ['retention', 'ceilingDays'], sentence });
  } else if (days > ceiling) {
    const sentence = `must be at most ${String(ceiling)}, the ceiling in ${site.country}`;
    findings.push({ at: ['retention', 'days'], sentence });
  }
  return findings;
}

function checkUnique(list: string, elements: readonly Element<{ readonly id: string }>[]): Finding[] {
  const first = new Map<string, number>();
  return elements.flatMap(({ index, value }): Finding[] => {
    const before = first.get(value.id);
    if (before === undefined) {
      first.set(value.id, index);
      return [];
    }
    const sentence = `${quoted(value.id)} is the id of ${list}[${String(before)}] too`;
    return [{ at: [list, index, 'id'], sentence }];
  });
}

function checkListeners({ http, metrics }: Sections): Finding[] {
  if (metrics?.enabled !== true) return [];
  const findings: Finding[] = [];
  if (!isLoopback(metrics.address) && metrics.tokenFile === undefined) {
    const sentence = `is owed: metrics.address ${metrics.address} can be reached from other machines`;
    findings.push({ at: ['metrics', 'tokenFile'], sentence });
  }
  if (
    http !== undefined &&
    metrics.port !== 0 &&
    metrics.port === http.port &&
    meet(http.address, metrics.address)
  ) {
    findings.push({ at: ['metrics', 'port'], sentence: `${String(metrics.port)} is http.port too` });
  }
  return findings;
}

/** Whether two listening addresses cannot share a port. */
function meet(a: string, b: string): boolean {
  return a === b || a === '::' || b === '::' || (isIP(a) === isIP(b) && (a === '0.0.0.0' || b === '0.0.0.0'));
}

function checkSource(source: Element<SourceFile>, sections: Sections, layouts: LayoutCatalogue): Findings {
  const at = ['sources', source.index] as const;
  const mapping = checkMapping(source, sections);
  const name = source.value.layout;
  const refused = layouts.refused.get(name);
  if (refused !== undefined) {
    const sentence = `${quoted(name)} cannot be governed file by file: ${refused}`;
    return { problems: [...mapping, { at: [...at, 'layout'], sentence }], warnings: [] };
  }
  if (!layouts.names.includes(name)) {
    const near = didYouMean(name, layouts.names);
    const known = near === '' ? `; known: ${layouts.names.join(', ')}` : near;
    const sentence = `${quoted(name)} is no known layout${known}`;
    return { problems: [...mapping, { at: [...at, 'layout'], sentence }], warnings: [] };
  }
  const pattern = checkPattern(source);
  const length = pattern.length > 0 ? NOTHING : checkLength(source, sections, layouts);
  return { problems: [...mapping, ...pattern, ...length.problems], warnings: length.warnings };
}

/** What nobody owns may be footage whose camera nobody named: it is never kept shorter. */
function checkUnowned({ index, value }: Element<SourceFile>, { retention }: Sections): Finding[] {
  const days = value.unowned?.deleteAfterDays;
  if (days === undefined || retention === undefined || days >= retention.days) return [];
  const sentence = `must be at least ${String(retention.days)}, the retention`;
  return [{ at: ['sources', index, 'unowned', 'deleteAfterDays'], sentence }];
}

const NOTHING: Findings = { problems: [], warnings: [] };

/** A camera whose own definition is wrong is told there, not again at every source that records it. */
function checkMapping({ index, value }: Element<SourceFile>, { writtenCameraIds }: Sections): Finding[] {
  if (writtenCameraIds === undefined) return [];
  const ids = [...writtenCameraIds];
  return Object.entries(value.cameras).flatMap(([recorderCamera, id]): Finding[] => {
    if (ids.includes(id)) return [];
    const sentence = `${quoted(id)} is the id of no camera${didYouMean(id, ids)}`;
    return [{ at: ['sources', index, 'cameras', recorderCamera], sentence }];
  });
}

function checkPattern({ index, value }: Element<SourceFile>): Finding[] {
  if (value.layout !== CUSTOM || value.pattern !== undefined) return [];
  return [{ at: ['sources', index, 'pattern'], sentence: 'is owed: the layout is custom' }];
}

/** A clip is deleted whole, when its end is due: its first second then stays longer by the clip's length. */
function checkLength(source: Element<SourceFile>, sections: Sections, layouts: LayoutCatalogue): Findings {
  const at = ['sources', source.index, 'layout'];
  const config = toSource(source.value, sections.site?.timeZone ?? 'UTC');
  let longestMs: number | null;
  try {
    const lengths = layouts.lengths(config);
    longestMs = config.maxClipMs ?? lengths.maxClipMs ?? lengths.usualClipMs;
  } catch (error) {
    if (!(error instanceof FortnightError)) throw error;
    const key = config.pattern === undefined ? 'layout' : 'pattern';
    return { problems: [{ at: ['sources', source.index, key], sentence: error.message }], warnings: [] };
  }
  if (longestMs === null || longestMs <= HOUR_MS) return NOTHING;
  const over = inWords(longestMs);
  const sentence =
    `clips of ${quoted(config.layout)} are up to ${over} long: the first second of such a clip is kept ` +
    `${over} longer than the retention. Set the recorder to shorter clips, and maxClipMinutes to their length`;
  return { problems: [], warnings: [{ at, sentence }] };
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(minutes % 60)} min`;
}

function checkUnrecorded({ cameras, sources }: Sections): Finding[] {
  const recorded = new Set(
    sources.flatMap(({ value }) => (value.retired ? [] : Object.values(value.cameras))),
  );
  return cameras
    .filter(({ value }) => !value.retired && !recorded.has(value.id))
    .map(({ index }) => ({ at: ['cameras', index, 'id'], sentence: 'is recorded by no source' }));
}
