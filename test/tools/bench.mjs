// `npm run bench`: set-up, then the measurements (test/bench/run.ts), with the carried Node.
//
//   npm run bench                      everything, as a table
//   npm run bench -- --json            one line of JSON per figure on standard output, the rest on standard error
//   npm run bench -- range-tls-vs-nginx loop-delay-p99-ms
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { asProgram, CARRIED_NODE, TOP, ToolError } from './steps.mjs';

await asProgram(import.meta.url, async () => {
  const args = process.argv.slice(2);
  const output = args.includes('--json') ? 2 : 1;
  const ready = await program(
    process.execPath,
    [join(TOP, 'test/tools/setup.mjs'), '--for', 'bench'],
    output,
  );
  if (ready !== 0) throw new ToolError('the set-up failed (see above)');
  return program(CARRIED_NODE, [join(TOP, 'test/bench/run.ts'), ...args], 1);
});

/** Runs a program to its end, its output to `output`; its exit status. */
function program(command, args, output) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: TOP, stdio: ['ignore', output, 2] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
