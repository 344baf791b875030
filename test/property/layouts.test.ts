import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CUSTOM,
  LAYOUTS,
  compileLayout,
  proposeLayouts,
  type Reading,
} from '../../src/clips/layouts/index.ts';

const NAMES = LAYOUTS.map(({ name }) => name).filter((name) => name !== CUSTOM);
const ZONES = ['Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/New_York', 'UTC'];

/** Names of cameras as people and recorders give them: with every character a pattern uses around them. */
const camera = fc
  .string({
    unit: fc.constantFrom(
      ...Array.from('abzA019 ._-+()[]{}|%\\^$*?#@&=,;:!~'),
      'é',
      'ß',
      '門',
      '🚪',
      '\u202e',
      '\n',
      '\u0007',
    ),
    minLength: 1,
    maxLength: 24,
  })
  .filter((name) => name !== '.' && name !== '..');

/** Moments around changes of the clock in 2026 and any other, to the millisecond. */
const CHANGES = [
  '2026-03-29T01:00',
  '2026-10-25T01:00',
  '2026-04-04T15:00',
  '2026-10-03T15:30',
  '2026-11-01T06:00',
];
const startMs = fc.oneof(
  fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2099, 11, 30) }),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -3 * 3_600_000, max: 3 * 3_600_000 }))
    .map(([at, offset]) => Date.parse(`${at}:00Z`) + offset),
);

function readClip(layout: ReturnType<typeof compileLayout>, path: string): Reading {
  const meaning = layout.read(path);
  if (meaning?.is !== 'clip')
    throw new Error(`${JSON.stringify(path)} is no clip: ${JSON.stringify(meaning)}`);
  return meaning.reading;
}

/** A start that survives the name's resolution: the moment or its second. */
function holds(reading: Reading, ms: number): boolean {
  const { startsMs, within } = reading;
  if (startsMs.length === 0) return within !== undefined && within.fromMs <= ms && ms < within.toMs;
  return startsMs.includes(ms) || startsMs.includes(Math.floor(ms / 1000) * 1000);
}

describe.each(NAMES)('%s', (name) => {
  test('reads what it writes: the camera, and the moment among the readings', () => {
    fc.assert(
      fc.property(camera, startMs, fc.constantFrom(...ZONES), fc.nat(99_999), (cam, ms, timeZone, serial) => {
        const layout = compileLayout({ layout: name, timeZone });
        const path = layout.format(cam, ms, serial);
        const reading = readClip(layout, path);
        expect(reading.recorderCamera).toBe(cam);
        expect(reading).toMatchObject({ kind: 'video', named: true, shifted: false });
        expect(holds(reading, ms)).toBe(true);
        reading.endsMs.forEach((end, i) => {
          expect(end).toBeGreaterThanOrEqual(reading.startsMs[i]!);
        });
        const dir = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
        const closes = layout.closesMs(dir);
        if (closes !== null) expect(closes).toBeGreaterThan(ms);
      }),
      { numRuns: 300 },
    );
  });

  test('never throws and never takes forever, whatever the bytes', () => {
    const layout = compileLayout({ layout: name, timeZone: 'Europe/Berlin' });
    const real = layout.format('cam', Date.UTC(2026, 4, 1), 7);
    const byte = fc.integer({ min: 0, max: 255 }).map((b) => String.fromCharCode(b));
    const damaged = fc
      .tuple(fc.nat(real.length), fc.nat(4), fc.string({ unit: byte, maxLength: 255 }))
      .map(([at, cut, extra]) => real.slice(0, at) + extra + real.slice(at + cut));
    const component = fc.string({ unit: byte, minLength: 1, maxLength: 255 });
    const path = fc.oneof(
      damaged,
      fc.array(component, { minLength: 1, maxLength: 6 }).map((c) => c.join('/')),
    );
    fc.assert(
      fc.property(path, (p) => {
        layout.read(p);
        layout.closesMs(p);
      }),
      { numRuns: 1000 },
    );
    const pieces = [
      ...real.split(/(?<=[/_.-])/),
      real,
      'a',
      '0',
      '_0',
      '-1',
      '/',
      '20260501',
      '.mp4',
      '.mp4.part',
    ];
    for (const piece of pieces) {
      for (const tail of ['', '.mp4', '.jpg', '\xff'])
        layout.read(piece.repeat(Math.ceil(4096 / piece.length)).slice(0, 4080) + tail);
    }
  });

  test('is the best proposal for a tree it wrote itself', () => {
    fc.assert(
      fc.property(fc.uniqueArray(camera, { minLength: 1, maxLength: 3 }), startMs, (cams, ms) => {
        const layout = compileLayout({ layout: name, timeZone: 'Europe/Berlin' });
        const paths = cams.flatMap((cam) => [0, 1, 2].map((i) => layout.format(cam, ms + i * 60_000, i + 1)));
        const [best] = proposeLayouts(paths, 'Europe/Berlin');
        expect(best).toMatchObject({ name, matched: paths.length, unmatched: 0 });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a pattern of one’s own', () => {
  const separator = fc.constantFrom('-', '_', '.', ' ', '+', '=', '(x)', '[', '*', '$', '^');
  const escaped = (text: string): string => text.replace(/[{}[\]()|%\\]/g, '\\$&');
  const times = (s: string): fc.Arbitrary<string> =>
    fc.constantFrom(
      ['{YYYY}', '{MM}', '{DD}', '{hh}', '{mm}', '{ss}'].join(s),
      `%Y%m%d${s}%H%M%S`,
      `{epoch}${s}{fff}`,
      '{epochms}',
      `{YYYY}{MM}{DD}${s}{hh12}{mm}{ss}${s}{ampm}`,
      `{YYYY}{MM}{DD}${s}{hh}{mm}{ss}{zone}`,
      `{YYYY}{MM}{DD}/{hh}/{mm}${s}{ss}`,
    );
  const pattern = separator.chain((sep) => {
    const s = escaped(sep);
    return fc
      .tuple(
        times(s),
        fc.constantFrom<(t: string) => string>(
          (t) => `{camera}/${t}.mp4`,
          (t) => `{camera+}/${t}`,
          (t) => `x${s}y/{camera}${s}${t}.mkv`,
          (t) => `${t}${s}{camera}.ts`,
          (t) => `{camera}/[${t}/]${t}${s}{serial:3}{ext}`,
        ),
      )
      .map(([t, around]) => around(t));
  });

  test('reads what it writes', () => {
    fc.assert(
      fc.property(pattern, camera, startMs, fc.constantFrom(...ZONES), (text, cam, ms, timeZone) => {
        const layout = compileLayout({ layout: CUSTOM, pattern: text, timeZone });
        const reading = readClip(layout, layout.format(cam, ms, 7));
        expect(reading.recorderCamera).toBe(cam);
        expect(holds(reading, ms)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('any text is compiled or refused with a sentence, never anything else', () => {
    const piece = fc.constantFrom(
      ...'{camera} {camera+} {YYYY} {nope} {serial:9} {serial:x} { } [ ] ( ) | % %Y %Q \\ / a . {any} {dirs} {ext}'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        try {
          compileLayout({ layout: CUSTOM, pattern: pieces.join(''), timeZone: 'UTC' }).read('a/b.mp4');
        } catch (error) {
          expect(error).toMatchObject({ code: 'config_invalid' });
        }
      }),
      { numRuns: 3000 },
    );
  });
});
