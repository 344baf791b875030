/**
 * What lies below a root: file system, disks, encryption, snapshots that can be seen. Read from statfs, the mount table
 * and sysfs, none of which asks the disk itself. Synchronous: it runs in the thread that looks at roots.
 */
import { lstatSync, readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { errnoOf } from '../base/errors.ts';
import type { DeviceLayer, StorageFacts } from '../roots/storage.ts';
import type { DirHandle } from './handle.ts';
import type { Mount } from './mounts.ts';

/** Devices one above the other; nobody stacks more. */
const MAX_LAYERS = 16;
/** Inode of every subvolume of btrfs. */
const SUBVOLUME_INO = 256;
/** Where the tools of btrfs keep snapshots, below the mount point: snapper's, and timeshift's. */
const SNAPSHOT_DIRS = ['.snapshots', 'timeshift-btrfs/snapshots'];

/** Where the kernel shows its devices. */
const SYS = '/sys';

/** `mount`: the line of the mount table the root is on, if there is one. */
export function storageOf(root: DirHandle, mount: Mount | undefined): StorageFacts {
  const { type, bsize, bavail, blocks } = root.files.statfsSync(`/proc/self/fd/${String(root.fd)}`);
  const disks = mount === undefined ? [] : deviceNumbers(mount).map((number) => disksOf(number));
  const volumes = disks.reduce((sum, disk) => sum + disk.snapshots, 0);
  return {
    fsType: type,
    fsName: mount?.type ?? '',
    devices: disks.flatMap((disk) => disk.devices),
    snapshots: volumes + (mount === undefined ? 0 : snapshotsAt(mount)),
    device: mount?.device ?? null,
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
  };
}

/** `major:minor` of the disks a file system lies on. One of btrfs has a number of its own, and may have several disks. */
function deviceNumbers(mount: Mount): string[] {
  if (!mount.device.startsWith('0:')) return [mount.device];
  if (!mount.source.startsWith('/dev/')) return [];
  const number = deviceOf(mount.source);
  if (number === undefined) return [];
  const pools = list(`${SYS}/fs/btrfs`).map((uuid) => {
    const at = `${SYS}/fs/btrfs/${uuid}/devices`;
    return list(at).flatMap((name) => text(`${at}/${name}/dev`) ?? []);
  });
  return pools.find((pool) => pool.includes(number)) ?? [number];
}

function deviceOf(path: string): string | undefined {
  try {
    const stat = statSync(path);
    if (!stat.isBlockDevice()) return undefined;
    return `${String((stat.rdev >>> 8) & 0xfff)}:${String((stat.rdev & 0xff) | ((stat.rdev >>> 12) & 0xfff00))}`;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

export interface Disks {
  /** The layers of each disk, from the top down. */
  readonly devices: readonly (readonly DeviceLayer[])[];
  readonly snapshots: number;
}

/**
 * The disks below a device, and what snapshots of volumes were met on the way. `number`: `major:minor`; `sys`: another
 * place in tests.
 */
export function disksOf(number: string, sys = SYS, depth = 0): Disks {
  const at = `${sys}/dev/block/${number}`;
  const slaves = depth >= MAX_LAYERS ? [] : list(`${at}/slaves`).map((name) => `${at}/slaves/${name}`);
  const layer = layerOf(at, slaves);
  const found = slaves.flatMap((slave) => {
    const next = text(`${slave}/dev`);
    return next === undefined ? [] : [disksOf(next, sys, depth + 1)];
  });
  const devices = found.flatMap((f) => f.devices).map((layers) => [layer, ...layers]);
  const deeper = found.reduce((sum, f) => sum + f.snapshots, 0);
  return { devices: devices.length === 0 ? [[layer]] : devices, snapshots: deeper + volumeSnapshots(slaves) };
}

/** The device mapper gives each device an id that begins with whose it is: `CRYPT-LUKS2-...`, `LVM-...`. */
function layerOf(at: string, slaves: readonly string[]): DeviceLayer {
  if (text(`${at}/dm/uuid`)?.startsWith('CRYPT-') === true) return 'crypt';
  return slaves.some((slave) => text(`${slave}/dm/uuid`)?.endsWith('-tpool') === true) ? 'thin' : 'other';
}

/** Of an LVM volume with snapshots the content lies in a device `-real`, which the volume and each snapshot hold. */
function volumeSnapshots(slaves: readonly string[]): number {
  const real = slaves.filter((slave) => text(`${slave}/dm/uuid`)?.endsWith('-real') === true);
  return real.reduce((sum, slave) => sum + Math.max(0, list(`${slave}/holders`).length - 1), 0);
}

/** Snapshots that show as directories below the mount point. */
function snapshotsAt({ type, point }: Mount): number {
  if (type === 'zfs') return list(`${point}/.zfs/snapshot`).length;
  if (type !== 'btrfs') return 0;
  return SNAPSHOT_DIRS.reduce((sum, dir) => sum + subvolumesIn(`${point}/${dir}`), 0);
}

/** The tools put a snapshot there, or a directory with one in it. Whoever else may write there can only add to them. */
function subvolumesIn(dir: string): number {
  const paths = list(dir).map((name) => `${dir}/${name}`);
  const kept = paths.flatMap((path) =>
    isSubvolume(path)
      ? [path]
      : list(path)
          .flatMap((name) => [`${path}/${name}`])
          .filter(isSubvolume),
  );
  return kept.length;
}

function isSubvolume(path: string): boolean {
  const stat = lstatOf(path);
  return stat?.isDirectory() === true && stat.ino === SUBVOLUME_INO;
}

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(Buffer.from(path, 'latin1'), { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Names in a directory; none when it cannot be read. Byte strings. */
function list(path: string): string[] {
  try {
    return readdirSync(Buffer.from(path, 'latin1'), { encoding: 'latin1' });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
