/** The prompt of passwords on a real terminal, made by `script` of util-linux. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scratch, type Scratch } from '../tools/scratch.ts';

const PASSWORD = new URL('../../src/cli/password.ts', import.meta.url).href;
const hasScript = spawnSync('script', ['--version']).status === 0;

let dir: Scratch;
let program: string;
beforeEach((ctx) => {
  if (!hasScript) ctx.skip('script (util-linux) is not installed');
});
beforeAll(() => {
  dir = scratch();
  program = join(dir.path, 'ask.mjs');
  writeFileSync(
    program,
    `import { readNewPassword } from ${JSON.stringify(PASSWORD)};
     const io = { out: process.stdout, err: process.stderr, stdin: process.stdin };
     const said = await readNewPassword(io, 'Password: ').catch((error) => error.message);
     console.log('[' + said.toUpperCase() + ']');
     process.exit(0);`,
  );
});
afterAll(() => {
  dir.remove();
});

/** Everything the terminal shows when each answer is typed at its prompt. */
function session(answers: readonly string[]): Promise<string> {
  const child = spawn('script', ['-qec', `"${process.execPath}" "${program}"`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...answers];
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const text = chunk.toString();
    shown += text;
    if (text.includes(': ')) child.stdin.write(left.shift() ?? '');
  });
  return new Promise((resolve) => {
    child.on('close', () => {
      resolve(shown.replaceAll('\r', ''));
    });
  });
}

describe('a password on the terminal', () => {
  it('is not shown, is asked twice and may be corrected', async () => {
    expect(await session(['secret horsf\x7fe\r', 'secret horse\r'])).toBe(
      'Password: \nOnce more: \n[SECRET HORSE]\n',
    );
  });

  it('is refused when the second differs', async () => {
    expect(await session(['secret\r', 'other\r'])).toContain('[THE TWO PASSWORDS DIFFER]');
  });

  it('is given up with Ctrl-C and Ctrl-D', async () => {
    expect(await session(['sec\x03'])).toBe('Password: \n[NO PASSWORD WAS GIVEN]\n');
    expect(await session(['\x04'])).toBe('Password: \n[NO PASSWORD WAS GIVEN]\n');
  });
});
