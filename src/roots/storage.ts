/**
 * What unlink means on the file system of a root, and what remains after it. Pure. Fortnight removes names; whether the
 * content behind them is gone then is the file system's and the disk's affair, and is said as it is.
 */

/** Where deleted content can still be. */
export type ErasureClass =
  | 'memory' // it was never on a disk
  | 'freed' // its blocks are free: readable until something else is written over them
  | 'shared' // as freed, but a snapshot or a clone keeps the whole content
  | 'layered' // the name is hidden; what came with a lower layer stays there
  | 'network' // another machine keeps the files: it decides
  | 'unknown'; // a program or a file system that Fortnight does not know decides

/** What lies between a file system and its disk. */
export type DeviceLayer =
  | 'crypt' // dm-crypt: LUKS or plain
  | 'thin' // an LVM thin volume: its snapshots cannot be seen from here
  | 'other';

/** What the system tells of the place a root lies on. */
export interface StorageFacts {
  /** `f_type` of statfs. */
  readonly fsType: number;
  /** The type as the mount table names it (`ext4`, `fuse.sshfs`); empty when it does not. */
  readonly fsName: string;
  /** One list per disk below the file system, from the top down; empty when there is none, or none that can be seen. */
  readonly devices: readonly (readonly DeviceLayer[])[];
  /** Snapshots that could be seen. There may be more: no snapshot can be seen on another machine's disk. */
  readonly snapshots: number;
  /** `major:minor` of the file system; null where the mount table does not tell. */
  readonly device: string | null;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface Storage {
  /** Name people know, or the number of the type. */
  readonly fileSystem: string;
  readonly erasure: ErasureClass;
  readonly snapshots: number;
  /** Whether every disk below is encrypted; null where disks cannot be seen. */
  readonly encrypted: boolean | null;
  /** Roots with the same one share its space; null: not known. */
  readonly device: string | null;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

interface Kind {
  readonly name: string;
  readonly erasure: ErasureClass;
}

const kinds = (erasure: ErasureClass, table: Readonly<Record<number, string>>): [number, Kind][] =>
  Object.entries(table).map(([type, name]) => [Number(type), { name, erasure }]);

/** By `f_type` of statfs; the numbers are those of linux/magic.h and of the file systems themselves. */
const KINDS: ReadonlyMap<number, Kind> = new Map([
  ...kinds('memory', { 0x01021994: 'tmpfs', 0x858458f6: 'ramfs' }),
  ...kinds('freed', {
    0xef53: 'ext4',
    0x58465342: 'xfs',
    0xf2f52010: 'f2fs',
    0x3153464a: 'jfs',
    0x4d44: 'vfat',
    0x2011bab0: 'exfat',
    0x5346544e: 'ntfs',
    0x7366746e: 'ntfs3',
    0x482b: 'hfsplus',
    0x15013346: 'udf',
  }),
  ...kinds('shared', {
    0x9123683e: 'btrfs',
    0x2fc12fc1: 'zfs',
    0xca451a4e: 'bcachefs',
    0x3434: 'nilfs2',
    0x7461636f: 'ocfs2',
  }),
  ...kinds('layered', { 0x794c7630: 'overlay', 0x61756673: 'aufs', 0xf15f: 'ecryptfs' }),
  ...kinds('network', {
    0x6969: 'nfs',
    0x517b: 'smb',
    0xff534d42: 'cifs',
    0xfe534d42: 'smb2',
    0x01021997: '9p',
    0x00c36400: 'ceph',
    0x5346414f: 'afs',
    0x01161970: 'gfs2',
    0x0bd00bd0: 'lustre',
    0x786f4256: 'vboxsf',
    0xbacbacbc: 'vmhgfs',
  }),
]);

/** All file systems in user space share one number; the mount table tells which program it is. */
const FUSE = 0x65735546;
/** Of those, drivers of an ordinary disk. */
const FUSE_DISK = 'fuseblk';

/** `clones`: whether two files were seen to share their content here; null: not tried yet. */
export function judgeStorage(facts: StorageFacts, clones: boolean | null): Storage {
  const { name, erasure } = kindOf(facts);
  const shares = clones === true || facts.snapshots > 0 || facts.devices.flat().includes('thin');
  const { snapshots, device, freeBytes, totalBytes, devices } = facts;
  return {
    fileSystem: name,
    erasure: erasure === 'freed' && shares ? 'shared' : erasure,
    snapshots,
    encrypted: devices.length === 0 ? null : devices.every((layers) => layers.includes('crypt')),
    device,
    freeBytes,
    totalBytes,
  };
}

function kindOf({ fsType, fsName }: StorageFacts): Kind {
  if (fsType >>> 0 === FUSE) {
    return { name: fsName === '' ? 'fuse' : fsName, erasure: fsName === FUSE_DISK ? 'freed' : 'unknown' };
  }
  const type = fsType >>> 0;
  const kind = KINDS.get(type);
  const name = fsName === '' ? `0x${type.toString(16)}` : fsName;
  if (kind === undefined) return { name, erasure: 'unknown' };
  // ext2, ext3 and ext4 share a number, and so do some others: the mount table knows better.
  return { name: fsName === '' ? kind.name : fsName, erasure: kind.erasure };
}

/** File systems whose changes by others the kernel does not tell: another machine's, and those of a program. */
export function tellsNoEvents(fsType: number): boolean {
  const type = fsType >>> 0;
  return type === FUSE || type === 0x7461636f || KINDS.get(type)?.erasure === 'network';
}
