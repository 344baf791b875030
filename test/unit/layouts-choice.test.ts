import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FIELDS } from '../../src/clips/layouts/fields.ts';
import {
  CUSTOM,
  LAYOUTS,
  UNGOVERNABLE,
  compileLayout,
  detectUngovernable,
  proposeLayouts,
} from '../../src/clips/layouts/index.ts';
import { survey } from '../../src/clips/layouts/survey.ts';

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** The start a custom pattern reads, ISO; undefined when it reads no clip. */
function startOf(pattern: string, path: string, layout = CUSTOM): string | undefined {
  const meaning = compileLayout({ layout, pattern, timeZone: 'Europe/Berlin' }).read(bytes(path));
  if (meaning?.is !== 'clip') return undefined;
  const start = meaning.reading.startsMs[0];
  return `${meaning.reading.recorderCamera} ${start === undefined ? '-' : new Date(start).toISOString()}`;
}

describe('a pattern of the user', () => {
  test.each([
    [
      '{camera}/{YYYY}-{MM}-{DD}/{hh}{mm}{ss}.mp4',
      'Tor 1/2026-05-01/130742.MP4',
      'Tor 1 2026-05-01T11:07:42.000Z',
    ],
    ['%path/%Y-%m-%d_%H-%M-%S-%f', 'a/b/2026-05-01_13-07-42-500000.mp4', 'a/b 2026-05-01T11:07:42.500Z'],
    ['./recordings/%path/%s', 'hall/1777633662.mp4', 'hall 2026-05-01T11:07:42.000Z'],
    ['/data/rec/{camera}/{epochms}.mkv', 'hall/1777633662500.mkv', 'hall 2026-05-01T11:07:42.500Z'],
    ['%$/%Y%m%d/%v-%T', 'yard/20260501/12-13:07:42.avi', 'yard 2026-05-01T11:07:42.000Z'],
    ['{camera}_{YY}{MM}{DD}{hh12}{mm}{ampm}', 'x_260501120742AM.mp4', undefined],
    ['{camera}_{YY}{MM}{DD}{hh12}{mm}{ampm}', 'x_2605011207AM.mp4', 'x 2026-04-30T22:07:00.000Z'],
    ['{camera}_{YY}{MM}{DD}{hh12}{mm}{ampm}', 'x_2605010107pm.mp4', 'x 2026-05-01T11:07:00.000Z'],
    [
      'Büro\\[1\\]/{camera}_{YYYY}{MM}{DD}[_{hh}{mm}]',
      'Büro[1]/a_20260501_1307.mp4',
      'a 2026-05-01T11:07:00.000Z',
    ],
    [
      '{camera}/(dav|mp4)/{epoch}-{endepoch}',
      'g/dav/1777633662-1777633700.dav',
      'g 2026-05-01T11:07:42.000Z',
    ],
    ['{camera}/{any}.mp4', 'g/whatever.mp4', 'g -'],
  ])('%s reads %s', (pattern, path, expected) => {
    expect(startOf(pattern, path)).toBe(expected);
  });

  test('a recorder that names its files otherwise keeps its habits: zone, longest clip, unfinished files', () => {
    const pattern = '{camera}/{YYYY}{MM}{DD}/{hh}{mm}{ss}.mp4';
    expect(startOf(pattern, 'a/20260501/130742.mp4', 'frigate')).toBe('a 2026-05-01T13:07:42.000Z');
    const layout = compileLayout({ layout: 'frigate', pattern, timeZone: 'UTC' });
    expect([layout.name, layout.maxClipMs]).toEqual(['frigate', 600_000]);
  });

  test('a source’s own limit replaces the layout’s', () => {
    const options = { layout: 'mediamtx', timeZone: 'UTC' };
    expect(compileLayout(options).maxClipMs).toBeNull();
    expect(compileLayout({ ...options, maxClipMs: 5000 }).maxClipMs).toBe(5000);
  });

  test.each([
    ['{camra}/{epoch}', 'did you mean {camera}?'],
    ['{camera}/{epoch', 'docs/guide/layouts.md'],
    ['{camera}{any}/{epoch}', 'put a character between them'],
    ['{camera}/%Q', 'write %% for a per cent sign'],
    ['{camera}/a]', 'write \\] for the character itself'],
    ['{camera}/{hh}-{mm}', 'dated by their mtime'],
    ['{camera}/{YYYY}-{MM}-{DD}_{hh12}{mm}', 'dated by their mtime'],
    ['{camera}/{serial:99}', 'width'],
  ])('%s is refused with a hint', (pattern, hint) => {
    let error: unknown;
    try {
      compileLayout({ layout: CUSTOM, pattern, timeZone: 'UTC' });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'config_invalid', hint: expect.stringContaining(hint) as string });
  });

  test('custom without a pattern, an unknown layout and an unknown zone are refused', () => {
    const compile =
      (layout: string, timeZone = 'UTC') =>
      () =>
        compileLayout({ layout, timeZone });
    expect(compile(CUSTOM)).toThrow(/needs a pattern/);
    expect(compile('frigatte')).toThrow(expect.objectContaining({ hint: 'did you mean frigate?' }) as Error);
    expect(compile('frigate', 'Europe/Atlantis')).toThrow(/no time zone/);
  });
});

describe('the proposal', () => {
  test.each(LAYOUTS.flatMap((l) => l.examples.map((e) => [l.name, e.path, e.zone] as const)))(
    '%s is the only layout that names %s',
    (name, path, zone) => {
      expect(proposeLayouts([bytes(path)], zone).map((p) => p.name)).toEqual([name]);
    },
  );

  test('footage given away by its directory alone proposes nothing', () => {
    expect(proposeLayouts(['films/holiday.mp4', 'films/summer/beach.mkv', 'notes.txt'], 'UTC')).toEqual([]);
  });

  test('what a layout does not name counts against it', () => {
    const paths = [
      'hall/2026-05-01_13-07-42.mp4',
      'hall/2026-05-01_13-07-42.jpg',
      'readme.md',
      'hall/odd.mp4',
    ];
    expect(proposeLayouts(paths, 'UTC')).toEqual([
      { name: 'mediamtx', matched: 1, sidecars: 1, unmatched: 2 },
    ]);
  });
});

describe('recorders that cannot be governed', () => {
  test.each([
    ['hikvision', ['datadir0/hiv00000.mp4', 'datadir0/hiv00001.mp4', 'datadir0/index00.bin', 'info.bin']],
    ['unifi', ['2026/05/01/AABBCC_0_rotating_1777633662.ubv']],
    ['moonfire', ['meta', '0000000100000001', '0000000100000002']],
    ['scrypted', ['cam/1777633662.rtsp']],
    ['blueiris-bvr', ['New/FRONT.20260501_130742.bvr', 'New/FRONT.20260501_140742.bvr']],
    ['viseron', ['hall/init.mp4', 'hall/1777633662.m4s', 'hall/1777633667.m4s']],
  ])('%s is recognised by its names and refused with a reason', (name, paths) => {
    const found = detectUngovernable(paths);
    expect(found?.name).toBe(name);
    expect(found?.reason).toMatch(/\w+ \w+ \w+/);
    expect(() => compileLayout({ layout: name, timeZone: 'UTC' })).toThrow(/no layout/);
  });

  test('no layout’s own files are taken for one of them', () => {
    for (const { examples } of LAYOUTS) {
      for (const { path } of examples) expect(UNGOVERNABLE.filter((u) => u.owns(path))).toEqual([]);
    }
  });

  test('a stray file of theirs refuses nothing', () => {
    expect(detectUngovernable(['a/1.mp4', 'a/2.mp4', 'a/3.bvr'])).toBeUndefined();
    expect(detectUngovernable([])).toBeUndefined();
  });
});

describe('a survey', () => {
  const NOW = Date.UTC(2026, 4, 2);
  const layout = compileLayout({ layout: 'motioneye', timeZone: 'Europe/Berlin' });
  const at = (path: string, mtime: string) => ({ path, mtimeMs: Date.parse(mtime) });

  test('counts each camera’s clips and stills, and shows the first, the last and what matches nothing', () => {
    const found = survey(
      [
        at('B/2026-05-01/13-07-42.mp4', '2026-05-01T11:08:00Z'),
        at('B/2026-05-01/13-07-42.mp4.thumb', '2026-05-01T11:08:01Z'),
        at('B/2026-05-01/14-00-00.jpg', '2026-05-01T12:00:00Z'),
        at('A/2026-05-01/odd.mp4', '2026-05-01T10:00:00Z'),
        at('A/2026-05-01/09-00-00.mp4.part', '2026-05-01T10:00:00Z'),
        at('A/.keep', '2026-05-01T10:00:00Z'),
        at('notes.txt', '2026-05-01T10:00:00Z'),
      ],
      layout,
      NOW,
    );
    expect(found).toMatchObject({ files: 7, sidecars: 1, unfinished: 1, companions: 1, unmatched: 1 });
    expect(found.unmatchedSample).toEqual(['notes.txt']);
    expect(found.cameras.map((c) => [c.recorderCamera, c.clips, c.stills, c.undated])).toEqual([
      ['A', 1, 0, 1],
      ['B', 1, 1, 0],
    ]);
    expect(found.cameras[1]?.last.path).toBe('B/2026-05-01/14-00-00.jpg');
  });

  test('counts names too far from their files to be believed', () => {
    const files = [
      at('A/2026-05-01/13-00-00.mp4', '2026-05-01T11:00:30Z'),
      at('A/2026-05-01/13-01-00.mp4', '2026-05-01T13:01:30Z'),
    ];
    expect(survey(files, layout, NOW)).toMatchObject({ disagreeing: 1, future: 0 });
  });

  test('counts names in the hours of the changing clock and in the future', () => {
    const files = [
      at('A/2026-10-25/02-30-00.mp4', '2026-10-25T00:30:10Z'),
      at('A/2026-03-29/02-30-00.mp4', '2026-03-29T01:30:10Z'),
    ];
    expect(survey(files, layout, NOW)).toMatchObject({ ambiguous: 1, shifted: 1, future: 1 });
  });
});

describe('the documents', () => {
  const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

  test('the guide describes every field of the pattern language', () => {
    const guide = read('guide/layouts.md');
    const missing = Object.keys(FIELDS).filter((field) => !guide.includes(`{${field}}`));
    expect(missing).toEqual([]);
  });

  test('the patterns of the guide compile', () => {
    const blocks = [...read('guide/layouts.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
      (m) => parse(m[1]!) as unknown,
    );
    const sources = blocks.flatMap((b) => (b as { sources?: unknown[] }).sources ?? [b]);
    expect(sources).toHaveLength(2);
    for (const source of sources as { layout: string; pattern: string }[]) {
      const { layout, pattern } = source;
      expect(compileLayout({ layout, pattern, timeZone: 'UTC' }).name).toBe(layout);
    }
  });

  test('the design page has every layout', () => {
    const page = read('design/layouts.md');
    expect(LAYOUTS.filter(({ name }) => name !== CUSTOM && !page.includes(`\`${name}\``))).toEqual([]);
  });
});
