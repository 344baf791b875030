/** Joins the program to the process it runs in: arguments, streams, signals. */
import { PROGRAM } from './index.ts';
import { runProgram } from './program.ts';
import { takeSignals } from './signals.ts';

/** Runs the command line of this process; answers its exit status. */
export function runFromProcess(): Promise<number> {
  // A reader that went away (`fortnight audit | head`) ends us quietly; Node ignores SIGPIPE itself.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(128 + 13);
    });
  }
  const signals = takeSignals({
    on: (signal, listener) => process.on(signal, listener),
    exit: (status) => process.exit(status),
  });
  return runProgram(PROGRAM, process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    stdin: process.stdin,
    signals,
  });
}
