// `npm test`: set-up, the checks of the code, then the tests group by group. `--long` adds test/long.
// The last line is `N passed, N failed, N skipped`; a check of the code counts as one.
//
// Every step has a limit, so that the whole ends in time whatever hangs.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureText } from './counting-reporter.mjs';
import { prepare } from './setup.mjs';
import { asProgram, runTool, say, TOP } from './steps.mjs';

/** Two rows, side by side: each takes one processor. */
const CHECKS = [
  [
    { name: 'types of the program', script: 'typescript/bin/tsc', args: ['--noEmit'] },
    {
      name: 'types of the page',
      script: 'typescript/bin/tsc',
      args: ['--noEmit', '-p', 'src/web'],
      needs: 'src/web/tsconfig.json',
    },
    { name: 'prettier', script: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
  ],
  [{ name: 'eslint', script: 'eslint/bin/eslint.js', args: ['.'] }],
];
const CHECK_LIMIT_S = 180;

/**
 * Folders below test/, each group with its limit in seconds; on two cores they take far less, and together less than a
 * quarter of an hour. `workers`: test files at once, where they wait more than they work; two otherwise. `shared`: one
 * process for many files, where loading what they test takes longer than testing it.
 */
const GROUPS = [
  { name: 'unit and property', folders: ['unit', 'property'], limitS: 240, shared: true },
  { name: 'simulation', folders: ['simulation'], limitS: 330 },
  // Together, so that nobody waits for the last file of each: a crash test waits for what the disk and strace do.
  {
    name: 'whole program, crash and attacks',
    folders: ['program', 'crash', 'attacks'],
    limitS: 720,
    workers: 3,
    shared: true,
  },
  { name: 'browser', folders: ['browser'], limitS: 210 },
];
const LONG = {
  name: 'long',
  folders: ['long'],
  limitS: 4 * 3600,
  config: ['--config', 'test/long/vitest.config.ts'],
};

/** Every start of the program compiles its sources, in each of its threads: a quarter of what these tests cost. */
const COMPILED = join(tmpdir(), 'fortnight-test-compiled');

async function main() {
  await prepare('test');
  const total = { passed: 0, failed: 0, skipped: [] };
  await Promise.all(CHECKS.map((row) => runRow(row, total)));
  const groups = process.argv.includes('--long') ? [...GROUPS, LONG] : GROUPS;
  for (const group of groups) await runGroup(group, total);
  return conclude(total);
}

async function runRow(checks, total) {
  for (const check of checks) await runCheck(check, total);
}

async function runCheck(check, total) {
  if (check.needs !== undefined && !existsSync(join(TOP, check.needs))) return;
  say(`\n== ${check.name}`);
  const status = await runTool(check.script, check.args, {
    limitS: CHECK_LIMIT_S,
    env: { NODE_COMPILE_CACHE: COMPILED },
  });
  if (status === 0) total.passed += 1;
  else fail(total, { name: check.name, limitS: CHECK_LIMIT_S }, status);
}

async function runGroup(group, total) {
  const folders = group.folders.map((name) => `test/${name}`).filter(holdsTests);
  if (folders.length === 0) return;
  say(`\n== ${group.name}`);
  const began = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'fortnight-test-'));
  const counts = join(scratch, 'counts.json');
  const args = ['run', ...(group.config ?? []), '--reporter', './test/tools/counting-reporter.mjs'];
  if (group.shared === true) args.push('--no-isolate');
  if (group.workers !== undefined) args.push('--maxWorkers', String(group.workers));
  const env = { FORTNIGHT_TEST_COUNTS: counts, NODE_COMPILE_CACHE: COMPILED };
  const options = { limitS: group.limitS, env };
  const status = await runTool('vitest/vitest.mjs', [...args, ...folders.map((f) => `${f}/`)], options);
  if (!existsSync(counts)) fail(total, group, status);
  else {
    const found = JSON.parse(readFileSync(counts, 'utf8'));
    total.passed += found.passed;
    total.failed += found.failed;
    total.skipped.push(...found.skipped);
    if (!found.done) {
      for (const failure of found.failures) say(failureText(failure));
      for (const name of found.running) say(`not done: ${name}`);
    }
    // Told apart from failing tests: the runner itself did not end well.
    if (!found.done || (status !== 0 && found.failed === 0)) fail(total, group, status);
  }
  rmSync(scratch, { recursive: true, force: true });
  say(`  ${group.name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

function holdsTests(folder) {
  const path = join(TOP, folder);
  return (
    existsSync(path) && readdirSync(path, { recursive: true }).some((f) => String(f).endsWith('.test.ts'))
  );
}

function fail(total, { name, limitS }, status) {
  total.failed += 1;
  say(status === -1 ? `FAILED ${name}: not done within ${String(limitS)} s` : `FAILED ${name}`);
}

function conclude({ passed, failed, skipped }) {
  say('');
  for (const { name, reason } of skipped)
    say(`skipped: ${name}: ${reason === '' ? 'no reason given' : reason}`);
  say(`${String(passed)} passed, ${String(failed)} failed, ${String(skipped.length)} skipped`);
  return failed === 0 ? 0 : 1;
}

await asProgram(import.meta.url, main);
