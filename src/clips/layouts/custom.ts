/** The layout of a pattern written by the user, or copied from a recorder's own setting. */
import { VIDEO_EXTS } from './files.ts';
import { bad } from './pattern-text.ts';
import { Pattern } from './pattern.ts';
import type { Recorder } from './recorder.ts';

const TITLE = 'a pattern of your own';

/** The recorder of `pattern`; of undefined, the one that stands for `custom` in lists. Throws `config_invalid`. */
export function customRecorder(pattern: string | undefined): Recorder {
  const base = {
    name: 'custom',
    title: TITLE,
    usualClipMs: null,
    maxClipMs: null,
    finishedBy: 'none',
    examples: [],
  } as const;
  if (pattern === undefined) return { ...base, zoneRule: 'local', ext: 'mp4', clips: [] };
  const { text, ext } = withExtension(withoutFixedDirectories(pattern));
  const compiled = Pattern.of(text, VIDEO_EXTS);
  checkTime(pattern, compiled);
  const exact = compiled.has('epoch', 'epochms', 'zone');
  return { ...base, zoneRule: exact ? 'exact' : 'local', ext, clips: [text] };
}

/**
 * MediaMTX's recordPath and its like begin with the directory recordings lie in (`./recordings/%path/...`). That is
 * the source's root: everything before the first component that varies is left out, if it begins with `.` or `/`.
 */
function withoutFixedDirectories(pattern: string): string {
  if (/^\.{0,2}\//.test(pattern)) return pattern.replace(/^[^{%[(]*\//, '');
  // `recordings/%path/...` is the same setting, and whether the root lies above or below cannot be told.
  return pattern.replace(/^([^{}%[\]()|\\]+\/)(?=%path)/, '($1|)');
}

/** A literal extension at the end becomes `{ext}`: `UPPER.MP4` is a clip too. Without one `{ext}` is added. */
function withExtension(pattern: string): { text: string; ext: string } {
  const literal = /\.([A-Za-z0-9]{1,5})$/.exec(pattern)?.[1]?.toLowerCase();
  if (literal !== undefined && VIDEO_EXTS.includes(literal)) {
    return { text: `${pattern.slice(0, -literal.length - 1)}{ext}`, ext: literal };
  }
  return { text: pattern.includes('{ext}') ? pattern : `${pattern}{ext}`, ext: 'mp4' };
}

/** A pattern that tells a time tells all of it: half a date would be read as no time, silently. */
function checkTime(pattern: string, compiled: Pattern): void {
  if (compiled.has('epoch', 'epochms')) return;
  if (!compiled.has('hh', 'hh12', 'mm', 'ss')) return;
  const owed: readonly (readonly [string, boolean])[] = [
    ['year ({YYYY})', compiled.has('YYYY', 'YY')],
    ['month ({MM})', compiled.has('MM')],
    ['day ({DD})', compiled.has('DD')],
    ['hour ({hh})', compiled.has('hh', 'hh12')],
    ['minute ({mm})', compiled.has('mm')],
    ['AM or PM ({ampm})', compiled.has('ampm') || !compiled.has('hh12')],
  ];
  const missing = owed.find(([, there]) => !there);
  if (missing === undefined) return;
  throw bad(
    pattern,
    `tells a time but no ${missing[0]}`,
    'or leave the time out: clips are then dated by their mtime',
  );
}
