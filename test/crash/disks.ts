/** Two disks for the power cuts: ext4 in files, mounted through loop devices. Needs root. */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Places } from './life.ts';
import { PROCESS_HANG_MS } from '../support/hang.ts';

const DISK_BYTES = 32 * 1024 * 1024;
/** Nothing becomes durable by waiting, and no rename by the file system's kindness: only an fsync counts. */
const MOUNT_OPTIONS = 'loop,commit=86400,noauto_da_alloc';
/** Nothing is left for the kernel to do in the background. */
const WHOLE_NOW = ['-E', 'lazy_itable_init=0,lazy_journal_init=0'];
const NAMES = ['state', 'footage'] as const;

/** A pair of images, and where they are mounted. */
export class Disks {
  readonly places: Places;
  readonly #images: string;

  /** Images in the directory `images`, mounted below `dir`. */
  constructor(dir: string, images = dir) {
    this.places = { state: join(dir, 'state'), footage: join(dir, 'footage') };
    this.#images = images;
  }

  /** Makes empty file systems. */
  format(): void {
    mkdirSync(this.#images, { recursive: true });
    for (const name of NAMES) {
      const fd = openSync(this.#image(name), 'w');
      ftruncateSync(fd, DISK_BYTES);
      closeSync(fd);
      must('mkfs.ext4', '-q', '-F', '-m', '0', ...WHOLE_NOW, this.#image(name));
    }
  }

  mount(): void {
    for (const name of NAMES) {
      mkdirSync(this.places[name], { recursive: true });
      must('mount', '-o', MOUNT_OPTIONS, this.#image(name), this.places[name]);
    }
  }

  unmount(): void {
    for (const name of NAMES) spawnSync('umount', ['--quiet', this.places[name]]);
  }

  /**
   * What is on the disks now, as a power cut would leave it: the images, copied while they are mounted. To be mounted
   * in the same places, when these are free again.
   */
  cut(images: string): Disks {
    mkdirSync(images);
    for (const name of NAMES) must('cp', '--sparse=always', this.#image(name), join(images, `${name}.img`));
    return new Disks(join(this.places.state, '..'), images);
  }

  removeImages(): void {
    rmSync(this.#images, { recursive: true, force: true });
  }

  #image(name: (typeof NAMES)[number]): string {
    return join(this.#images, `${name}.img`);
  }
}

/** Why no disks can be mounted here; undefined when they can. `dir`: for a trial. */
export function disksMissing(dir: string): string | undefined {
  if (process.getuid?.() !== 0) return 'mounting needs root';
  const disks = new Disks(join(dir, 'trial'));
  try {
    disks.format();
    disks.mount();
    return undefined;
  } catch (error) {
    return `no loop device can be mounted: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    disks.unmount();
  }
}

function must(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: PROCESS_HANG_MS });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.trim()}`);
}
