/** The fields of the pattern language: what each matches. Documented for users in docs/guide/layouts.md. */

/**
 * `free` fields take any characters of a component, `counted` ones a bounded run of one kind, the others an exact
 * number of characters. The compiler needs to know: it keeps matching linear by limiting the free ones.
 */
interface FieldKind {
  readonly source: string;
  readonly size: 'exact' | 'counted' | 'free';
  readonly about: string;
}

const TWO = '\\d{2}';
const exact = (source: string, about: string): FieldKind => ({ source, size: 'exact', about });
const counted = (source: string, about: string): FieldKind => ({ source, size: 'counted', about });
const free = (source: string, about: string): FieldKind => ({ source, size: 'free', about });

/** No camera is called after a day: else each day would bring another one, which the configuration does not map. */
const NO_DAY = '(?!\\d{4}-\\d{2}-\\d{2}(?:/|$))';
const NO_DAYS = '(?!\\d{4}(?:-\\d{2}-\\d{2}|/\\d{2}/\\d{2})(?:/|$))';
/** Nor does its name end with a time: that is the start, and the end follows. */
const NO_TIME = '(?<!_\\d{14})';

export const FIELDS = {
  camera: free(`${NO_DAY}[^/]+${NO_TIME}`, 'name of the camera, within one component; never a date'),
  'camera+': free(
    `${NO_DAYS}[^/]+(?:/${NO_DAYS}[^/]+)*`,
    'name of the camera over one or more components, none of them a date',
  ),
  any: free('[^/]*', 'anything within one component, also nothing; {any:x} writes x'),
  dirs: counted('(?:[^]*/)?', 'any directories, also none'),
  YYYY: exact('\\d{4}', 'year'),
  YY: exact(TWO, 'year of the century, 2000 to 2099'),
  MM: exact(TWO, 'month'),
  DD: exact(TWO, 'day of the month'),
  hh: exact(TWO, 'hour, 00 to 23'),
  hh12: exact(TWO, 'hour, 01 to 12, with ampm'),
  ampm: exact('[AaPp][Mm]', 'AM or PM'),
  mm: exact(TWO, 'minute'),
  ss: exact(TWO, 'second'),
  fff: exact('\\d{3}', 'milliseconds'),
  ffffff: exact('\\d{6}', 'microseconds'),
  epoch: counted('\\d{9,11}', 'seconds since 1970 UTC'),
  epochms: counted('\\d{12,14}', 'milliseconds since 1970 UTC'),
  zone: counted('(?:Z|[+-]\\d{2}:?\\d{2})', 'offset to UTC: +0200, +02:00 or Z'),
  dst: counted('(?:DST)?', 'DST in summer time, else nothing'),
  endYYYY: exact('\\d{4}', 'year of the end'),
  endMM: exact(TWO, 'month of the end'),
  endDD: exact(TWO, 'day of the end'),
  endhh: exact(TWO, 'hour of the end'),
  endmm: exact(TWO, 'minute of the end'),
  endss: exact(TWO, 'second of the end'),
  endepoch: counted('\\d{9,11}', 'end in seconds since 1970 UTC'),
  duration: counted('\\d{1,6}', 'length in seconds'),
  durationms: counted('\\d{1,9}', 'length in milliseconds'),
  serial: counted('\\d{1,20}', 'a counter'),
  channel: exact(TWO, 'two digits of a channel'),
  hex: counted('[0-9A-Fa-f]{1,64}', 'hexadecimal digits'),
  word: counted('[0-9A-Za-z]{1,64}', 'letters and digits'),
  numbers: counted('[-0-9.,]{1,64}', 'digits, dashes, dots and commas'),
  ext: counted('', "a dot and one of the layout's extensions, in capitals or not"),
} as const satisfies Record<string, FieldKind>;

export type FieldName = keyof typeof FIELDS;

export function isField(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

/** What strftime notations mean (MediaMTX, Motion, motionEye, Blue Iris), as patterns. The longest name wins. */
export const STRFTIME: Readonly<Record<string, string>> = {
  path: '{camera+}',
  Y: '{YYYY}',
  y: '{YY}',
  m: '{MM}',
  d: '{DD}',
  H: '{hh}',
  I: '{hh12}',
  p: '{ampm}',
  M: '{mm}',
  S: '{ss}',
  f: '{ffffff}',
  s: '{epoch}',
  z: '{zone}',
  F: '{YYYY}-{MM}-{DD}',
  T: '{hh}:{mm}:{ss}',
  v: '{serial}',
  q: '{serial}',
  t: '{camera}',
  $: '{camera}',
  C: '{any}',
  '{movienbr}': '{serial}',
  '%': '%',
};
