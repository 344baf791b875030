/** `fortnight demo`: two simulated cameras, a fortnight of history and everything to click on. */
import { fileURLToPath } from 'node:url';
import { systemClock } from '../base/clock.ts';
import { runDemo } from '../demo/demo.ts';
import { parseOptions, type Command } from './command.ts';

export const command: Command = {
  name: 'demo',
  summary: 'show Fortnight with two simulated cameras',
  usage: `Usage: fortnight demo [--dir <directory>] [--keep]

  --dir <directory>  where the demo keeps its footage and state; ./.demo unless given
  --keep             go on with what an earlier run left there, instead of emptying it

Needs ffmpeg. Runs until Ctrl-C.
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      dir: { type: 'string', default: '.demo' },
      keep: { type: 'boolean', default: false },
    });
    await runDemo({
      ...values,
      start: [process.execPath, fileURLToPath(new URL(`../main${extension}`, import.meta.url))],
      clock: systemClock,
      say: (line) => io.out.write(`${line}\n`),
      stop: io.signals.stop(),
    });
    return 0;
  },
};

/** Compiled or not, the program beside us is of the same kind as we are. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
