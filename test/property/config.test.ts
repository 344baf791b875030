import fc from 'fast-check';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleYaml } from '../../src/config/example.ts';
import { FortnightError } from '../../src/base/errors.ts';
import type { Config } from '../../src/config/config.ts';
import { parseText, validTree } from '../tools/config-file.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => {
  dir.remove();
});

/** The configuration, or undefined when it is refused the way it should be. Anything else thrown fails the test. */
function load(text: string): Config | undefined {
  try {
    return parseText(text).config;
  } catch (error) {
    if (!(error instanceof FortnightError)) throw error;
    expect(error.code).toBe('config_invalid');
    expect(error.message).toMatch(/^"test\.yaml" has (a problem|\d+ problems)\n {2}/);
    // Nothing of the file acts on the terminal the refusal is printed on.
    expect(error.message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    return undefined;
  }
}

/** What holds for every configuration that is accepted, whatever was written. */
function expectSound(config: Config): void {
  const { retention, site, cameras, sources } = config;
  const ceiling = { NL: 28, BE: 30 }[site.country] ?? 366;
  expect(retention.days).toBeGreaterThan(0);
  expect(retention.days).toBeLessThanOrEqual(ceiling);
  if (retention.days > 3) expect(retention.justification?.length).toBeGreaterThanOrEqual(20);
  const ids = cameras.map((camera) => camera.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const source of sources) {
    expect(source.root).toMatch(/^\/.*[^/]$/);
    for (const id of Object.values(source.cameras)) expect(ids).toContain(id);
    for (const other of sources) {
      if (other !== source) expect(`${other.root}/`.startsWith(`${source.root}/`)).toBe(false);
    }
    expect(`${config.stateDir}/`.startsWith(`${source.root}/`)).toBe(false);
    expect(`${source.root}/`.startsWith(`${config.stateDir}/`)).toBe(false);
  }
  for (const camera of cameras) {
    for (const text of [...Object.values(camera.name), ...Object.values(camera.purpose)]) {
      expect(text).not.toBe('');
    }
  }
}

/** Values that look like what stands in such files, and some that never should. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    'nvr',
    'entrance',
    'hall',
    'frigate',
    'custom',
    'NL',
    'BE',
    'DE',
    '/',
    '/etc',
    '../x',
  ),
  fc.constantFrom<unknown>(0, -1, 0.5, 3, 14, 28.5, 30, 1e9, NaN, Infinity, '14', true, [], {}, [[]], {
    nl: 'x',
  }),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);

const path = fc.constantFrom('/rec', '/rec2', '/rec/deep', '/rec/deep/er', '/state', '/state/rec');
const plausible = fc.record({
  country: fc.constantFrom('NL', 'BE', 'DE'),
  days: fc.constantFrom(1, 3, 4, 14, 28, 29, 30, 31),
  ceilingDays: fc.option(fc.constantFrom(2, 14, 28, 29, 31, 366), { nil: undefined }),
  justified: fc.boolean(),
  roots: fc.array(path, { minLength: 1, maxLength: 3 }),
  stateDir: path,
  ids: fc.array(fc.constantFrom('hall', 'entrance', 'yard'), { minLength: 1, maxLength: 3 }),
});

/** One change somewhere in a tree: a value replaced, a key taken away, renamed or added, an element doubled. */
interface Change {
  readonly where: number;
  readonly how: 'replace' | 'remove' | 'rename' | 'add' | 'double';
  readonly value: unknown;
  readonly key: string;
}
const change: fc.Arbitrary<Change> = fc.record({
  where: fc.nat(200),
  how: fc.constantFrom('replace', 'remove', 'rename', 'add', 'double'),
  value: odd,
  key: fc.oneof(fc.constantFrom('days', 'root', 'retired', 'constructor', '__proto__', 'tls'), fc.string()),
});

type Container = Record<string, unknown> | unknown[];

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** Every key and position of the tree, depth first. */
function places(tree: Container): [Container, string][] {
  return Object.entries(tree).flatMap(([key, value]): [Container, string][] => [
    [tree, key],
    ...(isContainer(value) ? places(value) : []),
  ]);
}

function apply(tree: Container, { where, how, value, key }: Change): void {
  const all = places(tree);
  const place = all[where % all.length];
  if (place === undefined) return;
  const [container, at] = place as [Record<string, unknown>, string];
  const old = container[at];
  if (how === 'replace') container[at] = value;
  else if (Array.isArray(container)) container.push(how === 'double' ? structuredClone(old) : value);
  else if (how === 'remove') Reflect.deleteProperty(container, at);
  else if (how === 'add')
    Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
  else if (how === 'rename') {
    Reflect.deleteProperty(container, at);
    container[`${at}s`] = old;
  }
}

describe('any configuration', () => {
  it('made of a valid one by some changes is refused in sentences, or is sound', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const tree = structuredClone(validTree(dir.path));
        for (const one of changes) apply(tree, one);
        const config = load(stringify(tree));
        if (changes.length === 0) expect(config).toBeDefined();
        if (config !== undefined) expectSound(config);
      }),
      { numRuns: 600 },
    );
  });

  it('of plausible parts that may not fit together is refused in sentences, or is sound', () => {
    let sound = 0;
    fc.assert(
      fc.property(plausible, ({ country, days, ceilingDays, justified, roots, stateDir, ids }) => {
        const tree = validTree(dir.path);
        const place = (path: string): string => `${dir.path}${path}`;
        tree.site['country'] = country;
        tree.retention = {
          days,
          ...(ceilingDays === undefined ? {} : { ceilingDays }),
          ...(justified ? { justification: 'Damage is found only after a weekend.' } : {}),
        };
        const cameras = ids.map((id) => ({ id, name: id, purpose: 'protecting property' }));
        const sources = roots.map((root, i) => ({
          id: `s${String(i)}`,
          root: place(root),
          layout: 'frigate',
          cameras: { a: 'hall' },
        }));
        const config = load(stringify({ ...tree, cameras, sources, stateDir: place(stateDir) }));
        if (config === undefined) return;
        sound += 1;
        expectSound(config);
      }),
      { numRuns: 500 },
    );
    expect(sound).toBeGreaterThan(5);
  });

  it('made of the example by cutting and pasting text is refused in sentences, or is sound', () => {
    const example = exampleYaml().replaceAll(/^ *#.*\n/gm, '');
    const splice = fc.record({
      at: fc.nat(example.length),
      cut: fc.nat(40),
      paste: fc.oneof(
        fc.constantFrom('\n', ': ', '- ', '"', '&a ', '*a', '[', '{', '|', '%', '\t', '? '),
        fc.string({ unit: 'binary' }),
      ),
    });
    fc.assert(
      fc.property(fc.array(splice, { maxLength: 3 }), (splices) => {
        let text = example;
        for (const { at, cut, paste } of splices) text = text.slice(0, at) + paste + text.slice(at + cut);
        const config = load(text);
        if (config !== undefined) expectSound(config);
      }),
      {
        numRuns: 600,
        examples: [
          [
            [
              { at: 0, cut: 0, paste: '\u001b' },
              { at: 0, cut: 0, paste: '%' },
            ],
          ],
        ],
      },
    );
  });

  it('of any text at all is refused in sentences', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(load(text)).toBeUndefined();
      }),
    );
  });
});
