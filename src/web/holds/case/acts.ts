/** What can be done with a hold in a dialog: its words, its whole way, and what it asks for. Pure. */
import type { Hold } from '../../../http/api/index.ts';
import type { HoldAct } from '../../api/endpoints.ts';
import { rightsOf } from '../standing.ts';
import { confirmWay, requestWay, wayOf, type Step, type Way } from './way.ts';

export interface Act {
  /** The last part of its path. */
  readonly act: Exclude<HoldAct, 'narrow'>;
  /** On the button that opens it. */
  readonly label: string;
  readonly title: string;
  /** On the button that does it. */
  readonly go: string;
  readonly steps: readonly Step[];
  /** What it asks for besides the version that was seen. */
  readonly asks: readonly ('reason' | 'password' | 'review')[];
  /** Owed by whoever looks: the one filled button of the page. */
  readonly owed: boolean;
  /** Its end is the end of footage. */
  readonly destructive: boolean;
}

/** What whoever looks may do now, what is owed first: the answer to a request comes before the hold's own confirmation. */
export function actsOf(way: Way): Act[] {
  const may = rightsOf(way.hold, way.cases.session);
  return [
    ...(may.approve ? [approval(way)] : []),
    ...(may.refuse ? [refusal(way)] : []),
    ...(may.confirm ? [{ ...confirmation(way), owed: !may.approve }] : []),
    ...(may.withdraw ? [withdrawal(way)] : []),
    ...(may.review ? [review(way)] : []),
    ...(may.release ? [release(way)] : []),
  ];
}

function confirmation(way: Way): Act {
  const { acts, go, titles } = way.words.texts.cases;
  return {
    act: 'confirm',
    label: acts.confirm,
    title: titles.confirm(way.hold.caseRef),
    go: go.confirm,
    steps: confirmWay(way),
    asks: ['password'],
    owed: true,
    destructive: false,
  };
}

function approval(way: Way): Act {
  const { acts, titles } = way.words.texts.cases;
  const what = way.hold.pending?.what ?? 'release';
  const key = what === 'release' ? 'approveRelease' : 'approveNarrowing';
  return {
    act: 'approve',
    label: acts[key],
    title: titles[key](way.hold.caseRef),
    go: acts[key],
    steps: requestWay(way, what),
    asks: ['reason', 'password'],
    owed: true,
    destructive: true,
  };
}

function refusal(way: Way): Act {
  const { acts, go, titles } = way.words.texts.cases;
  return {
    act: 'refuse',
    label: acts.refuse,
    title: titles.refuse(way.hold.caseRef),
    go: go.refuse,
    steps: backWay(way),
    asks: ['reason'],
    owed: false,
    destructive: false,
  };
}

function withdrawal(way: Way): Act {
  const { acts, titles } = way.words.texts.cases;
  const key = way.hold.pending === null ? 'undoRelease' : 'withdraw';
  return {
    act: 'withdraw',
    label: acts[key],
    title: titles[key](way.hold.caseRef),
    go: acts[key],
    steps: backWay(way),
    asks: ['reason'],
    owed: false,
    destructive: false,
  };
}

/** What was asked or done, and that the hold then stands again. */
function backWay(way: Way): Step[] {
  const { pending } = way.hold;
  const before = pending === null ? wayOf(way) : requestWay(way, pending.what);
  const { stands, standsMore } = way.words.texts.way;
  return [
    ...before.filter((s) => s.state === 'done'),
    { title: stands, more: pending === null ? way.words.texts.way.reviewMore : standsMore, state: 'coming' },
  ];
}

function review(way: Way): Act {
  const { acts, go, titles } = way.words.texts.cases;
  return {
    act: 'review',
    label: acts.review,
    title: titles.review(way.hold.caseRef),
    go: go.review,
    steps: confirmWay(way).filter((s) => s.state !== 'now'),
    asks: ['review', 'reason'],
    owed: way.hold.reviewOverdue,
    destructive: false,
  };
}

function release(way: Way): Act {
  const { acts, go, titles } = way.words.texts.cases;
  return {
    act: 'release',
    label: acts.release,
    title: titles.release(way.hold.caseRef),
    go: go.release,
    steps: requestWay(way, 'release'),
    asks: ['reason', 'password'],
    owed: false,
    destructive: true,
  };
}

/** What other standing holds keep of the same window: a release does not end that. */
export function overlapsOf(hold: Hold, holds: readonly Hold[]): { caseRef: string; ms: number }[] {
  return holds
    .filter((h) => h.id !== hold.id && h.state === 'standing')
    .filter((h) => h.cameraIds.some((id) => hold.cameraIds.includes(id)))
    .map((h) => ({
      caseRef: h.caseRef,
      ms: Math.min(h.toMs, hold.toMs) - Math.max(h.fromMs, hold.fromMs),
    }))
    .filter((o) => o.ms > 0);
}
