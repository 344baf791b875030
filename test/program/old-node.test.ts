/** `fortnight` started by a Node that is too old, the way a shell or a `bin` link would start it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { carriedNode, nodeIsGoodEnough, tooOldSentence } from '../../src/node-version.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';
import { PROCESS_HANG_MS } from '../support/hang.ts';

const TOP = new URL('../..', import.meta.url).pathname;
const CARRIED = join(TOP, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');

/** A Node of the system that is too old, if there is one. */
const OLD = ['/usr/bin/node', '/usr/local/bin/node'].find((node) => {
  if (!existsSync(node)) return false;
  const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  const version = stdout.trim();
  return Number(version.split('.')[0]) >= 20 && !nodeIsGoodEnough(version);
});

describe('which Node runs the program', () => {
  it('is 22.22 or later', () => {
    const good = (version: string): boolean => nodeIsGoodEnough(version);
    expect(['22.22.0', '22.30.1', '23.0.0', '24.21.0', '100.0.0'].map(good)).toEqual(Array(5).fill(true));
    expect(['22.21.9', '20.99.0', '18.0.0', '9.9.9', '4.0.0'].map(good)).toEqual(Array(5).fill(false));
  });

  it('is, when that of the system is too old, the one carried in a node_modules above', () => {
    const dir = scratch();
    const name = join('node_modules', `node-${process.platform}-${process.arch}`, 'bin');
    mkdirSync(join(dir.path, name), { recursive: true });
    mkdirSync(join(dir.path, 'lib', 'fortnight', 'dist'), { recursive: true });
    writeFileSync(join(dir.path, name, 'node'), '');
    expect(carriedNode(join(dir.path, 'lib', 'fortnight', 'dist'))).toBe(join(dir.path, name, 'node'));
    dir.remove();
  });

  it('is not started again by itself', () => {
    const dir = scratch();
    const name = join(dir.path, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin');
    mkdirSync(name, { recursive: true });
    symlinkSync(process.execPath, join(name, 'node'));
    expect(carriedNode(dir.path)).toBeUndefined();
    dir.remove();
  });

  it('is told in one line when there is none that will do', () => {
    expect(tooOldSentence('20.20.2')).toMatch(
      /^Node 20\.20\.2 is too old \(22\.22 or later is needed\)[^\n]*$/,
    );
  });
});

describe('fortnight under an old Node of the system', () => {
  let dir: Scratch;
  let main: string;

  beforeEach((ctx) => {
    if (OLD === undefined) ctx.skip('this system has no Node of its own from 20.0 to 22.21');
  });
  beforeAll(() => {
    dir = scratch();
    if (OLD === undefined) return;
    const dist = join(dir.path, 'dist');
    // Whether the sources compile is another test's business: what is emitted is run.
    spawnSync(
      CARRIED,
      [join(TOP, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', dist],
      {
        cwd: TOP,
        timeout: PROCESS_HANG_MS,
      },
    );
    copyFileSync(join(TOP, 'package.json'), join(dir.path, 'package.json'));
    symlinkSync(join(TOP, 'node_modules'), join(dir.path, 'node_modules'));
    main = join(dist, 'main.js');
  });
  afterAll(() => {
    dir.remove();
  });

  const run = (args: string[], script = main): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(OLD!, [script, ...args], { encoding: 'utf8', timeout: PROCESS_HANG_MS });

  it('runs the carried Node', () => {
    const carried = spawnSync(CARRIED, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim();
    const { status, stdout } = run(['version']);
    expect(stdout).toContain(`(Node ${carried}, `);
    expect(status).toBe(0);
  });

  it('keeps the arguments, the streams and the exit status', () => {
    const { status, stdout, stderr } = run(['confgi', 'two words', '']);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toBe('fortnight: there is no command "confgi"\nhint: did you mean fortnight config?\n');
  });

  it('says in one line that there is no Node for it, and ends with 69', () => {
    const alone = scratch();
    mkdirSync(join(alone.path, 'dist'));
    writeFileSync(join(alone.path, 'package.json'), '{ "type": "module" }');
    for (const file of ['main.js', 'node-version.js']) {
      copyFileSync(join(dir.path, 'dist', file), join(alone.path, 'dist', file));
    }
    const { status, stdout, stderr } = run(['version'], join(alone.path, 'dist', 'main.js'));
    expect({ status, stdout }).toEqual({ status: 69, stdout: '' });
    expect(stderr).toMatch(/^fortnight: Node 2\d\.\d+\.\d+ is too old[^\n]*\n$/);
    alone.remove();
  });

  it('passes signals on, so that a service ends as it is told', async () => {
    const script = join(dir.path, 'dist', 'waits.js');
    writeFileSync(
      script,
      `import { nodeIsGoodEnough, carriedNode, runUnder } from './node-version.js';
       if (!nodeIsGoodEnough(process.versions.node)) process.exit(await runUnder(carriedNode(import.meta.dirname)));
       process.on('SIGTERM', () => process.exit(7));
       setInterval(() => {}, 1000);
       console.log('ready');`,
    );
    const child = spawn(OLD!, [script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    onTestFailed(() => {
      process.kill(-child.pid!, 'SIGKILL');
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(7);
  });
});

describe('output whose reader goes away', () => {
  it('ends the command quietly', () => {
    const command = `"${CARRIED}" "${join(TOP, 'src/main.ts')}" config reference | head -n 1`;
    const { stdout, stderr } = spawnSync('/bin/sh', ['-c', command], {
      encoding: 'utf8',
      timeout: PROCESS_HANG_MS,
    });
    expect(stdout).toMatch(/^\| key \|/);
    expect(stderr).toBe('');
  });
});
