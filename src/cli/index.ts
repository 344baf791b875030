/** The commands of `fortnight`, one file each, loaded when called. */
import type { CommandGroup } from './command.ts';

export const PROGRAM: CommandGroup = {
  path: 'fortnight',
  about: 'fortnight: camera footage is deleted fourteen days after its recording, unless a hold covers it',
  entries: [
    {
      name: 'run',
      summary: 'run the daemon',
      load: async () => (await import('./run.ts')).command,
    },
    {
      name: 'status',
      summary: 'say how deletion, cameras, disks, holds and the clock stand',
      load: async () => (await import('./status.ts')).command,
    },
    {
      name: 'config',
      summary: 'check a configuration, print the annotated example or the list of keys',
      load: async () => (await import('./config.ts')).command,
    },
    {
      name: 'layouts',
      summary: 'list the layouts of recorders, or show how the files of a directory would be read',
      load: async () => (await import('./layouts.ts')).command,
    },
    {
      name: 'users',
      summary: 'make and change the accounts of people',
      load: async () => (await import('./users.ts')).command,
    },
    {
      name: 'roots',
      summary: 'confirm what is found at first contact or was lost, or let a parked sweep go on',
      load: async () => (await import('./roots.ts')).command,
    },
    {
      name: 'unowned',
      summary: 'list the files nobody owns, or confirm the rule by which they are deleted',
      load: async () => (await import('./unowned.ts')).command,
    },
    {
      name: 'holds',
      summary: 'list, place, confirm and release holds',
      load: async () => (await import('./holds.ts')).command,
    },
    {
      name: 'cases',
      summary: 'list cases, and say who needs to know',
      load: async () => (await import('./cases.ts')).command,
    },
    {
      name: 'retention',
      summary: 'what is deleted next, and why',
      load: async () => (await import('./retention.ts')).command,
    },
    {
      name: 'audit',
      summary: 'verify the audit',
      load: async () => (await import('./audit.ts')).command,
    },
    {
      name: 'check',
      summary: 'compare index, disk, holds and audit, and name every promise that does not hold',
      load: async () => (await import('./check/command.ts')).command,
    },
    {
      name: 'drill',
      summary: 'run the deletion drill now: a planted clip is indexed, deleted and searched for',
      load: async () => (await import('./drill.ts')).command,
    },
    {
      name: 'state',
      summary: 'back up the state without footage, or put a backup back',
      load: async () => (await import('./state.ts')).command,
    },
    {
      name: 'clock',
      summary: 'confirm the wall clock',
      load: async () => (await import('./clock.ts')).command,
    },
    {
      name: 'demo',
      summary: 'show Fortnight with two simulated cameras',
      load: async () => (await import('./demo.ts')).command,
    },
    {
      name: 'version',
      summary: 'print the versions of Fortnight and of the Node it runs on',
      load: async () => (await import('./version.ts')).command,
    },
  ],
};
