/** Every moment says when it goes: one sentence, never a tooltip only. Pure. */
import type { Words } from '../texts/words.ts';
import type { GapSpan, Moment } from '../timeline/footage.ts';
import { DAY_MS, MINUTE_MS } from '../time/zone.ts';

export interface Fate {
  readonly text: string;
  readonly tone: 'plain' | 'hold' | 'due';
}

export interface At {
  readonly moment: Moment;
  /** When the pictures of the moment go; undefined while they are still being recorded. */
  readonly dueMs: number | undefined;
  readonly nowMs: number;
}

/** The sentence beside the clock; `brief` for the hover card and narrow screens. */
export function fateOf(at: At, words: Words, brief = false): Fate {
  const { moment } = at;
  const { review } = words.texts;
  switch (moment.kind) {
    case 'future':
      return { text: review.future, tone: 'plain' };
    case 'past':
      return { text: review.past, tone: 'plain' };
    case 'recording':
      return { text: review.beingRecorded, tone: 'plain' };
    case 'gap':
      return { text: gapSentence(moment.span, words), tone: 'plain' };
    case 'deleted':
      return { text: review.gone, tone: 'due' };
    case 'there': {
      const [hold] = moment.holds;
      if (hold !== undefined) return { text: review.keptFor(hold.caseRef), tone: 'hold' };
      return dueFate(at, words, brief);
    }
  }
}

function dueFate({ dueMs, nowMs }: At, { texts, time }: Words, brief: boolean): Fate {
  const { review } = texts;
  if (dueMs === undefined) return { text: review.recording, tone: 'plain' };
  const leftMs = Math.max(0, dueMs - nowMs);
  const tone = leftMs < DAY_MS ? 'due' : 'plain';
  const when = time.moment(dueMs);
  if (brief) return { text: review.isDeletedOn(when), tone };
  const whole = leftMs < DAY_MS ? leftMs : Math.floor(leftMs / DAY_MS) * DAY_MS;
  return { text: `${review.deletedOn(when)} · ${review.inTime(time.span(whole))}`, tone };
}

/** From, to and length of a gap, with seconds below a minute; only its end where nobody knows since when it is. */
export function gapSentence({ fromMs, toMs }: GapSpan, { texts, time }: Words): string {
  if (fromMs === null) return texts.review.until(time.moment(toMs));
  const sameDay = time.day(fromMs) === time.day(toMs);
  const clock = toMs - fromMs < MINUTE_MS ? time.second : time.minute;
  const written = (ms: number): string => (sameDay ? clock(ms) : `${time.day(ms)}, ${clock(ms)}`);
  return texts.review.fromTo(written(fromMs), written(toMs), time.span(toMs - fromMs));
}
