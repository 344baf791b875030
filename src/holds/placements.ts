/** Placing holds: a version of its own or, for a request that was answered before, that answer again. */
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../base/canonical-json.ts';
import { FortnightError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { widen } from '../base/range.ts';
import type { Clip } from '../clips/clip.ts';
import type { ClipReader } from '../clips/store.ts';
import type { ReleaseRules } from './acts.ts';
import type { CoverageReport } from './coverage-report.ts';
import { HOLD_MARGIN_MS, type CaseMark, type HoldAct, type HoldTerms, type HoldVersion } from './hold.ts';
import type { PlacedHold, Placing } from './holds.ts';
import { recordBinding, type RecordDeps, type Retries } from './record.ts';
import { reportCoverage } from './report.ts';
import { checkTerms } from './terms.ts';

export interface PlacementDeps extends RecordDeps {
  readonly reader: Pick<
    ClipReader,
    'coverage' | 'covered' | 'receipts' | 'receiptCount' | 'deletedSpans' | 'deletingIn' | 'clip'
  >;
  readonly nowMs: () => number;
  readonly rules: ReleaseRules;
  readonly cameraIds: ReadonlySet<string>;
  /**
   * Gives what the hold covers a second name on the disk, as far as that goes in a moment; the rest follows by itself.
   * How many clips have one by then. Never fails.
   */
  readonly pin: (hold: HoldVersion) => Promise<number>;
  /** How many clips have a second name under the hold. */
  readonly pinned: (holdId: string) => number;
  /** Brings what is `deleting` on these roots to its end, or gives up after a moment. */
  readonly settle: (rootIds: readonly string[]) => Promise<void>;
}

/** Acts after which there may be clips without a second name. */
const BINDS_MORE: readonly HoldAct[] = ['placed', 'widened', 'withdrawn'];

export class Placements {
  readonly #deps: PlacementDeps;
  readonly #retries: Retries;

  constructor(deps: PlacementDeps, retries: Retries) {
    this.#deps = deps;
    this.#retries = retries;
  }

  /**
   * The hold's id follows from who asked and under which key, so that a repeated request finds it in the journal, also
   * after a crash and while the first is still on its way. A UUID of version 8 (RFC 9562).
   */
  idOf({ by, key }: Placing): string {
    if (key === undefined) return newId();
    const hex = createHash('sha256')
      .update(canonicalJson([by, key]), 'utf8')
      .digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  async place(holdId: string, said: HoldTerms, request: Placing): Promise<PlacedHold> {
    const nowMs = this.#deps.nowMs();
    const { coolingOffMs } = this.#deps.rules;
    const { terms, mark } = this.#underCase(said, request, nowMs);
    checkTerms(terms, { nowMs, cameraIds: this.#deps.cameraIds });
    if (this.#deps.set.get(holdId) !== undefined) return this.#again(holdId, said, request);
    const version = placed({ holdId, terms, mark, by: request.by, coolingOffMs }, nowMs);
    const inFlight = await this.bind(version);
    return { hold: version, coverage: await this.report(version, inFlight), replayed: false };
  }

  /** Makes a version that binds no less durable; returns the clips whose deletion was under way. */
  bind(version: HoldVersion): Promise<readonly Clip[]> {
    const { cameraIds, window } = version.terms;
    const wide = widen(window, HOLD_MARGIN_MS);
    return recordBinding(this.#deps, version, {
      retries: this.#retries,
      look: () => cameraIds.flatMap((c) => this.#deps.reader.deletingIn(c, wide)),
      pin: async () => BINDS_MORE.includes(version.act) && this.#deps.pin(version),
    });
  }

  /** The answer's figures; clips that were in a delete batch are settled first, as far as the disk answers in time. */
  async report(hold: HoldVersion, inFlight: readonly Clip[]): Promise<CoverageReport> {
    const { reader, settle, nowMs } = this.#deps;
    const { cameraIds, window } = hold.terms;
    if (inFlight.length > 0) await settle([...new Set(inFlight.map((c) => c.rootId))]);
    const now = inFlight.map((c) => reader.clip(c.id));
    const flight = {
      rescued: now.filter((c) => c?.state === 'live').length,
      outcomeUnknown: now.flatMap((c) => (c?.state === 'deleting' ? [c.id] : [])),
      pinned: await this.#deps.pin(hold),
    };
    return reportCoverage(reader, { cameraIds, window, nowMs: nowMs() }, flight);
  }

  async #again(holdId: string, said: HoldTerms, { caseId }: Placing): Promise<PlacedHold> {
    const { journal, set } = this.#deps;
    const first = journal.entries.find(({ version: v }) => v.holdId === holdId)?.version;
    if (first === undefined || !isSameRequest(first, said, caseId))
      throw new FortnightError('conflict', 'this idempotency key was used for another hold');
    await this.#retries.run();
    this.#retries.demand(holdId);
    const hold = set.get(holdId) ?? first;
    return { hold, coverage: await this.report(hold, []), replayed: true };
  }

  /** A case of its own, or the one it joins, in that one's words. */
  #underCase(
    said: HoldTerms,
    { by, caseId }: Placing,
    nowMs: number,
  ): { readonly terms: HoldTerms; readonly mark: CaseMark } {
    if (caseId === undefined) return { terms: said, mark: { id: newId(), version: 1, by, atMs: nowMs } };
    const known = this.#deps.set.cases().find((c) => c.mark.id === caseId);
    if (known === undefined) throw new FortnightError('not_found', 'there is no such case');
    const { mark, ...words } = known;
    return { terms: { ...said, ...words }, mark };
  }
}

interface Draft {
  readonly holdId: string;
  readonly terms: HoldTerms;
  readonly mark: CaseMark;
  readonly by: string;
  readonly coolingOffMs: number;
}

function placed({ holdId, terms, mark, by, coolingOffMs }: Draft, nowMs: number): HoldVersion {
  return {
    holdId,
    version: 1,
    act: 'placed',
    case: mark,
    terms,
    by,
    atMs: nowMs,
    why: terms.reason,
    boundBy: by,
    boundMs: nowMs,
    confirmedBy: null,
    confirmedMs: null,
    pending: null,
    leaving: [],
    askedBy: null,
    releasedMs: null,
    releaseReason: null,
    endsMs: terms.endMs === null ? null : terms.endMs + coolingOffMs,
  };
}

/** Of a hold that joins a case, the words about the case are the case's. */
function isSameRequest(first: HoldVersion, said: HoldTerms, caseId: string | undefined): boolean {
  const own = ({ cameraIds, window, endMs, reason, reviewMs }: HoldTerms): object => ({
    cameraIds,
    window,
    endMs,
    reason,
    reviewMs,
  });
  const same = (a: object, b: object): boolean => canonicalJson(a as Json) === canonicalJson(b as Json);
  if (caseId === undefined) return same(first.terms, said);
  return first.case.id === caseId && same(own(first.terms), own(said));
}
