/**
 * The measurements: `npm run bench`. Without names all of them; with names those and what is measured with them.
 *
 *   --json         one line per figure: {"name","value","limit","better","ok"}
 *   --scale <n>    a part of the promised sizes, for trying the bench itself: its figures say nothing
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Group, Measured } from './bench.ts';
import { deletion } from './deletion.ts';
import { asJsonLines, asTable, FIGURE_NAMES, judge, type FigureName } from './figures.ts';
import { holding } from './holding.ts';
import { ingest } from './ingest.ts';
import { million } from './million.ts';
import { preserving } from './preserving.ts';
import { serving } from './serving.ts';

const GROUPS: readonly Group[] = [ingest, million, holding, deletion, preserving, serving];

interface Options {
  readonly names: readonly FigureName[];
  readonly json: boolean;
  readonly scale: number;
}

/** What was asked for. Throws with a sentence for the person who asked. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, scale: { type: 'string', default: '1' } },
  });
  const unknown = positionals.find((name) => !isFigure(name));
  if (unknown !== undefined)
    throw new Error(`there is no figure ${unknown}; there are: ${FIGURE_NAMES.join(', ')}`);
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1)) throw new Error('--scale is a number above 0, at most 1');
  return { names: positionals.filter(isFigure), json: values.json, scale };
}

/** Groups that measure one of the names. Each runs once, whatever number of its figures is asked for. */
export function groupsFor(names: readonly FigureName[]): readonly Group[] {
  return names.length === 0 ? GROUPS : GROUPS.filter((g) => g.figures.some((f) => names.includes(f)));
}

/** One value per figure: where several groups measure the same, the worst counts, and one that is missing is missed. */
export function combine(measured: readonly Measured[]): Measured {
  const all: Measured = {};
  for (const one of measured) {
    for (const [key, value] of Object.entries(one)) {
      const name = key as FigureName;
      const before = all[name];
      all[name] =
        before === undefined || value === null ? value : before === null ? null : Math.max(before, value);
    }
  }
  return all;
}

function isFigure(name: string): name is FigureName {
  return (FIGURE_NAMES as readonly string[]).includes(name);
}

async function main({ names, json, scale }: Options): Promise<boolean> {
  const say = (line: string): void => {
    (json ? process.stderr : process.stdout).write(`${line}\n`);
  };
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'fortnight-bench-')));
  const clean = (): void => {
    rmSync(top, { recursive: true, force: true });
  };
  process.once('SIGINT', () => {
    clean();
    process.exit(130);
  });
  const measured: Measured[] = [];
  try {
    for (const group of groupsFor(names)) {
      const load = loadavg()
        .map((l) => l.toFixed(1))
        .join(' ');
      say(`${group.name}: begins at load ${load}`);
      const dirs: string[] = [];
      const bench: Bench = {
        scale,
        say,
        dir: (name) => {
          const dir = join(top, name);
          mkdirSync(dir);
          dirs.push(dir);
          return dir;
        },
      };
      measured.push(await group.run(bench));
      for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
    }
  } finally {
    clean();
  }
  const values = combine(measured);
  const wanted = FIGURE_NAMES.filter((n) => (names.length === 0 ? n in values : names.includes(n)));
  const figures = wanted.map((name) => judge(name, values[name] ?? null));
  process.stdout.write(json ? `${asJsonLines(figures)}\n` : `\n${asTable(figures)}\n`);
  return figures.every((f) => f.ok);
}

if (import.meta.main) {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(64);
  }
  process.exitCode = (await main(options)) ? 0 : 1;
}
