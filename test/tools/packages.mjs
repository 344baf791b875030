// The Debian packages that the demo, the tests and the measurements need, by the program that shows they are there.
// Nothing is installed when the programs are present, whoever installed them.
import { run, say, ToolError, which } from './steps.mjs';

/** program -> [package, purposes] */
const NEEDED = {
  ffmpeg: ['ffmpeg', ['demo', 'test', 'bench']],
  ffprobe: ['ffmpeg', ['demo', 'test', 'bench']],
  openssl: ['openssl', ['test', 'bench']],
  chromium: ['chromium', ['test']],
  strace: ['strace', ['test', 'bench']],
  faketime: ['faketime', ['test']],
  promtool: ['prometheus', ['test']],
  'systemd-analyze': ['systemd', ['test']],
  nginx: ['nginx-light', ['bench']],
};
/** Nothing of ours runs without these; a test that lacks another says so and is skipped. */
const INDISPENSABLE = new Set(['ffmpeg']);

const APT_LIMIT_S = 600;

/** Packages of `purpose` whose programs are not on the PATH. */
export function missingPackages(purpose) {
  const missing = Object.entries(NEEDED)
    .filter(([program, [, purposes]]) => purposes.includes(purpose) && which(program) === undefined)
    .map(([, [name]]) => name);
  return [...new Set(missing)];
}

/**
 * Installs what `purpose` lacks, when we may and there is an apt. Otherwise one line names the packages; it ends the
 * tool only when one is indispensable.
 */
export async function ensurePackages(purpose) {
  const missing = missingPackages(purpose);
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && which('apt-get') !== undefined && (await install(missing))) return;
  const lacking = missingPackages(purpose);
  if (lacking.length === 0) return;
  const line = `not installed: ${lacking.join(', ')} (as root: apt-get install ${lacking.join(' ')})`;
  if (lacking.some((name) => INDISPENSABLE.has(name))) throw new ToolError(line);
  say(line);
}

async function install(packages) {
  say(`installing with apt-get: ${packages.join(' ')}`);
  const env = {
    DEBIAN_FRONTEND: 'noninteractive',
    // Packages that bring a server (prometheus, nginx) must not start one: we want their programs only.
    SYSTEMD_OFFLINE: '1',
  };
  const options = { limitS: APT_LIMIT_S, env, quiet: true };
  await run('apt-get', ['update', '-qq'], options);
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  return (await run('apt-get', args, options)) === 0;
}
