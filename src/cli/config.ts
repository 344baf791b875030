/** `fortnight config`: check, example, reference. Nothing but the file and the directories it names is looked at. */
import { counted } from '../base/counted.ts';
import { configPath } from '../config/load.ts';
import { exampleYaml } from '../config/example.ts';
import { problemLine } from '../config/problem.ts';
import { referenceTable } from '../config/reference.ts';
import { checkAgainstState } from '../app/continuity.ts';
import { groupCommand, parseOptions, type Command } from './command.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { printable } from '../base/printable.ts';

const check: Command = {
  name: 'check',
  summary: 'say whether the daemon would start with a configuration, and what will surprise',
  usage: `Usage: fortnight config check [--config <file>] [<file>]

${CONFIG_USAGE}
Ends with 0, or with 78 and every problem by line, key and nearest valid name.
Run it as the user of the service, so that it sees what the service will see: it also looks into the state directory,
whether something is dropped that still has clips, and whether the retention becomes shorter.
`,
  run(args, io) {
    const { values, positionals } = parseOptions(args, CONFIG_OPTION, 1);
    const path = configPath(positionals[0] ?? values.config);
    const { config, warnings } = openConfig(path);
    checkAgainstState(config);
    for (const warning of warnings) io.out.write(`warning: ${printable(problemLine(warning))}\n`);
    const cameras = counted(config.cameras.length, 'camera');
    const sources = counted(config.sources.length, 'source');
    io.out.write(
      `${printable(path)} is valid: ${cameras}, ${sources}, kept ${counted(config.retention.days, 'day')}\n`,
    );
    return Promise.resolve(0);
  },
};

const example: Command = {
  name: 'example',
  summary: 'print an annotated configuration to begin with',
  usage: 'Usage: fortnight config example > fortnight.yaml\n',
  run(args, io) {
    parseOptions(args, {});
    io.out.write(exampleYaml());
    return Promise.resolve(0);
  },
};

const reference: Command = {
  name: 'reference',
  summary: 'print every key with its type, unit, default and meaning',
  usage: 'Usage: fortnight config reference\n\nPrints a Markdown table.\n',
  run(args, io) {
    parseOptions(args, {});
    io.out.write(referenceTable());
    return Promise.resolve(0);
  },
};

export const command = groupCommand(
  'config',
  'check a configuration, print the annotated example or the list of keys',
  [check, example, reference],
);
