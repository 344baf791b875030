/** What lies under the pointer: a still of its clip, the time, and when it goes. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { posterAddress } from '../api/endpoints.ts';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import { useValue } from '../state/store.ts';
import type { Hover } from '../timeline/intents.ts';
import type { Desk } from './desk.ts';
import { fateOf } from './fate.ts';

const WIDTH_PX = 232;
const MARGIN_PX = 8;

export function HoverCard({ desk, hover }: { desk: Desk; hover: Hover }): JSX.Element {
  const words = useWords();
  const card = useRef<HTMLDivElement>(null);
  useValue(desk.clipsKnown);
  const cameraId = hover.cameraId ?? desk.activeCamera;
  const camera = desk.cameras.get().find((c) => c.id === cameraId);
  const moment = desk.moment(cameraId, hover.atMs);
  const fate = fateOf({ moment, dueMs: desk.dueMs(cameraId, hover.atMs), nowMs: serverNow() }, words, true);
  useLayoutEffect(() => {
    if (card.current !== null) place(card.current, hover.x);
  });
  const { texts, time } = words;
  return (
    <div class="hover-card" ref={card} aria-hidden="true">
      {moment.kind === 'there' ? <Poster desk={desk} cameraId={cameraId} atMs={hover.atMs} /> : null}
      <div>
        <p class="hover-head">
          <span>{time.second(hover.atMs)}</span>
          <span>{camera?.name[words.language]}</span>
        </p>
        <p class="hover-day">
          <span>{time.day(hover.atMs)}</span>
          <span>{moment.kind === 'gap' ? texts.shared.noRecording : null}</span>
        </p>
        <p data-tone={fate.tone}>{fate.text}</p>
      </div>
    </div>
  );
}

/** Over the strip's foot, as near to the pointer as the page allows. */
function place(card: HTMLElement, x: number): void {
  const timeline = card.closest<HTMLElement>('.timeline');
  const main = timeline?.querySelector<HTMLElement>('.timeline-main') ?? null;
  if (timeline === null || main === null) return;
  const wanted = main.offsetLeft + x - WIDTH_PX / 2;
  const left = Math.min(Math.max(wanted, MARGIN_PX), timeline.clientWidth - WIDTH_PX - MARGIN_PX);
  card.style.left = `${String(left)}px`;
  card.style.top = `${String(main.offsetTop - card.offsetHeight - 6)}px`;
}

/** The last picture stays, dimmed, until the next one is there. */
function Poster({ desk, cameraId, atMs }: { desk: Desk; cameraId: string; atMs: number }): JSX.Element {
  const found = desk.mayLook ? desk.clips.at(cameraId, atMs, serverNow()) : undefined;
  const wanted = found?.kind === 'clip' ? posterAddress(found.clip.id) : undefined;
  const [shown, setShown] = useState<string | undefined>(undefined);
  return (
    <figure data-stale={wanted !== shown}>
      {shown === undefined ? null : <img src={shown} alt="" />}
      {wanted === undefined || wanted === shown ? null : (
        <img
          key={wanted}
          class="coming"
          src={wanted}
          alt=""
          onLoad={() => {
            setShown(wanted);
          }}
        />
      )}
    </figure>
  );
}
