/** `fortnight clock confirm`: a person at the console says that the wall clock is right. */
import { groupCommand, parseOptions, type Command } from './command.ts';
import { withDaemon } from './connect.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';

const confirm: Command = {
  name: 'confirm',
  summary: 'say that the wall clock is right, so that the retention clock may follow it',
  usage: `Usage: fortnight clock confirm [--config <file>]

${CONFIG_USAGE}
Look at the clock first: \`date\`. Footage that is due by it is deleted with the next sweep. The act is recorded.
`,
  async run(args, io) {
    const { values } = parseOptions(args, CONFIG_OPTION);
    await withDaemon('clock.confirm', {}, openConfig(values.config).config);
    io.out.write('the clock is confirmed\n');
    return 0;
  },
};

export const command = groupCommand('clock', 'confirm the wall clock', [confirm]);
