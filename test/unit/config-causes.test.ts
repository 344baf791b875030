/** One mistake in the file gives one message: the cause, not what follows from it. */
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf, validTree, type TestTree } from '../tools/config-file.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => {
  dir.remove();
});

/** The problems of the valid configuration after `spoil`. */
function spoiled(spoil: (t: TestTree) => void): string[] {
  const tree = validTree(dir.path);
  spoil(tree);
  return problemsOf(stringify(tree));
}

/** Writes a key of the part that `of` picks under another name. */
function renamed(of: (t: TestTree) => Record<string, unknown>, from: string, to: string) {
  return (t: TestTree): void => {
    const map = of(t);
    map[to] = map[from];
    Reflect.deleteProperty(map, from);
  };
}

function moveUp(t: TestTree): void {
  t['timeZone'] = t.site['timeZone'];
  delete t.site['timeZone'];
}

function badId(t: TestTree): void {
  t.cameras[1]['id'] = 'Hall 2';
  t.sources[0].cameras['lobby'] = 'Hall 2';
}

describe('one mistake', () => {
  it.each<readonly [string, (t: TestTree) => void, RegExp]>([
    [
      'a key under another name',
      renamed((t) => t.sources[0], 'layout', 'layot'),
      /layot: .*mean "layout"\?$/,
    ],
    ['a key at the wrong place', moveUp, /timeZone: .*mean "site\.timeZone"\?$/],
    ['a whole section under another name', renamed((t) => t, 'site', 'sites'), /sites: is no known key/],
    ['the list of cameras under another name', renamed((t) => t, 'cameras', 'camera'), /camera: is no/],
    ['a map where cameras are a list', (t) => Object.assign(t, { cameras: { hall: {} } }), /must be a list/],
    [
      'a camera that lacks a key',
      (t) => delete t.cameras[1]['purpose'],
      /cameras\[1\]\.purpose: is missing$/,
    ],
    ['a camera with a key too many', (t) => (t.cameras[1]['fps'] = 5), /cameras\[1\]\.fps: is no known key/],
    [
      'a camera without its id',
      renamed((t) => t.cameras[1], 'id', 'ID'),
      /cameras\[1\]\.ID: is no known key/,
    ],
    ['a language that is none', (t) => (t.cameras[0].name = { fra: 'Entrée' }), /name\.fra: .*mean "fr"\?$/],
    ['an id no camera may have', badId, /cameras\[1\]\.id: must be 1 to 40 of/],
    ['a root that holds everything', (t) => (t.sources[0].root = '/'), /sources\[0\]\.root: must not be \/;/],
    ['a root of the system, with a detour', (t) => (t.sources[0].root = '/etc/'), /written without detours/],
  ])('is told once, by its cause: %s', (_, spoil, sentence) => {
    const problems = spoiled(spoil);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });

  it('hides no other one: an unknown camera is told beside a camera that is wrong', () => {
    const problems = spoiled((t) => {
      delete t.cameras[1]['purpose'];
      t.sources[0].cameras['shed'] = 'shed';
    });
    expect(problems.map((p) => p.replace(/^line \d+: /, ''))).toEqual([
      'cameras[1].purpose: is missing',
      'sources[0].cameras.shed: "shed" is the id of no camera',
    ]);
  });

  it('is told by the first fault of a text that is no YAML, not what the parser makes of the rest', () => {
    const text = stringify(validTree(dir.path));
    for (const [good, bad] of [
      ['  name: Office', '   name: Office'],
      ['  name: Office', '\tname: Office'],
      ['  - id: entrance', '    id: entrance'],
    ] as const) {
      expect(problemsOf(text.replace(good, bad))).toEqual([
        expect.stringMatching(/^line \d+: is not valid YAML: /),
      ]);
    }
  });
});
