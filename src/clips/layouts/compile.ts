/** A layout made of a recorder's data: patterns compiled, the zone chosen. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../base/clock.ts';
import { FortnightError } from '../../base/errors.ts';
import { quoted } from '../../base/printable.ts';
import { zoneOf, type Zone } from '../../base/zone.ts';
import { bytesOfName } from './camera-name.ts';
import { DirectoryDates } from './directories.ts';
import { VIDEO_EXTS } from './files.ts';
import type { FieldName } from './fields.ts';
import { SOLE_CAMERA, type CompiledLayout, type PathMeaning } from './layout.ts';
import { PathReader } from './path-reader.ts';
import { Pattern } from './pattern.ts';
import type { Recorder } from './recorder.ts';
import { writeTime } from './write-time.ts';

export interface CompileRules {
  readonly timeZone: string;
  readonly maxClipMs: number | null;
  /** Camera names the source maps; of several readings of a path the first with one of these counts. */
  readonly cameras: ReadonlySet<string>;
}

/** Uploads and slow disks: a directory is watched this long after its last clip could have begun and ended. */
const CLOSING_MARGIN_MS = HOUR_MS;

/** Compiles a recorder's data. Throws `config_invalid` for a bad pattern. */
export function compileRecorder(recorder: Recorder, rules: CompileRules): CompiledLayout {
  return new RecorderLayout(recorder, rules);
}

class RecorderLayout implements CompiledLayout {
  readonly name: string;
  readonly maxClipMs: number | null;
  readonly usualClipMs: number | null;
  readonly finishedBy: 'final_name' | 'none';
  readonly #zone: Zone;
  readonly #canonical: Pattern;
  readonly #ext: string;
  readonly #reader: PathReader;
  readonly #dates: DirectoryDates;

  constructor(recorder: Recorder, rules: CompileRules) {
    this.name = recorder.name;
    this.maxClipMs = rules.maxClipMs;
    this.usualClipMs = recorder.usualClipMs;
    this.finishedBy = recorder.finishedBy;
    this.#zone = zoneOf(recorder.zoneRule === 'utc' ? 'UTC' : rules.timeZone);
    const time = { zone: this.#zone, maxClipMs: rules.maxClipMs };
    const clips = recorder.clips.map((pattern) => Pattern.of(pattern, VIDEO_EXTS));
    this.#canonical = clips[0] ?? Pattern.of('{any}', VIDEO_EXTS);
    this.#ext = recorder.ext;
    this.#reader = new PathReader(recorder, clips, { time, cameras: rules.cameras });
    this.#dates = new DirectoryDates(recorder, clips, time);
  }

  read(path: string): PathMeaning | undefined {
    return this.#reader.read(path);
  }

  format(recorderCamera: string, startMs: number, serial = 1): string {
    const clip = { startMs, endMs: startMs + (this.usualClipMs ?? MINUTE_MS), zone: this.#zone };
    const write = (field: FieldName, argument: string | undefined): string =>
      writeTime(field, clip) ?? this.#writeOther(field, { argument, serial, recorderCamera });
    return this.#canonical.format(write, recorderCamera !== SOLE_CAMERA);
  }

  closesMs(dir: string): number | null {
    const within = this.#dates.within(dir);
    return within === undefined ? null : within.toMs + (this.maxClipMs ?? DAY_MS) + CLOSING_MARGIN_MS;
  }

  #writeOther(field: FieldName, to: Other): string {
    const width = Number(to.argument ?? 1);
    if (field === 'camera' || field === 'camera+') return cameraComponent(field, to.recorderCamera);
    if (field === 'ext') return `.${this.#ext}`;
    if (field === 'numbers') return '0';
    if (field === 'channel') return '00';
    if (field === 'serial' || field === 'word') return String(to.serial).padStart(width, '0');
    if (field === 'hex') return to.serial.toString(16).toUpperCase().padStart(width, '0');
    return to.argument ?? '';
  }
}

interface Other {
  readonly argument: string | undefined;
  readonly serial: number;
  readonly recorderCamera: string;
}

/** A camera's name as bytes of a path. Throws `invalid` for one that is no component: it must not leave the root. */
function cameraComponent(field: 'camera' | 'camera+', name: string): string {
  const bytes = bytesOfName(name);
  const parts = field === 'camera+' ? bytes.split('/') : [bytes];
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[/\0]/.test(part))) {
    throw new FortnightError('invalid', `${quoted(name)} cannot be a camera's name in a path`);
  }
  return bytes;
}
