/** The mount table: what is mounted on and below a root. Only the administrator can mount, so no recorder races with it. */
import { readlinkSync } from 'node:fs';
import { systemFiles } from '../base/file-calls.ts';
import type { DirHandle } from './handle.ts';

/** A line of the mount table; paths are byte strings. */
export interface Mount {
  readonly id: string;
  /** `major:minor`; major 0: no device of its own. */
  readonly device: string;
  readonly point: string;
  /** As in `mount -t`; of a file system in user space with the program's name, if it tells one: `fuse.sshfs`. */
  readonly type: string;
  /** What is mounted: a device, a share, any word. */
  readonly source: string;
  /** Of the mount and of the file system: `rw`, `noatime`, `errors=remount-ro`. */
  readonly options: readonly string[];
}

/** Said of a file system that takes no changes; ext4 tells `emergency_ro` and nothing else after an error. */
const READ_ONLY = ['ro', 'emergency_ro', 'shutdown'];

/** The mount a root lies on; undefined when the kernel does not show it (a namespace it was moved out of). */
export function mountOf(root: DirHandle): Mount | undefined {
  return mounts(table(root.files)).find((mount) => mount.id === root.mountId);
}

export function isReadOnly({ options }: Mount): boolean {
  return options.some((option) => READ_ONLY.includes(option));
}

/** Whether anything is mounted on a directory or file below this one, at this moment. Read once per scan. */
export function mountsBelow(root: DirHandle): boolean {
  const path = readlinkSync(`/proc/self/fd/${String(root.fd)}`, { encoding: 'latin1' });
  return mounts(table()).some(({ point }) => liesBelow(point, path));
}

/** The lines of `/proc/self/mountinfo` (proc(5)): `36 35 98:0 /mnt1 /mnt2 rw,noatime shared:1 - ext3 /dev/root rw`. */
export function mounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const [id, , device, , point, own = ''] = fields;
    if (id === undefined || device === undefined || point === undefined) return [];
    const end = fields.indexOf('-', 6);
    const [type = '', source = '', rest = ''] = end < 0 ? [] : fields.slice(end + 1);
    const options = [...own.split(','), ...rest.split(',')];
    return [{ id, device, point: unescape(point), type: unescape(type), source: unescape(source), options }];
  });
}

function table(files = systemFiles): string {
  return files.readFileSync('/proc/self/mountinfo', 'latin1');
}

/** Space, tab, newline and backslash stand as octal numbers. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

function liesBelow(at: string, path: string): boolean {
  return at.startsWith(path === '/' ? path : `${path}/`) && at !== path;
}
