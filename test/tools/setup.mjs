// Makes a fresh machine able to run the demo, the tests or the measurements: npm packages, Debian packages, build.
//
//   node test/tools/setup.mjs [--for demo|test|bench]
//
// Needs Node 20 or later, npm, and (for the first run) the network. Every step is left out when there is nothing to do.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { ensurePackages } from './packages.mjs';
import { asProgram, CARRIED_NODE, run, say, TOP, ToolError } from './steps.mjs';

const PURPOSES = ['demo', 'test', 'bench'];
const INSTALL_LIMIT_S = 600;

/** Does all of the set-up for `purpose`. */
export async function prepare(purpose) {
  await ensureNodeModules();
  await ensurePackages(purpose);
  await build();
}

async function ensureNodeModules() {
  if (installedMatchesLock()) return;
  say('installing npm packages');
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const status =
    npm !== undefined && npm.endsWith('.js') && existsSync(npm)
      ? await run(process.execPath, [npm, ...args], { limitS: INSTALL_LIMIT_S })
      : await run('npm', args, { limitS: INSTALL_LIMIT_S });
  if (status !== 0) throw new ToolError('npm ci failed (see above); the first set-up needs the network');
  if (!existsSync(CARRIED_NODE)) {
    throw new ToolError(
      `no Node 24 is carried for ${process.platform}/${process.arch}: Fortnight runs on linux, x64 or arm64`,
    );
  }
}

/** Whether node_modules holds what the lockfile says, by npm's own record of what it installed. */
function installedMatchesLock() {
  const record = join(TOP, 'node_modules', '.package-lock.json');
  if (!existsSync(record) || !existsSync(CARRIED_NODE)) return false;
  const wanted = JSON.parse(readFileSync(join(TOP, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed[path];
    // Optional packages of another system are never installed.
    return there === undefined ? entry.optional === true : there.version === entry.version;
  });
}

function purposeOf(args) {
  const at = args.indexOf('--for');
  const purpose = at < 0 ? 'demo' : args[at + 1];
  if (PURPOSES.includes(purpose)) return purpose;
  throw new ToolError(`usage: setup.mjs [--for ${PURPOSES.join('|')}]`);
}

await asProgram(import.meta.url, async () => {
  await prepare(purposeOf(process.argv.slice(2)));
  return 0;
});
