/** The desk's layout, and the view of its timeline. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Icon } from '../parts/Icon.tsx';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import { useStore } from '../state/store.ts';
import { HOUR_MS } from '../time/zone.ts';
import type { Hover, Intents } from '../timeline/intents.ts';
import { widthOf, type View } from '../timeline/scale.ts';
import { Timeline } from '../timeline/Timeline.tsx';
import { AsList } from './AsList.tsx';
import { CameraChips, CameraRows } from './CameraRows.tsx';
import type { Desk } from './desk.ts';
import { fateOf } from './fate.ts';
import { Help } from './Help.tsx';
import { HoverCard } from './HoverCard.tsx';
import { keysOf, listenToKeys, type DeskView } from './keys.ts';
import { isNarrow } from './narrow.ts';
import { createDeskScene, type DeskScene } from './scene-store.ts';
import { Stage } from './Stage.tsx';
import { Transport } from './Transport.tsx';
import { waysOf } from './ways.ts';

const FIRST_VIEW_MS = 6 * HOUR_MS;
const FIRST_VIEW_NARROW_MS = 2 * HOUR_MS;

export function DeskPage({ desk }: { desk: Desk }): JSX.Element {
  const [hover, setHover] = useState<Hover | null>(null);
  const [jumping, setJumping] = useState(false);
  const [help, setHelp] = useState(false);
  const [list, setList] = useState(false);
  const scene = useMemo(() => createDeskScene(desk, firstView(desk), isNarrow), [desk]);
  const { intents, view } = useMemo(() => {
    const open = (what: (open: boolean) => void) => (): void => {
      what(true);
    };
    const close = (): void => {
      setList(false);
    };
    return waysOf(desk, scene, { setHover, openJump: open(setJumping), openHelp: open(setHelp), close });
  }, [desk, scene]);
  useEffect(() => listenToKeys(keysOf(desk, view)), [desk, view]);
  useEffect(() => scene.stop, [scene]);
  return (
    <main class="desk">
      <Stage desk={desk} />
      <CameraChips desk={desk} />
      <Transport
        desk={desk}
        jumping={jumping}
        onJumping={setJumping}
        onHelp={() => {
          setHelp(true);
        }}
      />
      <DeskTimeline
        desk={desk}
        scene={scene}
        intents={intents}
        view={view}
        hover={list ? null : hover}
        list={list}
        onList={setList}
      />
      {list ? (
        <AsList
          scene={scene.scene}
          onSeek={(ms) => {
            desk.seek(ms);
          }}
        />
      ) : null}
      {help ? (
        <Help
          onClose={() => {
            setHelp(false);
          }}
        />
      ) : null}
    </main>
  );
}

function firstView(desk: Desk): View {
  const width = isNarrow() ? FIRST_VIEW_NARROW_MS : FIRST_VIEW_MS;
  const at = desk.atMs.get();
  return { fromMs: at - width * 0.55, toMs: at + width * 0.45 };
}

interface DeskTimelineProps {
  readonly desk: Desk;
  readonly scene: DeskScene;
  readonly intents: Intents;
  readonly view: DeskView;
  readonly hover: Hover | null;
  readonly list: boolean;
  readonly onList: (list: boolean) => void;
}

function DeskTimeline(props: DeskTimelineProps): JSX.Element {
  const { desk, scene, hover } = props;
  const all = useWords();
  const second = useStore(desk.atMs, (ms) => Math.floor(ms / 1000) * 1000);
  const camera = desk.cameras.get().find((c) => c.id === desk.activeCamera);
  const at = {
    moment: desk.moment(desk.activeCamera, second),
    dueMs: desk.dueMs(desk.activeCamera, second),
    nowMs: serverNow(),
  };
  const says = `${all.time.longDay(second)} ${all.time.second(second)}. ${camera?.name[all.language] ?? ''}. ${fateOf(at, all).text}`;
  return (
    <Timeline
      scene={scene.scene}
      intents={props.intents}
      label={all.texts.review.timeline}
      says={says}
      atMs={second}
      corner={<Zoomer {...props} />}
      rows={<CameraRows desk={desk} scene={scene.scene} />}
    >
      {hover === null ? null : <HoverCard desk={desk} hover={hover} />}
    </Timeline>
  );
}

function Zoomer({ scene, view, list, onList }: DeskTimelineProps): JSX.Element {
  const { texts, time } = useWords();
  const width = useStore(scene.scene, (s) => Math.round(widthOf(s.view)));
  const { review } = texts;
  return (
    <>
      <span>{time.span(width)}</span>
      <span>
        <button
          aria-label={review.asList}
          title={review.asList}
          aria-pressed={list}
          onClick={() => {
            onList(!list);
          }}
        >
          <Icon name="list" />
        </button>
        <button
          aria-label={review.zoomOut}
          title={`${review.zoomOut}  −`}
          onClick={() => {
            view.zoom(2);
          }}
        >
          −
        </button>
        <button
          aria-label={review.zoomIn}
          title={`${review.zoomIn}  +`}
          onClick={() => {
            view.zoom(0.5);
          }}
        >
          +
        </button>
      </span>
    </>
  );
}
