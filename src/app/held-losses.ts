/**
 * What a recorder did to held clips, as alarms of their cameras: when the first of them were recorded, how many there are,
 * and what they are played from now.
 */
import type { AlarmCode, Alarms } from '../alarms/alarms.ts';
import { localMinute } from '../base/zone.ts';
import type { Clip } from '../clips/clip.ts';
import type { ClipLocation } from '../clips/store.ts';
import { isCopyDir, isKeptDir, type CopyStore } from '../holds/keep/copies.ts';
import type { PinStore } from '../holds/keep/pins.ts';

export type HeldLoss = Extract<AlarmCode, 'held_content_changed' | 'held_content_gone'>;

/** Clips named by their times; the others are counted. */
const MAX_NAMED = 3;
/** Clips of one alarm that are told apart; beyond that it says no more than this many. */
const MAX_KNOWN = 20_000;

export interface HeldLossParts {
  readonly alarms: Pick<Alarms, 'all' | 'raise'>;
  readonly location: (clipId: number) => ClipLocation | undefined;
  readonly pins: Pick<PinStore, 'places'>;
  readonly copies: Pick<CopyStore, 'places'>;
  /** The site's zone. */
  readonly zone: string;
}

/** What a lost clip is played from. */
type Place = 'pinned' | 'copied' | 'lost';

interface Lost {
  readonly startMs: number;
  readonly place: Place;
}

export class HeldLosses {
  readonly #parts: HeldLossParts;
  /** Clips of the alarms that stand, as far as they were raised since the start. */
  readonly #known = new Map<string, Map<number, Lost>>();

  constructor(parts: HeldLossParts) {
    this.#parts = parts;
  }

  /** Raises the alarms of the cameras of these clips; a clip that is told of again counts once. */
  raise(code: HeldLoss, clips: readonly Clip[]): void {
    for (const [subject, lost] of Map.groupBy(clips, (clip) => clip.cameraId)) {
      const stands = this.#parts.alarms.all().some((a) => a.code === code && a.subject === subject);
      const key = `${code} ${subject}`;
      const known = (stands ? this.#known.get(key) : undefined) ?? new Map<number, Lost>();
      for (const { id, startMs } of lost)
        if (known.size < MAX_KNOWN || known.has(id)) known.set(id, { startMs, place: this.#place(code, id) });
      this.#known.set(key, known);
      this.#parts.alarms.raise({ code, subject, detail: detailOf([...known.values()], this.#parts.zone) });
    }
  }

  /** A pin is the file itself: of what was written over in place only a copy is left, which is the clip by then. */
  #place(code: HeldLoss, clipId: number): Place {
    const { location, pins, copies } = this.#parts;
    const dir = location(clipId)?.dir;
    if (dir !== undefined && isKeptDir(dir)) return isCopyDir(dir) ? 'copied' : 'pinned';
    if (code === 'held_content_changed') return 'lost';
    if (pins.places(clipId).length > 0) return 'pinned';
    return copies.places(clipId).length === 0 ? 'lost' : 'copied';
  }
}

function detailOf(lost: readonly Lost[], zone: string): Record<string, string | number> {
  const first = lost.map(({ startMs }) => startMs).sort((a, b) => a - b);
  const named = first.slice(0, MAX_NAMED).map((ms) => localMinute(ms, zone));
  const more = first.length > MAX_NAMED ? ` (+${String(first.length - MAX_NAMED)})` : '';
  const at = `${named.join(', ')}${more}`;
  const count = (place: Place): number => lost.filter((l) => l.place === place).length;
  const counts = { pinned: count('pinned'), copied: count('copied'), lost: count('lost') };
  return { clips: lost.length, at, ...Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0)) };
}
