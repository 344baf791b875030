/**
 * One hold as the people know it who act upon it: what was acknowledged to them must bind, until what they asked for and
 * granted may have let it go. What was sent and never answered may have happened, until a journal says that it did not.
 */
import { overlaps, widen, type TimeRange } from '../../src/base/range.ts';
import { HOLD_MARGIN_MS, type HoldAct, type HoldTerms, type Scope } from '../../src/holds/hold.ts';
import { isSame } from '../../src/holds/scope.ts';
import type { Line } from './journal-lines.ts';

interface Clip {
  readonly cameraId: string;
  readonly intervals: readonly TimeRange[];
}

/** Versions that bind what they say; a release binds when it came back from a mirror, which ends nothing. */
const BINDING: readonly HoldAct[] = ['placed', 'widened', 'withdrawn', 'narrowed', 'released'];

/** What binds since a version. */
interface Piece {
  version: number;
  readonly scope: Scope;
  /** By the retention clock. */
  readonly endsR: number;
}

/** A version that may let everything go that earlier ones bound, once its cooling-off is over. */
interface LetGo {
  readonly version: number;
  /** What this version is when it is in the journal; an `asked` lets go by itself where one person is enough. */
  readonly act: HoldAct;
  /** It concerns what bound before this version. */
  readonly before: number;
  readonly untilR: number;
  /** What it leaves, which binds whether it takes effect or not. */
  readonly leaves: Piece | undefined;
}

/** What was sent, for its answer. */
export type Sent = Readonly<LetGo>;

export class HoldTruth {
  readonly key: string;
  /** As asked for; the scope as it was at the placement. */
  readonly terms: HoldTerms;
  readonly #coolingOffMs: number;
  #pieces: Piece[] = [];
  #letGo: LetGo[] = [];
  /** Known from the answer. */
  holdId: string | undefined;
  /** Highest version that was acknowledged, or found in the journal after a crash. */
  top: Line | undefined;
  constructor(key: string, terms: HoldTerms, coolingOffMs: number) {
    this.key = key;
    this.terms = terms;
    this.#coolingOffMs = coolingOffMs;
  }

  /** Whether a clip must not go at the retention time `r`. */
  mustBind(clip: Clip, r: number): boolean {
    return this.#pieces.some((p) => touches(p.scope, clip) && r < p.endsR && this.#standsFor(p, r));
  }

  /** Whether its highest version may bind a clip; without one, whether what was asked for may. */
  mayHold(clip: Clip, r: number): boolean {
    const { top } = this;
    if (top === undefined) return touches(this.terms, clip);
    const ends = top.releasedMs ?? top.endMs ?? Infinity;
    return touches(top, clip) && r < ends + this.#coolingOffMs;
  }

  /** An act was answered. */
  acknowledged(line: Line): void {
    this.holdId = line.holdId;
    if (line.version > (this.top?.version ?? 0)) this.top = line;
    this.#bind(line);
  }

  /** A request is sent that takes effect by itself, from `r` on, where one person is enough. `to`: what would be left. */
  askingAlone(version: number, to: Scope | undefined, r: number): Sent {
    return this.#letsGo({ version, act: 'asked', r }, to);
  }

  /** A second person's word is sent. */
  granting(version: number, to: Scope | undefined, r: number): Sent {
    return this.#letsGo({ version, act: to === undefined ? 'released' : 'narrowed', r }, to);
  }

  /** It was answered that this was not done. Somebody may have sent another of its kind meanwhile. */
  undone(sent: Sent): void {
    this.#keepOf((l) => l !== sent);
  }

  /** The request that waited was refused or taken back by this version: it takes no effect by itself. */
  unasked(by: number): void {
    const at = this.#letGo.findLastIndex((l) => l.act === 'asked' && l.version < by);
    if (at >= 0) this.#keepOf((_, i) => i !== at);
  }

  /** A daemon has started: what its journal has happened, and nothing else did. Lines of this hold, in order. */
  recovered(lines: readonly Line[]): void {
    const top = lines.at(-1);
    if (top === undefined) return;
    this.#keepOf(
      (l) => lines.some((line) => isSo(l, line)) && (l.act !== 'asked' || !isTakenBack(l.version, lines)),
    );
    for (const { version, aloneR } of lines) {
      // The journal of a backup may have a request that was taken back since: it concerns all there was until now.
      if (aloneR !== null && !isTakenBack(version, lines) && !this.#letGo.some((l) => l.act === 'asked'))
        this.#letGo.push({
          ...{ version, act: 'asked', before: top.version + 1, leaves: undefined },
          untilR: aloneR + this.#coolingOffMs,
        });
    }
    // Numbers that were lost with a journal are given anew.
    for (const piece of this.#pieces) piece.version = Math.min(piece.version, top.version);
    for (const line of lines) this.acknowledged(line);
    this.top = top;
  }

  /** Whether people have granted what a line says. */
  isGranted(line: Line): boolean {
    return this.#letGo.some((l) =>
      l.act === 'asked' ? l.version < line.version : l.version === line.version && l.act === line.act,
    );
  }

  #standsFor(piece: Piece, r: number): boolean {
    return this.#letGo.every((l) => l.before <= piece.version || r < l.untilR);
  }

  /** The others come to nothing. */
  #keepOf(which: (letGo: LetGo, i: number) => boolean): void {
    const dropped = this.#letGo.filter((l, i) => !which(l, i)).map((l) => l.leaves);
    this.#letGo = this.#letGo.filter(which);
    this.#pieces = this.#pieces.filter((p) => !dropped.includes(p));
  }

  #letsGo(by: { version: number; act: HoldAct; r: number }, to: Scope | undefined): Sent {
    const untilR = by.r + this.#coolingOffMs;
    // What takes effect by itself does so only while the hold stands.
    const sinceR = by.act === 'asked' ? -Infinity : by.r;
    const endMs = to?.endMs ?? Infinity;
    const endsR = Math.max(endMs, sinceR) + this.#coolingOffMs;
    const leaves = to && { version: by.version, scope: to, endsR };
    const sent: LetGo = { version: by.version, act: by.act, before: by.version, untilR, leaves };
    this.#letGo.push(sent);
    if (leaves !== undefined) this.#pieces.push(leaves);
    return sent;
  }

  #bind(line: Line): void {
    // One that came back from a mirror may have no end any more.
    const endless = line.endMs === null && this.#pieces.every((p) => p.endsR !== Infinity);
    if (line.releasedMs !== null || !(BINDING.includes(line.act) || endless)) return;
    if (this.#pieces.some((p) => p.version === line.version && isSame(p.scope, line))) return;
    const { cameraIds, window, endMs } = line;
    const endsR = endMs === null ? Infinity : endMs + this.#coolingOffMs;
    this.#pieces.push({ version: line.version, scope: { cameraIds, window, endMs }, endsR });
  }
}

/** A version that came back from a mirror says the same act, and lets nothing go; another attempt may have come first. */
function isSo({ version, act, leaves }: LetGo, line: Line): boolean {
  if (line.version !== version || line.act !== act) return false;
  if (act === 'released') return line.releasedMs !== null;
  if (line.recovered) return false;
  const left = act === 'asked' ? line.leaves : line;
  return left === null || leaves === undefined ? left === (leaves ?? null) : isSame(leaves.scope, left);
}

/** Whether a request came to nothing. */
function isTakenBack(version: number, lines: readonly Line[]): boolean {
  const end = lines.find((l) => l.version > version && ENDS_A_REQUEST.includes(l.act));
  return end?.act === 'refused' || end?.act === 'withdrawn';
}

const ENDS_A_REQUEST: readonly HoldAct[] = ['refused', 'withdrawn', 'narrowed', 'released'];

/** Whether the hold reaches the clip by its name or its mtime. */
export function touches({ cameraIds, window }: Pick<Scope, 'cameraIds' | 'window'>, clip: Clip): boolean {
  if (!cameraIds.includes(clip.cameraId)) return false;
  return clip.intervals.some((i) => overlaps(widen(i, HOLD_MARGIN_MS), window));
}
