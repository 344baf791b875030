/**
 * Real mounts for tests of disks that come, go and lie. They need root (`unshare -Urm` makes one): ask `whyNoMounts`
 * and skip with its reason. Whatever is mounted through one of these is unmounted at its end.
 */
import { spawnSync, type StdioOptions } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PROCESS_HANG_MS, until } from './hang.ts';

const IMAGE_BYTES = 320 * 2 ** 20;

/** What is missing for `mount` of this kind; undefined when it works. */
export function whyNoMounts(kind: 'bind' | 'loop' | 'overlay' | 'fuse', fsType = 'ext4'): string | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'fortnight-mount-'));
  const mounts = new Mounts();
  try {
    if (kind === 'loop') mounts.loop(`${dir}.img`, dir, fsType);
    else if (kind === 'fuse') mounts.fuse(dir).die();
    else if (kind === 'overlay') mounts.overlay(dir, { lower: '/etc', upper: undefined });
    else mounts.bind(dir, dir);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    mounts.close();
    spawnSync('rm', ['-rf', `${dir}.img`]);
    rmdirSync(dir);
  }
}

/** A file system in user space whose program never answers, until it dies. */
export interface DeadFuse {
  die(): void;
}

export class Mounts {
  readonly #at: string[] = [];
  readonly #fds = new Set<number>();

  bind(what: string, at: string): void {
    this.#mount(['--bind', what, at], at);
  }

  tmpfs(at: string, options = 'size=16m'): void {
    this.#mount(['-t', 'tmpfs', '-o', options, 'tmpfs', at], at);
  }

  /** Makes a file system in a file (unless it is there already) and mounts it. After an error it is read-only. */
  loop(image: string, at: string, fsType = 'ext4'): void {
    if (!existsSync(image)) {
      writeFileSync(image, '');
      truncateSync(image, IMAGE_BYTES);
      run(`mkfs.${fsType}`, [...(fsType.startsWith('ext') ? ['-F', '-q'] : ['-q']), image]);
    }
    const options = fsType === 'ext4' ? 'loop,errors=remount-ro' : 'loop';
    this.#mount(['-o', options, '-t', fsType, image, at], at);
  }

  /** `upper` undefined: read-only. Upper and work directory are made below it. */
  overlay(at: string, layers: { readonly lower: string; readonly upper: string | undefined }): void {
    const { lower, upper } = layers;
    if (upper !== undefined) run('mkdir', ['-p', `${upper}/upper`, `${upper}/work`]);
    const over = upper === undefined ? '' : `,upperdir=${upper}/upper,workdir=${upper}/work`;
    const lowers = upper === undefined ? `${lower}:${at}` : lower;
    this.#mount(['-t', 'overlay', '-o', `lowerdir=${lowers}${over}`, 'overlay', at], at);
  }

  fuse(at: string): DeadFuse {
    const fd = openSync('/dev/fuse', 'r+');
    this.#fds.add(fd);
    const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
    this.#mount(['-i', '-t', 'fuse', '-o', options, 'fortnight-test', at], at, fd);
    return {
      die: () => {
        if (this.#fds.delete(fd)) closeSync(fd);
      },
    };
  }

  /** An error of a mounted ext4, of the kind that turns it read-only; `repair` it to mount it again. */
  failExt4(at: string): void {
    const { stdout } = spawnSync('findmnt', ['-no', 'SOURCE', at], { encoding: 'utf8' });
    writeFileSync(`/sys/fs/ext4/${basename(stdout.trim())}/trigger_fs_error`, 'test');
  }

  /** Has an image checked when nothing has it open any more: until then mounting it again gives what was mounted before. */
  async repair(image: string): Promise<void> {
    await until(() => spawnSync('losetup', ['-j', image], { encoding: 'utf8' }).stdout === '');
    spawnSync('e2fsck', ['-fy', image]);
  }

  /** As `umount -l`: at once, also when something is open there. */
  umount(at: string): void {
    run('umount', ['-l', at]);
    this.#at.splice(this.#at.lastIndexOf(at), 1);
  }

  close(): void {
    for (const fd of this.#fds) closeSync(fd);
    this.#fds.clear();
    for (const at of this.#at.splice(0).reverse()) spawnSync('umount', ['-l', at]);
  }

  #mount(args: readonly string[], at: string, fd?: number): void {
    run('mount', args, ['ignore', 'ignore', 'pipe', ...(fd === undefined ? [] : [fd])]);
    this.#at.push(at);
  }
}

function run(command: string, args: readonly string[], stdio: StdioOptions = 'pipe'): void {
  const { status, stderr, error } = spawnSync(command, args, {
    stdio,
    encoding: 'utf8',
    timeout: PROCESS_HANG_MS,
  });
  if (error !== undefined) throw new Error(`${command} is not here: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim().split('\n')[0] ?? ''}`);
}
