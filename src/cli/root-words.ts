/** A root in words, for a terminal. */
import { counted } from '../base/counted.ts';
import type { Status } from '../http/api/index.ts';
import { isAnotherDisk } from '../roots/state.ts';
import { size } from './site-time.ts';

type Root = Status['roots'][number];

const CAUSES: Readonly<Record<NonNullable<Root['cause']>, string>> = {
  not_looked: 'not looked at yet',
  missing: 'there is no such directory',
  marker_missing: 'the directory is there, but not the disk: is it mounted?',
  not_a_directory: 'a link or a file stands in its place',
  no_permission: 'the service may not enter it',
  stale: 'mounted, but what it leads to does not answer',
  look_failed: 'nothing could be found out; see the log',
  marker_damaged: 'its marker cannot be read',
  other_install: 'its marker is of another installation',
  other_root: 'its marker is of another disk',
  other_source: 'its marker is of another source of this installation',
  locked: 'another Fortnight acts on it',
  mounted_read_only: 'mounted read-only; after an error a system does that by itself',
  write_refused: 'the service may not write to its own directory there',
  not_durable: 'the disk did not confirm a write',
  hangs: 'a call to the disk did not return',
};

const ERASURE: Readonly<Record<Root['erasure'], string>> = {
  memory: 'was in memory, gone at once',
  freed: 'space is freed; can be restored with tools until something else is written there',
  shared: 'goes when no snapshot and no copy shares it; stays whole in those',
  layered: 'the name goes; what came with a lower layer stays there',
  network: 'goes from the share; what the other machine keeps is up to it',
  unknown: 'the name goes; what this file system keeps is not known',
};

/** What is the matter with a root, and what happens to footage that was deleted from it; one line each. */
export function rootLines(root: Root): string[] {
  const of = (sentence: string): string => `${root.id}: ${sentence}`;
  return [
    ...causeLines(root),
    ...(root.lastScan === 'discarded'
      ? [of('the disk changed during the last look; nothing was concluded from it')]
      : []),
    ...(root.unreadableDirs === 0
      ? []
      : [
          of(
            `cannot be read: ${counted(root.unreadableDirs, 'directory', 'directories')}; nothing is known of what lies there`,
          ),
        ]),
    ...diskLines(root),
  ];
}

type Vault = NonNullable<Status['vault']>;

/** The same of the vault. */
export function vaultLines(vault: Vault): string[] {
  const { id, copies, copyBytes, keepFreeBytes, sharesDiskWith } = vault;
  const kept =
    copies === null ? 'not counted yet' : `${counted(copies, 'copy', 'copies')}, ${size(copyBytes ?? 0)}`;
  return [
    ...causeLines(vault),
    `${id}: ${kept}; ${size(keepFreeBytes)} stay free`,
    ...(sharesDiskWith.length === 0
      ? []
      : [`${id}: on the same disk as ${sharesDiskWith.join(', ')}: what breaks it takes original and copy`]),
    ...diskLines(vault),
  ];
}

function causeLines({ id, cause }: Pick<Root, 'id' | 'cause'>): string[] {
  if (cause === null) return [];
  const replaced = `${id}: if the disk before is lost for good, an admin takes this one: fortnight roots replace-disk ${id}`;
  return [`${id}: ${CAUSES[cause]}`, ...(isAnotherDisk(cause) ? [replaced] : [])];
}

function diskLines(root: Root | Vault): string[] {
  const of = (sentence: string): string => `${root.id}: ${sentence}`;
  return [
    ...(root.totalBytes === 0 ? [] : [of(`deleted footage ${ERASURE[root.erasure]}${more(root)}`)]),
    ...root.selfTest.filter((t) => !t.ok).map((t) => of(`${t.check}; repair: ${t.repair ?? ''}`)),
  ];
}

function more({ snapshots, encrypted }: Pick<Root, 'snapshots' | 'encrypted'>): string {
  const seen = snapshots === 0 ? '' : `; ${counted(snapshots, 'snapshot')} seen`;
  if (encrypted === null) return seen;
  return `${seen}; the disk is ${encrypted ? '' : 'not '}encrypted`;
}
