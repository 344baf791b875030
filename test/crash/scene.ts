/** One interrupted life: a directory for it, its runs, and what is wrong after them. */
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layFootage, type Places } from './life.ts';
import { run, type Held, type Ran } from './strace.ts';

/** A kill loses nothing that was written, so memory is as good as a disk, and a hundred times faster. */
export const MEMORY = '/dev/shm';

export interface Scene {
  readonly places: Places;
  /** For strace's log. */
  readonly log: string;
  remove(): void;
}

/** Footage of a recorder, and a state directory before its first start. The reserve is there: its 64 MiB are not the subject. */
export function makeScene(
  below = writable(MEMORY) ? MEMORY : tmpdir(),
  laid: { readonly footage: boolean } = { footage: true },
): Scene {
  const dir = mkdtempSync(join(below, 'fortnight-crash-'));
  const places = { state: join(dir, 'state'), footage: join(dir, 'footage') };
  mkdirSync(places.state, { mode: 0o700 });
  writeFileSync(join(places.state, 'reserve'), '');
  if (laid.footage) layFootage(places.footage);
  else mkdirSync(places.footage);
  return {
    places,
    log: join(dir, 'strace.log'),
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export function writable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export type Mode = 'act' | 'recover' | 'reboot' | 'person' | 'who';

export interface Living {
  readonly places: Places;
  readonly before?: readonly string[];
  /** Where it is killed: by itself strace only holds it. */
  readonly held?: Held;
  /** Of the session of before, for `who`. */
  readonly token?: string;
}

/** With threads of its own V8 opens two files now in one thread, now in another, and the count of openings differs. */
const NODE = [process.execPath, '--single-threaded'];

/** Runs the subject, under strace when `before` is its command line. */
export function live(entry: string, mode: Mode, how: Living): Promise<Ran> {
  const command = [...(how.before ?? []), ...NODE, entry, ...argumentsOf(mode, how)];
  return run(command, { ...process.env, NODE_COMPILE_CACHE: join(entry, '..', 'cache') }, how.held);
}

/** The subject's. */
export function argumentsOf(mode: Mode, { places, token }: Living): string[] {
  return [mode, places.state, places.footage, token ?? ''];
}
