/** How the files of a tree would be read in a layout, for a person who sets a source up. Pure. */
import { HOUR_MS } from '../../base/clock.ts';
import { AGREEMENT_MS } from '../times.ts';
import type { CompiledLayout, Reading } from './layout.ts';
import type { WrittenFile } from './zone-trial.ts';

/** One clip of a camera, to show. */
export interface SampleClip {
  readonly path: string;
  /** The later reading of the name; the mtime where the name tells no time. */
  readonly startMs: number;
}

export interface CameraSurvey {
  readonly recorderCamera: string;
  readonly clips: number;
  readonly stills: number;
  /** Clips and stills whose name tells no time. */
  readonly undated: number;
  readonly first: SampleClip;
  readonly last: SampleClip;
}

export interface Survey {
  readonly files: number;
  /** By name. */
  readonly cameras: readonly CameraSurvey[];
  readonly sidecars: number;
  readonly unfinished: number;
  readonly companions: number;
  readonly unmatched: number;
  /** Paths that match nothing, at most MAX_SAMPLES. */
  readonly unmatchedSample: readonly string[];
  /** Names in the hour that comes twice in autumn, and in the one that spring leaves out. */
  readonly ambiguous: number;
  readonly shifted: number;
  /** Names later than now. */
  readonly future: number;
  /** Names that are too far from their file's mtime to be believed. */
  readonly disagreeing: number;
}

export const MAX_SAMPLES = 10;

export function survey(files: readonly WrittenFile[], layout: CompiledLayout, nowMs: number): Survey {
  const surveyor = new Surveyor(layout, nowMs);
  const paths = new Set(files.map(({ path }) => path));
  for (const file of files) surveyor.take(file, paths);
  return surveyor.result(files.length);
}

interface CameraCount {
  clips: number;
  stills: number;
  undated: number;
  first: SampleClip;
  last: SampleClip;
}

class Surveyor {
  readonly #layout: CompiledLayout;
  readonly #nowMs: number;
  readonly #cameras = new Map<string, CameraCount>();
  readonly #unmatched: string[] = [];
  readonly #count = {
    sidecars: 0,
    unfinished: 0,
    companions: 0,
    unmatched: 0,
    ambiguous: 0,
    shifted: 0,
    future: 0,
    disagreeing: 0,
  };

  constructor(layout: CompiledLayout, nowMs: number) {
    this.#layout = layout;
    this.#nowMs = nowMs;
  }

  take(file: WrittenFile, paths: ReadonlySet<string>): void {
    const meaning = this.#layout.read(file.path);
    switch (meaning?.is) {
      case 'clip':
        this.#clip(file, meaning.reading);
        break;
      case 'sidecar':
        if (meaning.alone !== undefined && !meaning.of.some((path) => paths.has(path))) {
          this.#clip(file, meaning.alone);
        } else this.#count.sidecars++;
        break;
      case 'unfinished':
        this.#count.unfinished++;
        break;
      case 'companion':
        this.#count.companions++;
        break;
      case undefined:
        this.#count.unmatched++;
        if (this.#unmatched.length < MAX_SAMPLES) this.#unmatched.push(file.path);
        break;
    }
  }

  #clip(file: WrittenFile, reading: Reading): void {
    const named = reading.startsMs.at(-1);
    const clip = { path: file.path, startMs: named ?? file.mtimeMs };
    const counts = this.#cameras.get(reading.recorderCamera) ?? {
      ...{ clips: 0, stills: 0, undated: 0 },
      ...{ first: clip, last: clip },
    };
    this.#cameras.set(reading.recorderCamera, counts);
    if (reading.kind === 'still') counts.stills++;
    else counts.clips++;
    if (clip.startMs < counts.first.startMs) counts.first = clip;
    if (clip.startMs > counts.last.startMs) counts.last = clip;
    if (named === undefined) counts.undated++;
    else this.#name(named, file, reading);
  }

  #name(startMs: number, file: WrittenFile, reading: Reading): void {
    if (reading.startsMs.length > 1) this.#count.ambiguous++;
    if (reading.shifted) this.#count.shifted++;
    if (startMs > this.#nowMs) this.#count.future++;
    const lengthMs = reading.lengthMs ?? this.#layout.usualClipMs;
    const behindMs = file.mtimeMs - (reading.endsMs.at(-1) ?? startMs + (lengthMs ?? 0));
    if (Math.abs(behindMs) > AGREEMENT_MS + (lengthMs ?? HOUR_MS)) this.#count.disagreeing++;
  }

  result(files: number): Survey {
    return {
      ...this.#count,
      files,
      cameras: [...this.#cameras]
        .map(([recorderCamera, counts]) => ({ recorderCamera, ...counts }))
        .sort((a, b) => (a.recorderCamera < b.recorderCamera ? -1 : 1)),
      unmatchedSample: this.#unmatched,
    };
  }
}
