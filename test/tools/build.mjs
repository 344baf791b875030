// Makes dist/ of src/: compiled TypeScript, the files it reads beside its code, and the page. Left out when the
// sources are those of the last build. Made aside and moved into place, so that nothing ever runs half a build.
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { asProgram, runTool, say, TOP, ToolError } from './steps.mjs';

const DIST = join(TOP, 'dist');
const STAMP = '.built-from';
const SHEBANG = '#!/usr/bin/env node\n';
const LIMIT_S = 180;
const CONFIGURATION = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
];

/** Builds when something has changed. */
export async function build() {
  const inputs = hashOfInputs();
  const stamp = join(DIST, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  say('building');
  const aside = join(TOP, 'node_modules', '.cache', `dist-${String(process.pid)}`);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  try {
    await compile(aside);
    copyAssets(aside);
    await buildPage(aside);
    makeExecutable(join(aside, 'main.js'));
    writeFileSync(join(aside, STAMP), inputs);
    moveIntoPlace(aside);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

async function compile(aside) {
  const args = ['-p', 'tsconfig.build.json', '--outDir', aside];
  const status = await runTool('typescript/bin/tsc', args, { limitS: LIMIT_S });
  if (status !== 0) throw new ToolError('the sources do not compile');
}

/** What the program reads beside its code: schema.sql and the like. */
function copyAssets(aside) {
  for (const file of filesBelow(join(TOP, 'src'))) {
    const path = relative(join(TOP, 'src'), file);
    if (path.startsWith('web/') || /\.[cm]?tsx?$/.test(path)) continue;
    const target = join(aside, path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

async function buildPage(aside) {
  if (!existsSync(join(TOP, 'vite.config.ts'))) {
    say('no page is built: there is no vite.config.ts');
    return;
  }
  const args = ['build', '--logLevel', 'warn', '--outDir', join(aside, 'web'), '--emptyOutDir'];
  const status = await runTool('vite/bin/vite.js', args, { limitS: LIMIT_S });
  if (status !== 0) throw new ToolError('the page cannot be built');
}

function makeExecutable(main) {
  const code = readFileSync(main, 'utf8');
  if (!code.startsWith('#!')) writeFileSync(main, SHEBANG + code);
  chmodSync(main, 0o755);
}

function moveIntoPlace(aside) {
  const old = `${aside}.old`;
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(aside, DIST);
  rmSync(old, { recursive: true, force: true });
}

function hashOfInputs() {
  const hash = createHash('sha256');
  const files = [...filesBelow(join(TOP, 'src')), ...CONFIGURATION.map((name) => join(TOP, name))];
  for (const file of files.filter((name) => existsSync(name)).sort()) {
    hash.update(relative(TOP, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

await asProgram(import.meta.url, async () => {
  await build();
  return 0;
});
