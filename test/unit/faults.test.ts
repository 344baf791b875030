/** The table of faults: every row has a test that bears its number, or a sentence. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const TOP = new URL('../..', import.meta.url).pathname;
/** Rows of each table of faults this product has to stand; there is no C5. */
const OWED = { P: 17, S: 32, C: 14, D: 17 };
const ABSENT = ['F-C5'];

interface Row {
  readonly number: string;
  readonly tests: readonly string[];
  readonly bearing: string;
}

function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| (F-[PSCD]\d+) +\|[^|]+\|(.+)\|$/gm)].map(([, number = '', bearing = '']) => ({
    number,
    bearing: bearing.trim(),
    tests: [...bearing.matchAll(/\]\(\.\.\/\.\.\/(test\/[^)]+)\)/g)].map((m) => m[1]!),
  }));
}

/** Rows whose tests do not bear their number, or that have neither test nor sentence. */
function unborne(rows: readonly Row[]): string[] {
  return rows.flatMap(({ number, tests, bearing }) => {
    if (tests.length === 0)
      return /^[A-Z].{20,}\.$/.test(bearing) ? [] : [`${number}: no test and no sentence`];
    const named = new RegExp(`${number}(?!\\d)`);
    const bears = (test: string): boolean =>
      existsSync(join(TOP, test)) && named.test(readFileSync(join(TOP, test), 'utf8'));
    return tests.filter((test) => !bears(test)).map((test) => `${number}: ${test} does not bear it`);
  });
}

const rows = rowsOf(readFileSync(join(TOP, 'docs/design/faults.md'), 'utf8'));

describe('the table of faults', () => {
  it('has every row, in order', () => {
    const owed = Object.entries(OWED).flatMap(([table, n]) =>
      Array.from({ length: n }, (_, i) => `F-${table}${String(i + 1)}`),
    );
    expect(rows.map((r) => r.number)).toEqual(owed.filter((number) => !ABSENT.includes(number)));
  });

  it('names only tests that bear the number of their row, and has a sentence for each row without', () => {
    expect(unborne(rows)).toEqual([]);
  });

  it('would be found out', () => {
    const forged = '| F-P1 | a | [x](../../test/unit/range.test.ts) |\n| F-P2 | b | later |\n';
    expect(unborne(rowsOf(forged))).toEqual([
      'F-P1: test/unit/range.test.ts does not bear it',
      'F-P2: no test and no sentence',
    ]);
  });
});
