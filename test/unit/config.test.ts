import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleYaml } from '../../src/config/example.ts';
import { configKeys } from '../../src/config/keys.ts';
import { parseConfig } from '../../src/config/load.ts';
import { referenceTable } from '../../src/config/reference.ts';
import { layoutCatalogue } from '../../src/cli/open-config.ts';
import { ACCOUNT, parseText, parseTree, problemsOf, validTree, type TestTree } from '../tools/config-file.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const repository = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

let dir: Scratch;
let tree: TestTree;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => {
  dir.remove();
});

/** The problems of the valid configuration after `spoil`. */
function spoiled(spoil: (t: TestTree) => void): string[] {
  tree = validTree(dir.path);
  spoil(tree);
  return problemsOf(stringify(tree));
}

describe('a configuration', () => {
  it('fills in defaults, units and what depends on other keys', () => {
    const { config, warnings } = parseTree(validTree(dir.path));
    expect(warnings).toEqual([]);
    expect(config.retention).toMatchObject({ days: 14, retentionMs: 1_209_600_000 });
    expect(config.holds.coolingOffMs).toBe(86_400_000);
    expect(config.cameras[0]).toMatchObject({ controller: 'Example B.V.', retired: false });
    expect(config.sources[0]).toMatchObject({
      timeZone: 'Europe/Amsterdam',
      events: 'auto',
      maxClipMs: undefined,
    });
    expect(config.http).toMatchObject({ port: 8443, tls: undefined, trustedProxies: [] });
    expect(config.http.hosts).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '[::1]']));
    expect(config.metrics).toMatchObject({ address: '127.0.0.1', enabled: true, tokenFile: undefined });
    expect(config.clock.trust).toBe('synchronised');
  });

  it('gives a text in every language: one for all, or that of the site for those left out', () => {
    tree = validTree(dir.path);
    tree.site['language'] = 'fr';
    tree.cameras[0].name = { nl: 'Ingang', fr: 'Entrée' };
    const { config } = parseTree(tree);
    expect(config.cameras[0]!.name).toEqual({ nl: 'Ingang', en: 'Entrée', fr: 'Entrée' });
    expect(config.cameras[1]!.name).toEqual({ nl: 'Hall', en: 'Hall', fr: 'Hall' });
    expect(config.cameras[1]!.purpose.fr).toBe('Eigendommen beschermen');
  });

  it('keeps the names of recorder cameras as they are written, numbers and words of the language alike', () => {
    const text = stringify(validTree(dir.path)).replace(
      /front_door: entrance\n\s+lobby: hall/,
      '000123: entrance\n      7: hall\n      true: hall\n      constructor: entrance',
    );
    const { cameras } = parseText(text).config.sources[0]!;
    expect(Object.keys(cameras).sort()).toEqual(['000123', '7', 'constructor', 'true']);
    expect('toString' in cameras).toBe(false);
  });

  it('is told of an unknown key by line, key and nearest name', () => {
    expect(problemsOf(stringify(validTree(dir.path)).replace('timeZone:', 'timezone:'))).toEqual([
      'line 5: site.timezone: is no known key; did you mean "timeZone"?',
    ]);
    expect(spoiled((t) => (t['retetnion'] = {}))[0]).toMatch(
      /^line \d+: retetnion: is no known key; did you mean "retention"\?$/,
    );
    expect(spoiled((t) => (t['days'] = 14))[0]).toMatch(
      /days: is no known key here; did you mean "retention\.days"\?$/,
    );
    expect(spoiled((t) => (t.site['zzzzzz'] = 1))[0]).toMatch(
      /site\.zzzzzz: is no known key; known here: name, city,/,
    );
    expect(spoiled((t) => (t.cameras[0].name['de'] = 'Eingang'))[0]).toMatch(
      /cameras\[0\]\.name\.de: is no known key; known here: nl, en, fr$/,
    );
  });

  it('is told of an unknown value with the nearest one', () => {
    const spoil = (t: TestTree): void => {
      t.sources[0]['layout'] = 'frigat';
      t.sources[0].cameras['lobby'] = 'hal';
      t.sources[0]['events'] = 'noo';
      t.site['timeZone'] = 'Europe/Amsterdm';
    };
    const problems = spoiled(spoil).join('\n');
    expect(problems).toContain(
      '"Europe/Amsterdm" is no time zone of the IANA database; did you mean "Europe/Amsterdam"?',
    );
    expect(problems).toContain('sources[0].events: must be one of auto, yes, no; did you mean "no"?');
    expect(spoiled((t) => (t.sources[0]['layout'] = 'frigat'))[0]).toContain('did you mean "frigate"?');
    expect(spoiled((t) => (t.sources[0].cameras['lobby'] = 'hal'))[0]).toMatch(
      /^line \d+: sources\[0\]\.cameras\.lobby: "hal" is the id of no camera; did you mean "hall"\?$/,
    );
  });

  it('is told of all its problems at once, of values, of keys and across keys', () => {
    const problems = spoiled((t) => {
      t.site['country'] = 'Netherlands';
      t.cameras.push({ id: 'Hall 2', name: '', purpose: 'x' }, { id: 'entrance', name: 'x', purpose: 'x' });
      t.sources.push({ id: 'two', root: 'relative', layout: 'custom', cameras: { a: 'nobody' } });
      t['metrics'] = { address: '0.0.0.0' };
    });
    expect(problems).toHaveLength(8);
    expect(problems.map((p) => /^line (\d+): /.exec(p)?.[1]).every((line) => Number(line) > 0)).toBe(true);
  });

  it.each([
    ['a text', 'fourteen', /must be a number, not the text "fourteen"/],
    ['a number in quotes', '14', /must be a number, not the text "14"/],
    ['nothing', null, /must be a number, not empty/],
    ['a list', [14], /must be a number, not a list/],
    ['zero', 0, /must be at least 0.05/],
    ['less than zero', -1, /must be at least 0.05/],
    ['for ever', 1e9, /must be at most 366/],
    ['infinite', Infinity, /must be a number/],
    ['no number', NaN, /must be a number/],
    ['above the ceiling', 29, /must be at most 28, the ceiling in NL/],
  ])('is refused with a retention that is %s', (_, days, sentence) => {
    const problems = spoiled((t) => (t.retention['days'] = days));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^line \d+: retention\.days: /);
    expect(problems[0]).toMatch(sentence);
  });

  it('owes a justification beyond 72 h, and not before', () => {
    const days = (n: number) => (t: TestTree) => (t.retention = { days: n });
    expect(spoiled(days(3))).toEqual([]);
    expect(spoiled(days(3.01))[0]).toMatch(/retention\.justification: is owed/);
  });

  it('knows the ceilings of NL and BE, asks for others, and lets none be raised', () => {
    const site = (country: string, retention: object) => (t: TestTree) => {
      t.site['country'] = country;
      Object.assign(t.retention, retention);
    };
    expect(spoiled(site('NL', { days: 28 }))).toEqual([]);
    expect(spoiled(site('BE', { days: 30 }))).toEqual([]);
    expect(spoiled(site('BE', { days: 30.5 }))[0]).toMatch(/at most 30, the ceiling in BE/);
    expect(spoiled(site('NL', { ceilingDays: 40, days: 35 }))[0]).toMatch(/ceilingDays: must be at most 28/);
    expect(spoiled(site('NL', { ceilingDays: 10 }))[0]).toMatch(/days: must be at most 10/);
    expect(spoiled(site('DE', {}))[0]).toMatch(
      /ceilingDays: is owed: Fortnight does not know the ceiling of DE/,
    );
    expect(spoiled(site('DE', { ceilingDays: 14 }))).toEqual([]);
    expect(spoiled(site('DE', { ceilingDays: 13 }))[0]).toMatch(/days: must be at most 13/);
  });

  it('has no name twice, neither a key nor an id', () => {
    const text = stringify(validTree(dir.path));
    expect(problemsOf(text.replace('  name: Office\n', '  name: Office\n  name: Elsewhere\n'))).toEqual([
      'line 3: "name": stands twice, first on line 2',
    ]);
    expect(problemsOf(text.replace('front_door:', '"01": hall\n      01:'))[0]).toMatch(/"01": stands twice/);
    expect(spoiled((t) => (t.cameras[1]['id'] = 'entrance'))[0]).toMatch(
      /cameras\[1\]\.id: "entrance" is the id of cameras\[0\] too/,
    );
  });

  it('owes a metrics token when other machines can reach the metrics', () => {
    const metrics = (value: object) => spoiled((t) => (t['metrics'] = value));
    for (const address of ['127.0.0.1', '127.9.9.9', '::1']) expect(metrics({ address })).toEqual([]);
    for (const address of ['0.0.0.0', '::', '192.0.2.1', '::ffff:192.0.2.1']) {
      expect(metrics({ address })[0]).toMatch(/metrics\.tokenFile: is owed/);
      expect(metrics({ address, enabled: false })).toEqual([]);
    }
    expect(metrics({ port: 8443 })[0]).toMatch(/metrics\.port: 8443 is http\.port too/);
  });

  it('refuses recorders that cannot be governed, with the reason, and bad patterns', () => {
    expect(spoiled((t) => (t.sources[0]['layout'] = 'hikvision'))[0]).toMatch(
      /"hikvision" cannot be governed file by file: it fills pre-allocated files/,
    );
    expect(spoiled((t) => (t.sources[0]['layout'] = 'custom'))[0]).toMatch(
      /pattern: is owed: the layout is custom/,
    );
    const bad = { layout: 'custom', pattern: 'bad' };
    expect(spoiled((t) => Object.assign(t.sources[0], bad))[0]).toMatch(
      /pattern: the pattern "bad" names no camera/,
    );
  });

  it('is warned of clips over an hour, with what they cost', () => {
    tree = validTree(dir.path);
    tree.sources[0]['layout'] = 'mediamtx';
    const { warnings } = parseTree(tree);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.sentence).toContain('is kept 1 h 30 min longer than the retention');
    tree.sources[0]['maxClipMinutes'] = 60;
    expect(parseTree(tree).warnings).toEqual([]);
    tree.sources[0]['maxClipMinutes'] = 120;
    expect(parseTree(tree).warnings[0]!.sentence).toContain('kept 2 h longer');
  });

  it('is warned of a camera nothing records, and of a root that is not there', () => {
    tree = validTree(dir.path);
    delete tree.sources[0].cameras['lobby'];
    tree.sources[0].root += '/later';
    expect(parseTree(tree).warnings.map((w) => `${w.key} ${w.sentence}`)).toEqual([
      'cameras[1].id is recorded by no source',
      'sources[0].root is not there now: the source is offline until it is',
    ]);
    tree.cameras[1]['retired'] = true;
    expect(parseTree(tree).warnings).toHaveLength(1);
  });

  it.each([
    ['nothing', '', /must be a map of keys/],
    ['a list', '- a', /must be a map of keys/],
    ['two documents', 'a: 1\n---\nb: 2', /^line 2: is not valid YAML/],
    ['an open quote', 'site:\n  name: "Office', /^line 2: is not valid YAML/],
    ['a tag', 'site: !!js/function "x"', /^line 1: is not valid YAML/],
    ['an anchor that is nowhere', 'site: *x', /cannot be read as YAML/],
    ['a list as a key', '? [a]\n: 1', /^line 1: a key must be a name/],
    ['a prototype', 'site: {__proto__: {name: x}}', /^line 1: "__proto__": is not allowed as a key/],
    ['a bomb of anchors', bomb(), /cannot be read as YAML/],
    ['a well of brackets', `site: ${'['.repeat(50_000)}`, /YAML/],
  ])('is refused in a sentence when it is %s', (_, text, sentence) => {
    expect(problemsOf(text)[0]).toMatch(sentence);
  });

  it('shows control characters of the file as codes, on one line', () => {
    const problems = problemsOf('"a\\e[2Jb\\nline 9: all is well": 1');
    expect(problems.filter((p) => p.includes('u{1b}'))).toHaveLength(1);
    expect(problems.join('')).not.toMatch(/\p{Cc}/u);
  });

  it('shows them as codes also where the parser repeats the text of the file', () => {
    const [problem] = problemsOf('%\u0000\u001b[2Jsite: 1\n');
    expect(problem).toContain('u{1b}');
    expect(problem).not.toMatch(/\p{Cc}/u);
  });
});

describe('the documents of the configuration', () => {
  it('the annotated example is what the schema gives', () => {
    expect(repository('config/fortnight.example.yaml')).toBe(exampleYaml());
  });

  it('the example holds every key, once commented out at most', () => {
    for (const { key } of configKeys()) {
      const name = key.split(/[.[\]]+/).at(-1)!;
      expect(exampleYaml(), key).toMatch(new RegExp(`^[ #-]*${name}:`, 'm'));
    }
  });

  it('the example is a valid configuration with the layouts there are', () => {
    const context = { file: 'example', layouts: layoutCatalogue, account: ACCOUNT };
    expect(parseConfig(exampleYaml(), context).config.sources[0]!.layout).toBe('frigate');
  });

  it('every key that is commented out in the example is valid when it is not', () => {
    const open = exampleYaml().replaceAll(/^( *)# (?=(?: {2})*- |(?: {2})*[a-zA-Z]+:(?: |$))/gm, '$1');
    expect(open).toMatch(/^ {4}keyFile:/m);
    const problems = problemsOf(open.replace(/^.*(?:certFile|keyFile|tokenFile|tls):.*\n/gm, ''));
    expect(problems).toEqual([]);
  });

  it('the guide has the table of all keys', () => {
    expect(repository('docs/guide/configuration.md')).toContain(referenceTable());
  });

  it('every key has a sentence of help, and an end of its own', () => {
    for (const { key, schema } of configKeys()) expect(schema.help, key).toMatch(/^[A-Z].*\.$|^.+ [`*].*\.$/);
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x]'];
  for (let i = 1; i < 30; i++)
    lines.push(`a${String(i)}: &a${String(i)} [*a${String(i - 1)}, *a${String(i - 1)}]`);
  return lines.join('\n');
}
