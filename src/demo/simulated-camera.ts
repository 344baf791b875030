/**
 * A camera with its recorder: encodes a drawn scene in real time and lays the clips out as a recorder would. Used by
 * the demo, and by tests that want a recorder that is really recording.
 *
 * ffmpeg writes numbered clips into a cache outside the root. A recorder that moves a clip when it is whole (Frigate)
 * gets a rename; one that writes to the final name from the start (MediaMTX) gets a link under that name at the
 * clip's beginning, and the file grows in place.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../base/clock.ts';
import { FortnightError, errnoOf } from '../base/errors.ts';
import type { CompiledLayout } from '../clips/layouts/index.ts';
import { liveArguments, type Container } from './ffmpeg-arguments.ts';
import type { Caption, Scene } from './scenes.ts';

export interface CameraPlan {
  readonly scene: Scene;
  readonly caption: Caption;
  readonly clipSeconds: number;
  readonly container: Container;
  readonly layout: CompiledLayout;
  /** The recorder's own name of the camera. */
  readonly recorderCamera: string;
  /** Absolute path of the directory the recorder writes to. */
  readonly root: string;
  /** Absolute path of a directory on the same file system, outside the root; emptied at the start. */
  readonly cache: string;
  /** The file has its final name from the start and grows there. */
  readonly growsInPlace: boolean;
  readonly clock: Clock;
}

export interface SimulatedCamera {
  /** Settles when the camera has ended; rejects when its encoder failed. */
  readonly ended: Promise<void>;
  /** Ends the encoder; the clip it was writing stays as it is, as when a recorder loses power. */
  stop(): Promise<void>;
}

/** How soon a clip that has begun is looked for under its number. */
const LOOK_MS = 50;

export interface CameraEvents {
  /** A clip is whole: its path below the root. */
  readonly onClip?: (path: string) => void;
}

/** Starts encoding. Throws `tool_missing` (through `ended`) when there is no ffmpeg. */
export function startCamera(plan: CameraPlan, events: CameraEvents = {}): SimulatedCamera {
  rmSync(plan.cache, { recursive: true, force: true });
  mkdirSync(plan.cache, { recursive: true });
  const shelf = new Shelf(plan);
  const child = spawn('ffmpeg', liveArguments({ ...plan, pattern: join(plan.cache, '%d.mp4') }), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stopping = false;
  const ended = ending(child, () => stopping);
  const looking = setInterval(() => {
    shelf.showGrowing();
  }, LOOK_MS);
  // Each line tells of a clip that is whole: its file, where it begins and where it ends.
  createInterface({ input: child.stdout }).on('line', () => {
    const path = shelf.finish();
    events.onClip?.(path);
  });
  const tidied = ended.finally(() => {
    clearInterval(looking);
  });
  // Whoever asks gets the failure; nobody asking must not end the process.
  tidied.catch(() => undefined);
  return {
    ended: tidied,
    async stop() {
      stopping = true;
      child.kill('SIGKILL');
      await tidied;
    },
  };
}

function ending(child: ChildProcess, isStopping: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
    child.once('error', (cause) => {
      const hint = 'install ffmpeg';
      reject(new FortnightError('tool_missing', 'ffmpeg cannot be started', { hint, cause }));
    });
    child.once('close', (status) => {
      if (isStopping()) resolve();
      else reject(new Error(`the encoder of a simulated camera ended (${String(status)}): ${said.trim()}`));
    });
  });
}

/** Where the numbered clips of the cache belong in the root. */
class Shelf {
  readonly #plan: CameraPlan;
  /** Number of the clip that is being encoded. */
  #number = 0;
  #path: string;
  #shown = false;

  constructor(plan: CameraPlan) {
    this.#plan = plan;
    this.#path = this.#pathNow();
  }

  /** Gives the clip that is being encoded its final name, where the recorder does so and as soon as there is a file. */
  showGrowing(): void {
    if (!this.#plan.growsInPlace || this.#shown) return;
    try {
      linkSync(this.#cached(), this.#target());
      this.#shown = true;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }

  /** The clip is whole. The next one begins now. Answers its path below the root. */
  finish(): string {
    this.showGrowing();
    if (this.#plan.growsInPlace) unlinkSync(this.#cached());
    else renameSync(this.#cached(), this.#target());
    const path = this.#path;
    this.#number += 1;
    this.#path = this.#pathNow();
    this.#shown = false;
    return path;
  }

  #pathNow(): string {
    return this.#plan.layout.format(this.#plan.recorderCamera, this.#plan.clock.wallMs());
  }

  #cached(): string {
    return join(this.#plan.cache, `${String(this.#number)}.mp4`);
  }

  #target(): string {
    const target = join(this.#plan.root, this.#path);
    mkdirSync(dirname(target), { recursive: true });
    return target;
  }
}
