/** The pictures: one, two or four, as large as the room allows. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../state/language.ts';
import { auditStopped, retryViewing } from '../state/session.ts';
import { useValue } from '../state/store.ts';
import { Icon } from '../parts/Icon.tsx';
import type { Desk } from './desk.ts';
import { useNarrow } from './narrow.ts';
import { Skipped } from './Skipped.tsx';
import { Tile } from './Tile.tsx';

const GAP_PX = 6;
const PICTURE = 16 / 9;

export function Stage({ desk }: { desk: Desk }): JSX.Element {
  const texts = useTexts();
  const stage = useValue(desk.stage);
  const stopped = useValue(auditStopped);
  const narrow = useNarrow();
  const element = useRef<HTMLDivElement>(null);
  const room = useRoom(element);
  const layout = narrow ? 1 : stage.layout;
  const columns = layout === 1 ? 1 : 2;
  const width = tileWidth(room, { columns, rows: layout / columns, narrow });
  useLayoutEffect(() => {
    element.current?.style.setProperty('--columns', String(columns));
    element.current?.style.setProperty('--tile', `${String(width)}px`);
  }, [columns, width]);
  const shown = narrow ? [desk.activeCamera] : stage.order.slice(0, layout);
  return (
    <div class="stage" ref={element} aria-label={texts.review.pictures} role="group">
      {shown.map((id, index) => (
        <Tile key={id} desk={desk} cameraId={id} index={index} active={narrow || index === stage.active} />
      ))}
      {stopped ? (
        <p class="stage-stop" role="alert">
          <Icon name="warn" />
          {texts.review.auditStopped}
          <button class="button" onClick={retryViewing}>
            {texts.shared.retry}
          </button>
        </p>
      ) : null}
      <Skipped desk={desk} />
    </div>
  );
}

interface Room {
  readonly width: number;
  readonly height: number;
}

/** The widest tile of 16:9 that fits; on a phone the width alone decides. */
function tileWidth(room: Room, grid: { columns: number; rows: number; narrow: boolean }): number {
  const padding = grid.narrow ? 0 : 2 * GAP_PX;
  const width = (room.width - padding - GAP_PX * (grid.columns - 1)) / grid.columns;
  if (grid.narrow) return Math.floor(width);
  const height = (room.height - padding - GAP_PX * (grid.rows - 1)) / grid.rows;
  return Math.max(0, Math.floor(Math.min(width, height * PICTURE)));
}

function useRoom(element: { current: HTMLElement | null }): Room {
  const [room, setRoom] = useState<Room>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.target;
      if (box !== undefined) setRoom({ width: box.clientWidth, height: box.clientHeight });
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, []);
  return room;
}
