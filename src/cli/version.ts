/** `fortnight version` */
import { programVersion } from '../base/version.ts';
import { parseOptions, type Command } from './command.ts';

export const command: Command = {
  name: 'version',
  summary: 'print the versions of Fortnight and of the Node it runs on',
  usage:
    'Usage: fortnight version\n\nPrints one line: fortnight <version> (Node <version>, <system> <processor>).\n',
  run(args, io) {
    parseOptions(args, {});
    const { platform, arch, versions } = process;
    io.out.write(`fortnight ${programVersion()} (Node ${versions.node}, ${platform} ${arch})\n`);
    return Promise.resolve(0);
  },
};
