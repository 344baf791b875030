/** The hold service: what people do with holds, and what time does. */
import { FortnightError } from '../base/errors.ts';
import type { TimeRange } from '../base/range.ts';
import * as acts from './acts.ts';
import type { CoverageReport } from './coverage-report.ts';
import { binds, stands, type HoldAct, type HoldVersion, type Scope } from './hold.ts';
import type { Act, CaseChange, Holds, PlacedHold } from './holds.ts';
import type { Case } from './hold-set.ts';
import { OneByOne } from './one-by-one.ts';
import { Placements, type PlacementDeps } from './placements.ts';
import { LESSENING, Retries, recordLessening } from './record.ts';
import { reportCoverage } from './report.ts';
import { isSame } from './scope.ts';
import { checkCase, checkReason, checkReview, checkScope } from './terms.ts';

export interface HoldDeps extends PlacementDeps {
  /** A hold ended or was narrowed: clips parked for it are looked at again. */
  readonly unpark: () => Promise<void>;
}

export interface HoldService extends Holds {
  /**
   * Tries again what the index refused, lets requests take effect where one person is enough, and lets clips go whose hold
   * has ended. Called each minute and at start.
   */
  tick(): Promise<void>;
}

export function createHolds(deps: HoldDeps): HoldService {
  return new Service(deps);
}

class Service implements HoldService {
  readonly #deps: HoldDeps;
  readonly #retries: Retries;
  readonly #placements: Placements;
  readonly #turns = new OneByOne();
  #lastTickMs = 0;

  constructor(deps: HoldDeps) {
    this.#deps = deps;
    this.#retries = new Retries(deps);
    this.#placements = new Placements(deps, this.#retries);
  }

  place: Holds['place'] = (terms, request) => {
    const holdId = this.#placements.idOf(request);
    return this.#turns.take(holdId, () => this.#placements.place(holdId, terms, request));
  };

  widen(act: Act, to: Scope): Promise<PlacedHold> {
    const { cameraIds, nowMs, rules } = this.#deps;
    checkReason(act.reason);
    checkScope(to, { nowMs: nowMs(), cameraIds });
    return this.#turns.take(act.holdId, async () => {
      const { known, repeated } = await this.#asSeen(act, {
        acts: ['widened'],
        says: (made) => isSame(made.terms, to),
      });
      const actor = { ...act, nowMs: nowMs() };
      const hold = repeated ? known : acts.widened(known, actor, { ...to, coolingOffMs: rules.coolingOffMs });
      const inFlight = repeated ? [] : await this.#placements.bind(hold);
      return { hold, coverage: await this.#placements.report(hold, inFlight), replayed: repeated };
    });
  }

  review(act: Act, reviewMs: number): Promise<HoldVersion> {
    checkReason(act.reason);
    checkReview(reviewMs, this.#deps.nowMs());
    const says = (made: HoldVersion): boolean => made.terms.reviewMs === reviewMs;
    return this.#act({ acts: ['reviewed'], says }, act, (known, actor) =>
      acts.reviewed(known, actor, reviewMs),
    );
  }

  confirm(act: Act): Promise<HoldVersion> {
    return this.#act(only('confirmed'), act, acts.confirmed);
  }

  ask(act: Act, to: Scope | undefined): Promise<HoldVersion> {
    const { cameraIds, nowMs, rules } = this.#deps;
    checkReason(act.reason);
    if (to !== undefined) checkScope(to, { nowMs: nowMs(), cameraIds });
    const says = (made: HoldVersion): boolean => acts.asksFor(made, to);
    return this.#act({ acts: ['asked'], says }, act, (known, actor) =>
      acts.asked(known, actor, { to, rules }),
    );
  }

  async approve(act: Act): Promise<HoldVersion> {
    checkReason(act.reason);
    const { coolingOffMs } = this.#deps.rules;
    return this.#act(only('released', 'narrowed'), act, (known, actor) =>
      acts.granted(known, actor, coolingOffMs),
    );
  }

  refuse(act: Act): Promise<HoldVersion> {
    checkReason(act.reason);
    return this.#act(only('refused'), act, acts.refused);
  }

  withdraw(act: Act): Promise<HoldVersion> {
    checkReason(act.reason);
    return this.#act(only('withdrawn'), act, acts.withdrawn);
  }

  async changeCase(caseId: string, change: CaseChange): Promise<Case> {
    checkReason(change.reason);
    checkCase(change);
    const { set, nowMs } = this.#deps;
    const known = this.#case(caseId);
    const { version, by, reason, title, viewers } = change;
    if (isRepeated(known, change)) return known;
    demandVersion(known, version);
    const holds = set.all().filter((h) => h.case.id === caseId && stands(h, nowMs()));
    const carrier = holds[0];
    if (carrier === undefined) throw new FortnightError('conflict', 'no hold of this case stands');
    const act = { holdId: carrier.holdId, version: carrier.version, by, reason };
    await this.#act(only('case_changed'), act, (hold, actor) => {
      return acts.caseChanged(hold, actor, { title, viewers });
    });
    return this.#case(caseId);
  }

  current(): readonly HoldVersion[] {
    return this.#deps.set.all();
  }

  cases(): readonly Case[] {
    return this.#deps.set.cases();
  }

  inForce(): readonly HoldVersion[] {
    return this.#deps.set.inForce();
  }

  history(holdId: string): readonly HoldVersion[] {
    return this.#deps.store.history(holdId);
  }

  coverage: Holds['coverage'] = async (holdId) => {
    const hold = this.#deps.set.get(holdId);
    if (hold === undefined) throw new FortnightError('not_found', 'there is no such hold');
    return this.#look(hold.terms.cameraIds, hold.terms.window, this.#deps.pinned(holdId));
  };

  /** What is not held needs no second name. */
  preview: Holds['preview'] = (cameraIds, window) => this.#look(cameraIds, window, Infinity);

  #look(cameraIds: readonly string[], window: TimeRange, pinned: number): Promise<CoverageReport> {
    const query = { cameraIds, window, nowMs: this.#deps.nowMs() };
    return reportCoverage(this.#deps.reader, query, { rescued: 0, outcomeUnknown: [], pinned });
  }

  async tick(): Promise<void> {
    await this.#retries.run();
    await this.#takeEffect();
    const now = this.#deps.nowMs();
    const ended = this.#deps.set
      .inForce()
      .some((h) => h.endsMs !== null && h.endsMs >= this.#lastTickMs && !binds(h, now));
    if (ended) await this.#deps.unpark();
    this.#lastTickMs = now;
  }

  /** Where one person is enough: what was asked long enough ago happens. */
  async #takeEffect(): Promise<void> {
    const { set, rules, nowMs } = this.#deps;
    if (rules.aloneAfterMs === undefined) return;
    for (const hold of set.all()) {
      const { holdId, version, pending } = hold;
      const effectiveMs = pending?.effectiveMs;
      if (pending === null || effectiveMs === null || effectiveMs === undefined || effectiveMs > nowMs())
        continue;
      // Its own end has come before: a release now would only put that off.
      if (!stands(hold, nowMs())) continue;
      const act = { holdId, version, by: pending.by, reason: pending.reason };
      await this.#act(only('released', 'narrowed'), act, (known, actor) =>
        acts.tookEffect(known, actor, rules.coolingOffMs),
      ).catch(unlessOvertaken);
    }
  }

  /** One act upon a hold after the other: decided, made durable, answered. */
  #act(
    doing: acts.Doing,
    act: Act,
    make: (known: HoldVersion, actor: acts.Actor) => HoldVersion,
  ): Promise<HoldVersion> {
    return this.#turns.take(act.holdId, async () => {
      const { known, repeated } = await this.#asSeen(act, doing);
      if (repeated) return known;
      const { by, reason } = act;
      const version = make(known, { by, reason, nowMs: this.#deps.nowMs() });
      if (LESSENING.includes(version.act)) await recordLessening(this.#deps, version);
      else await this.#placements.bind(version);
      return version;
    });
  }

  /** The hold as the person saw it, or as the same act of theirs has made it already. Throws when it is neither. */
  async #asSeen(
    { holdId, version, by, reason }: Act,
    doing: acts.Doing,
  ): Promise<{ readonly known: HoldVersion; readonly repeated: boolean }> {
    await this.#retries.run();
    this.#retries.demand(holdId);
    const known = this.#deps.set.get(holdId);
    if (known === undefined) throw new FortnightError('not_found', 'there is no such hold');
    const repeated = acts.isRepeated(known, version, { ...doing, by, reason });
    if (!repeated && known.version !== version)
      throw new FortnightError('conflict', 'somebody else has changed this hold meanwhile');
    return { known, repeated };
  }

  #case(caseId: string): Case {
    const known = this.#deps.set.cases().find((c) => c.mark.id === caseId);
    if (known === undefined) throw new FortnightError('not_found', 'there is no such case');
    return known;
  }
}

/** An act that says nothing but itself. */
function only(...made: HoldAct[]): acts.Doing {
  return { acts: made, says: () => true };
}

function demandVersion(known: Case, version: number): void {
  if (known.mark.version !== version)
    throw new FortnightError('conflict', 'somebody else has changed this case meanwhile');
}

function isRepeated(known: Case, { version, by, title, viewers }: CaseChange): boolean {
  const same = known.title === title && known.viewers.join('\n') === viewers.join('\n');
  return known.mark.version === version + 1 && known.mark.by === by && same;
}

/** Somebody refused it or took it back in the same moment: that counts. What the disk refused is tried again. */
function unlessOvertaken(error: unknown): void {
  if (!(error instanceof FortnightError)) throw error;
}
