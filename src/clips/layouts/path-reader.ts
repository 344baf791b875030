/** What a path below a root means in a layout: a clip, a still, a sidecar, something unfinished, or nothing known. */
import { nameOfBytes } from './camera-name.ts';
import { shapesOf } from './directories.ts';
import { DATA_EXTS, PICTURE_EXTS, VIDEO_EXTS, extOf, finalName, stemOf } from './files.ts';
import { SOLE_CAMERA, type PathMeaning, type Reading } from './layout.ts';
import { readTime, type TimeRules } from './name-time.ts';
import { Pattern, hasCamera, joined, type Found } from './pattern.ts';
import type { Recorder } from './recorder.ts';

export interface ReaderRules {
  readonly time: TimeRules;
  readonly cameras: ReadonlySet<string>;
}

const VIDEO = new Set(VIDEO_EXTS);
const PICTURES = [...PICTURE_EXTS];
/** Extensions a picture's clip may have, the usual ones first. */
const SIBLING_EXTS = VIDEO_EXTS.slice(0, 9).flatMap((ext) => [ext, ext.toUpperCase()]);
/** Synology's folder of thumbnails: `<dir>/@eaDir/<name of the clip>/<picture>`. */
const EA_DIR = /^((?:[^]*\/)?)@eaDir\/(?:([^/]+)\/)?[^]*$/;

interface Place {
  readonly path: string;
  readonly dir: string;
  readonly name: string;
}

export class PathReader {
  readonly #clips: readonly Pattern[];
  readonly #homes: readonly Pattern[];
  readonly #stills: readonly Pattern[];
  readonly #unfinished: readonly Pattern[];
  readonly #companions: readonly Pattern[];
  readonly #attachedDir: Pattern | undefined;
  readonly #attachedTo: readonly string[];
  readonly #ext: string;
  readonly #rules: ReaderRules;

  constructor(recorder: Recorder, clips: readonly Pattern[], rules: ReaderRules) {
    const compile = (patterns: readonly string[] | undefined, exts: readonly string[]): Pattern[] =>
      (patterns ?? []).map((pattern) => Pattern.of(pattern, exts));
    this.#clips = clips;
    this.#homes = [...clips.flatMap(homesOf), ...compile(recorder.homes, [])];
    this.#stills = compile(recorder.stills, PICTURES);
    this.#unfinished = compile(recorder.unfinished, VIDEO_EXTS);
    this.#companions = compile(recorder.companions, []);
    this.#attachedDir = compile(recorder.attached === undefined ? [] : [recorder.attached.dir], [])[0];
    this.#attachedTo = recorder.attached?.of ?? [];
    this.#ext = recorder.ext;
    this.#rules = rules;
  }

  read(path: string): PathMeaning | undefined {
    // First: what is being made may differ from a clip in no more than its length.
    const making = this.#firstOf(this.#unfinished, path, 'video');
    if (making !== undefined) return { is: 'unfinished', abandoned: making };
    const reading = this.#dated(path);
    if (reading !== undefined) return { is: 'clip', reading };
    return this.#other(path);
  }

  /** A clip by one of the patterns; of several the first whose camera is configured. */
  #dated(path: string): Reading | undefined {
    return this.#firstOf(this.#clips, path, 'video');
  }

  #firstOf(patterns: readonly Pattern[], path: string, kind: Reading['kind']): Reading | undefined {
    let first: Reading | undefined;
    for (const pattern of patterns) {
      const found = pattern.match(path);
      const reading = found === undefined ? undefined : this.#reading(found, kind);
      if (reading === undefined) continue;
      if (this.#rules.cameras.size === 0 || this.#rules.cameras.has(reading.recorderCamera)) return reading;
      first ??= reading;
    }
    return first;
  }

  #reading(found: Found, kind: Reading['kind']): Reading | undefined {
    const time = readTime(found, this.#rules.time);
    if (time === undefined) return undefined;
    const camera = found.get('camera') ?? found.get('camera+');
    const recorderCamera = camera === undefined ? SOLE_CAMERA : nameOfBytes(camera);
    return { kind, recorderCamera, named: true, ...time };
  }

  #other(path: string): PathMeaning | undefined {
    const ea = EA_DIR.exec(path);
    if (ea !== null) return this.#thumbnail(ea[1] ?? '', ea[2]);
    const cut = path.lastIndexOf('/');
    const place = { path, dir: path.slice(0, Math.max(cut, 0)), name: path.slice(cut + 1) };
    if (this.#companions.some((pattern) => pattern.match(path) !== undefined)) return { is: 'companion' };
    const ext = extOf(place.name);
    if (PICTURE_EXTS.has(ext)) return this.#picture(place);
    if (ext === '') return this.#nameless(path);
    if (DATA_EXTS.has(ext)) return this.#data(place);
    const final = finalName(place.name);
    if (final !== undefined) return this.#temporary(place, final);
    const reading = VIDEO.has(ext) ? this.#undated(place) : undefined;
    return reading === undefined ? undefined : { is: 'clip', reading };
  }

  #thumbnail(before: string, of: string | undefined): PathMeaning {
    const clip = of === undefined ? undefined : before + of;
    if (clip === undefined || this.#clip(clip) === undefined) return { is: 'companion' };
    return { is: 'sidecar', of: [clip] };
  }

  /** A video of a camera's directory whose name tells no time. */
  #undated(place: Place): Reading | undefined {
    const reading = this.#firstOf(this.#homes, place.dir, 'video');
    // A home's date says where the clip lies, never when it began.
    return reading === undefined
      ? undefined
      : { ...reading, named: false, startsMs: [], endsMs: [], lengthMs: null };
  }

  #clip(path: string): Reading | undefined {
    const dated = this.#dated(path);
    if (dated !== undefined) return dated;
    const cut = path.lastIndexOf('/');
    const place = { path, dir: path.slice(0, Math.max(cut, 0)), name: path.slice(cut + 1) };
    return VIDEO.has(extOf(place.name)) ? this.#undated(place) : undefined;
  }

  #picture(place: Place): PathMeaning | undefined {
    const own = this.#firstOf(this.#stills, place.path, 'still');
    const reading = own ?? this.#dated(`${stemOf(place.path)}.${this.#ext}`) ?? this.#undated(place);
    if (reading === undefined) return undefined;
    const still: Reading = { ...reading, kind: 'still', endsMs: [], lengthMs: 0 };
    if (own !== undefined) return { is: 'clip', reading: still };
    return { is: 'sidecar', of: this.#clipsBeside(place), alone: still };
  }

  /** Some recorders give pictures no extension. */
  #nameless(path: string): PathMeaning | undefined {
    const still = this.#firstOf(this.#stills, path, 'still');
    return still === undefined ? undefined : { is: 'clip', reading: { ...still, lengthMs: 0 } };
  }

  #data(place: Place): PathMeaning | undefined {
    const of = this.#clipsBeside(place);
    const clip = of.find((path) => this.#clip(path) !== undefined);
    return clip === undefined ? undefined : { is: 'sidecar', of };
  }

  /** The clips a file may belong to: `a.mp4` for `a.mp4.thumb`, `a.mp4`, `a.mkv`, ... for `a.jpg`. */
  #clipsBeside(place: Place): string[] {
    const attached = this.#attachedClips(place);
    if (attached !== undefined) return attached;
    const stem = stemOf(place.path);
    if (VIDEO.has(extOf(stemOf(place.name)))) return [stem];
    return [...new Set([this.#ext, ...SIBLING_EXTS])].map((ext) => `${stem}.${ext}`);
  }

  #attachedClips(place: Place): string[] | undefined {
    const serial = this.#attachedDir?.match(place.dir)?.get('serial');
    if (serial === undefined) return undefined;
    return this.#attachedTo.map((of) => {
      const name = of.replace('{serial}', serial).replace('{ext}', `.${this.#ext}`);
      return `${place.dir}/${name}`;
    });
  }

  #temporary(place: Place, final: string): PathMeaning | undefined {
    const path = place.dir === '' ? final : `${place.dir}/${final}`;
    const abandoned = this.#clip(path) ?? this.#undated(place);
    return abandoned === undefined ? undefined : { is: 'unfinished', abandoned };
  }
}

/** The directories of a clip's pattern that give the camera away: they name it, or there is only one camera. */
function homesOf(clip: Pattern): Pattern[] {
  return shapesOf(clip.nodes)
    .filter(({ dir, name }) => dir.some((part) => part.some(hasCamera)) || !name.some(hasCamera))
    .map(({ dir }) => new Pattern(joined(dir), []));
}
