/** The way of a hold as steps: the whole of it is shown before its first step is taken. Pure. */
import type { CaseDetail, Hold } from '../../../http/api/index.ts';
import { DAY_MS } from '../../time/zone.ts';
import type { Words } from '../../texts/words.ts';
import type { Cases } from '../cases.ts';
import { isSecond } from '../standing.ts';

export interface Step {
  readonly title: string;
  readonly more: string;
  readonly state: 'done' | 'now' | 'coming';
}

/** What the steps are told from. */
export interface Way {
  readonly hold: Hold;
  readonly cases: Pick<Cases, 'coolingOffMs' | 'release' | 'people' | 'session' | 'days'>;
  readonly words: Words;
}

/** A request that would be made, or is. */
export type What = 'release' | 'narrowing';

export function nameOf(userName: string, { people }: Pick<Cases, 'people'>, { texts }: Words): string {
  if (userName === 'system') return texts.cases.system;
  return people.find((p) => p.userName === userName)?.displayName ?? userName;
}

/** What was done, as the history of a case tells it. */
export function deedOf(
  { act, asked }: Pick<CaseDetail['history'][number], 'act' | 'asked'>,
  { cases: { did } }: Words['texts'],
): string {
  return asked === 'release' ? did.askedRelease : did[act];
}

/** From the placing to the review, or to its end. */
export function wayOf(way: Way): Step[] {
  const { hold } = way;
  if (hold.state === 'ended') return [placed(way), ended(way)];
  if (hold.state === 'cooling_off') return [placed(way), released(way), cooling(way), destroyed(way)];
  if (hold.pending !== null) return [placed(way), ...requestWay(way, hold.pending.what)];
  return [placed(way), confirmation(way), reviewed(way), ...ownEnd(way)];
}

/** The way of a confirmation. */
export function confirmWay(way: Way): Step[] {
  return [placed(way), confirmation(way), { ...reviewed(way), state: 'coming' }];
}

/** The way of a release or a narrowing, before it is asked or after. */
export function requestWay(way: Way, what: What): Step[] {
  return [asked(way, what), agreement(way), ...afterwards(way, what)];
}

function placed({ hold, cases, words }: Way): Step {
  const { holds, shared, way } = words.texts;
  const who = holds.setByAt(nameOf(hold.setBy, cases, words), words.time.moment(hold.setMs));
  return { title: way.set, more: `${who} · ${shared.quote(hold.reason)}`, state: 'done' };
}

function confirmation(at: Way): Step {
  const { hold, cases, words } = at;
  const { cases: texts, holds, way } = words.texts;
  if (hold.confirmedBy !== null && hold.confirmByMs === null) {
    const when = words.time.moment(hold.confirmedMs ?? hold.setMs);
    const more = holds.setByAt(nameOf(hold.confirmedBy, cases, words), when);
    return { title: way.confirmed, more, state: 'done' };
  }
  const before = hold.confirmByMs === null ? '' : texts.before(words.time.moment(hold.confirmByMs));
  const mine = isSecond(cases.session, hold.setBy);
  return {
    title: mine ? way.youConfirm : way.secondConfirms,
    more: [mine ? myself(at) : second(at, hold.setBy), before, way.lateAlarm]
      .filter((t) => t !== '')
      .join(' '),
    state: 'now',
  };
}

function myself({ cases: { session }, words }: Way): string {
  return `${words.texts.cases.person(session.displayName, words.texts.shared.roles[session.role])}.`;
}

/** Who is not asked, and who is: by name where the names are known. */
function second(at: Way, by: string): string {
  const { cases, words } = at;
  const { cases: texts, shared, way } = words.texts;
  if (cases.session.userName !== by) return way.notWho(nameOf(by, cases, words));
  const names = cases.people.map((p) => texts.person(p.displayName, shared.roles[p.role]));
  if (names.length === 0) return way.notYou;
  const list = new Intl.ListFormat(words.time.locale, { type: 'disjunction' }).format(names);
  return way.notYouBut(list);
}

function asked({ hold, cases, words }: Way, what: What): Step {
  const { holds, shared, way } = words.texts;
  const { pending } = hold;
  if (pending === null) {
    const title = what === 'release' ? way.youAskRelease : way.youAskNarrowing;
    return { title, more: way.askMore, state: 'now' };
  }
  const who = holds.setByAt(nameOf(pending.by, cases, words), words.time.moment(pending.atMs));
  return {
    title: what === 'release' ? way.askedRelease : way.askedNarrowing,
    more: `${who} · ${shared.quote(pending.reason)}`,
    state: 'done',
  };
}

/** The second person; in a small house the time that passes instead, unless a second person comes first. */
function agreement(at: Way): Step {
  const { hold, cases, words } = at;
  const { way } = words.texts;
  const { pending } = hold;
  const state = pending === null ? 'coming' : 'now';
  if (cases.release === 'one_person_24h') {
    const until = pending?.effectiveMs ?? null;
    return {
      title: way.delay(words.time.hours(DAY_MS)),
      more: until === null ? way.delayMore : way.delayUntil(words.time.moment(until)),
      state,
    };
  }
  const by = pending?.by ?? cases.session.userName;
  const mine = pending !== null && isSecond(cases.session, by);
  return { title: mine ? way.youAgree : way.secondAgrees, more: mine ? myself(at) : second(at, by), state };
}

/** No cooling-off where the configuration has none. */
function afterwards({ cases, words }: Way, what: What): Step[] {
  const { way } = words.texts;
  const more = what === 'release' ? way.coolingMore : way.coolingNarrow;
  const title = way.cooling(words.time.hours(cases.coolingOffMs));
  return [
    ...(cases.coolingOffMs === 0 ? [] : [{ title, more, state: 'coming' as const }]),
    { title: way.destroyed, more: way.destroyedMore(Math.round(cases.days)), state: 'coming' },
  ];
}

function reviewed({ hold, words }: Way): Step {
  const { way } = words.texts;
  const day = words.time.longDay(hold.reviewMs);
  return {
    title: hold.reviewOverdue ? way.reviewOverdue(day) : way.review(day),
    more: way.reviewMore,
    state: hold.confirmByMs === null || hold.reviewOverdue ? 'now' : 'coming',
  };
}

function ownEnd(way: Way): Step[] {
  const { endMs } = way.hold;
  if (endMs === null) return [];
  const title = way.words.texts.way.ends(way.words.time.moment(endMs));
  return [{ title, more: way.words.texts.way.coolingMore, state: 'coming' }];
}

function released({ hold, cases, words }: Way): Step {
  const { holds, shared, way } = words.texts;
  const when = words.time.moment(hold.releasedMs ?? hold.endMs ?? hold.setMs);
  if (hold.releasedBy === null) return { title: way.endReached, more: when, state: 'done' };
  const people = [hold.releaseAskedBy, hold.releasedBy].filter((p) => p !== null);
  const names = [...new Set(people)].map((p) => nameOf(p, cases, words)).join(', ');
  const reason = hold.releaseReason === null ? '' : ` · ${shared.quote(hold.releaseReason)}`;
  return { title: way.released, more: `${holds.setByAt(names, when)}${reason}`, state: 'done' };
}

function cooling({ hold, cases, words }: Way): Step {
  const { way } = words.texts;
  const until = words.time.moment(hold.endsMs ?? hold.setMs);
  const title = way.cooling(words.time.hours(cases.coolingOffMs));
  return { title, more: way.coolingUntil(until), state: 'now' };
}

function destroyed({ cases, words }: Way): Step {
  const { way } = words.texts;
  return { title: way.destroyed, more: way.destroyedMore(Math.round(cases.days)), state: 'coming' };
}

function ended({ hold, words }: Way): Step {
  const { way } = words.texts;
  return {
    title: way.ended,
    more: way.endedMore(words.time.moment(hold.endsMs ?? hold.setMs)),
    state: 'done',
  };
}
