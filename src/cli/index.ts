/** The commands of `fortnight`, one file each, loaded when called. */
import type { CommandGroup } from './command.ts';

export const PROGRAM: CommandGroup = {
  path: 'fortnight',
  about: 'fortnight: camera footage is deleted fourteen days after its recording, unless a hold covers it',
  entries: [
    {
      name: 'config',
      summary: 'check a configuration, print the annotated example or the list of keys',
      load: async () => (await import('./config.ts')).command,
    },
    {
      name: 'demo',
      summary: 'show Fortnight with two simulated cameras',
      load: async () => (await import('./demo.ts')).command,
    },
    {
      name: 'layouts',
      summary: 'list the layouts of recorders, or show how the files of a directory would be read',
      load: async () => (await import('./layouts.ts')).command,
    },
    {
      name: 'version',
      summary: 'print the versions of Fortnight and of the Node it runs on',
      load: async () => (await import('./version.ts')).command,
    },
  ],
};
