/** One camera's picture with what is said over it: name, time, hold, or why there is none. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { sentenceOf } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import type { Picture } from '../player/camera-player.ts';
import type { Obstacle } from '../player/obstacle.ts';
import { useWords } from '../state/language.ts';
import type { Texts } from '../texts/index.ts';
import type { Words } from '../texts/words.ts';
import { useStore } from '../state/store.ts';
import type { Moment } from '../timeline/footage.ts';
import type { Desk } from './desk.ts';
import { gapSentence } from './fate.ts';
import { activate, choose, toggleOne } from './moves.ts';
import { useNarrow } from './narrow.ts';

export interface TileProps {
  readonly desk: Desk;
  readonly cameraId: string;
  readonly index: number;
  readonly active: boolean;
}

export function Tile({ desk, cameraId, index, active }: TileProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const picture = useStore(desk.pictures, (all): Picture => all[cameraId] ?? { kind: 'empty' });
  useLayoutEffect(() => {
    if (host.current !== null) desk.player(cameraId).attach(host.current);
  }, [desk, cameraId]);
  return (
    <div
      class="tile"
      role="group"
      data-camera={cameraId}
      data-active={active}
      data-picture={picture.kind}
      onClick={() => {
        activate(desk, index);
      }}
      onDblClick={() => {
        choose(desk, cameraId);
        toggleOne(desk, 2);
      }}
    >
      <div class="tile-picture" ref={host} />
      <Overlay desk={desk} cameraId={cameraId} picture={picture} index={index} />
    </div>
  );
}

function Overlay(props: { desk: Desk; cameraId: string; picture: Picture; index: number }): JSX.Element {
  const { desk, cameraId, picture } = props;
  const words = useWords();
  const narrow = useNarrow();
  const second = useStore(desk.atMs, (ms) => Math.floor(ms / 1000) * 1000);
  const moment = desk.moment(cameraId, second);
  const camera = desk.cameras.get().find((c) => c.id === cameraId);
  const absence = absenceOf(moment, picture, words);
  const [hold] = moment.kind === 'there' ? moment.holds : [];
  return (
    <>
      {absence === undefined ? null : <Absent {...absence} desk={desk} cameraId={cameraId} atMs={second} />}
      <div class="tile-over">
        <span class="tile-name">
          {narrow ? null : <kbd>{props.index + 1}</kbd>}
          {camera?.name[words.language] ?? cameraId}
        </span>
        {hold === undefined ? null : (
          <span class="tile-hold">
            <Icon name="hold" />
            {words.texts.review.keptFor(hold.caseRef)}
          </span>
        )}
        {absence === undefined ? (
          <span class="tile-time">
            {words.time.day(second)} {words.time.second(second)}
          </span>
        ) : null}
        {picture.kind === 'loading' && absence === undefined ? (
          <span class="tile-loading">{words.texts.review.loading}</span>
        ) : null}
      </div>
    </>
  );
}

interface Absence {
  readonly title: string;
  readonly detail: string | undefined;
  /** Whether to offer the next footage. */
  readonly next: boolean;
}

/** Absence has a reason; black is never an answer. */
function absenceOf(moment: Moment, picture: Picture, words: Words): Absence | undefined {
  const { review, shared } = words.texts;
  switch (moment.kind) {
    case 'future':
      return { title: review.future, detail: undefined, next: false };
    case 'past':
      return { title: review.past, detail: review.pastHint, next: true };
    case 'recording':
      return { title: review.beingRecorded, detail: review.beingRecordedHint, next: false };
    case 'gap':
      return { title: shared.noRecording, detail: gapSentence(moment.span, words), next: true };
    case 'deleted':
      return { title: review.gone, detail: gapSentence(moment.span, words), next: true };
    case 'there':
      return failureOf(picture, words);
  }
}

function failureOf(picture: Picture, { texts }: Words): Absence | undefined {
  const { review } = texts;
  switch (picture.kind) {
    case 'unplayable':
      return { ...obstacleIn(picture.obstacle, texts), next: false };
    case 'unreadable':
      return { title: review.unreadable, detail: review.unreadableHint, next: false };
    case 'failed':
      return { title: review.clipFailed, detail: sentenceOf(picture.code, texts), next: false };
    case 'empty':
    case 'loading':
    case 'showing':
      return undefined;
  }
}

/** What is in the way, and what the person looking can do about it. */
function obstacleIn(obstacle: Obstacle, { review }: Texts): { title: string; detail: string } {
  switch (obstacle.is) {
    case 'container':
      return { title: review.unplayedContainer(obstacle.name), detail: review.unplayedContainerHint };
    case 'browser':
      return { title: review.undecodable(obstacle.name), detail: review.undecodableHint };
    case 'damaged':
      return { title: review.damaged, detail: review.damagedHint };
  }
}

function Absent(props: Absence & { desk: Desk; cameraId: string; atMs: number }): JSX.Element {
  const { texts, time } = useWords();
  const nextMs = props.next ? props.desk.next(props.cameraId, props.atMs) : undefined;
  const label = (ms: number): string =>
    time.day(ms) === time.day(props.atMs) ? time.minute(ms) : time.moment(ms);
  return (
    <div class="tile-absent">
      <b>{props.title}</b>
      {props.detail === undefined ? null : <span>{props.detail}</span>}
      {nextMs === undefined ? null : (
        <button
          class="button"
          onClick={(event) => {
            event.stopPropagation();
            props.desk.seek(nextMs);
          }}
        >
          {texts.review.nextFootage(label(nextMs))}
        </button>
      )}
    </div>
  );
}
