/** The window of a hold on the timeline: no picture, no thumbnail, no place for one. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Camera, Coverage } from '../../../http/api/index.ts';
import { useWords, words } from '../../state/language.ts';
import type { Words } from '../../texts/words.ts';
import { createStore, useStore } from '../../state/store.ts';
import { MINUTE_MS } from '../../time/zone.ts';
import type { Span } from '../../timeline/footage.ts';
import { glide } from '../../timeline/glide.ts';
import type { Intents } from '../../timeline/intents.ts';
import { widthOf, within, xOf, zoomed, type Bounds, type View } from '../../timeline/scale.ts';
import { boundsOf, type Scene } from '../../timeline/scene.ts';
import { tickSteps } from '../../timeline/ticks.ts';
import { Timeline } from '../../timeline/Timeline.tsx';

export interface WindowTimelineProps {
  readonly coverage: Coverage;
  readonly cameras: readonly Camera[];
  readonly window: Span | undefined;
  readonly cameraIds: readonly string[];
  readonly onWindow: (window: Span) => void;
  readonly onCameras: (cameraIds: string[]) => void;
}

/** The window is shown with this much of its own width on both sides. */
const AIR = 1.2;

export function WindowTimeline(props: WindowTimelineProps): JSX.Element {
  const { texts, time } = useWords();
  const latest = useRef(props);
  latest.current = props;
  const scene = useMemo(() => createStore(sceneOf(props, words.get(), undefined)), []);
  const intents = useMemo(() => intentsOf(scene, latest), []);
  const [width, setWidth] = useState<() => number>(() => () => 0);
  useEffect(() => {
    scene.update((s) => inSight(sceneOf(props, words.get(), s), s.marks));
  }, [props.coverage, props.window, props.cameraIds, props.cameras, texts]);
  const { window } = props;
  const says =
    window === undefined
      ? ''
      : texts.composer.windowSays(
          time.moment(window.fromMs),
          time.moment(window.toMs),
          time.span(window.toMs - window.fromMs),
        );
  return (
    <div class="panel window-timeline">
      <Timeline
        scene={scene}
        intents={intents}
        label={texts.composer.windowKeys}
        says={says}
        atMs={window?.fromMs ?? props.coverage.nowMs}
        corner={<span>{texts.composer.camerasIn}</span>}
        rows={<CameraChecks {...props} />}
        onKeyDown={(event) => {
          onKey(event, scene.get(), intents);
        }}
        onWidth={(w) => {
          setWidth(() => w);
        }}
      >
        <WindowLabel scene={scene} width={width} />
      </Timeline>
    </div>
  );
}

function sceneOf(props: WindowTimelineProps, now: Words, before: Scene | undefined): Scene {
  const marks = props.window ?? before?.marks ?? null;
  const bounds = roomOf({ coverage: props.coverage, words: now, marks });
  return {
    words: now,
    coverage: props.coverage,
    cameras: props.cameras.map((c) => ({
      id: c.id,
      name: c.name[now.language],
      recording: c.recording,
      clipStartsMs: [],
    })),
    view:
      before?.view ??
      within(around(marks ?? { fromMs: props.coverage.nowMs, toMs: props.coverage.nowMs }), bounds),
    needleMs: null,
    shown: [],
    marks,
    marked: props.cameraIds,
    hoverX: before?.hoverX ?? null,
    hotCamera: before?.hotCamera ?? null,
    namesInside: false,
  };
}

/** A window that was typed and does not lie in the view is brought into it; a dragged one is under the hand already. */
function inSight(scene: Scene, before: Scene['marks']): Scene {
  const { marks, view } = scene;
  if (marks === null || (marks.fromMs === before?.fromMs && marks.toMs === before.toMs)) return scene;
  if (marks.fromMs >= view.fromMs && marks.toMs <= view.toMs) return scene;
  return { ...scene, view: within(around(marks), roomOf(scene)) };
}

/** A window may lie in the future: then one sees as far as that. */
function roomOf(scene: Pick<Scene, 'coverage' | 'words' | 'marks'>): Bounds {
  const bounds = boundsOf(scene);
  const nowMs = Math.max(bounds.nowMs, scene.marks?.toMs ?? 0);
  return { ...bounds, nowMs, widestMs: bounds.widestMs + nowMs - bounds.nowMs };
}

function around(marks: Span): View {
  const air = Math.max(MINUTE_MS, (marks.toMs - marks.fromMs) * AIR);
  return { fromMs: marks.fromMs - air, toMs: marks.toMs + air };
}

function intentsOf(
  scene: ReturnType<typeof createStore<Scene>>,
  props: { current: WindowTimelineProps },
): Intents {
  let stop = (): void => undefined;
  const view = (wanted: View): void => {
    scene.update((s) => ({ ...s, view: within(wanted, roomOf(s)) }));
  };
  return {
    view: (wanted) => {
      stop();
      view(wanted);
    },
    glide: (wanted) => {
      stop();
      stop = glide(scene.get().view, wanted, view);
    },
    mark: (marks) => {
      // Whole seconds: that is what the fields can show.
      const whole = {
        fromMs: Math.round(marks.fromMs / 1000) * 1000,
        toMs: Math.round(marks.toMs / 1000) * 1000,
      };
      scene.update((s) => ({ ...s, marks: whole }));
      props.current.onWindow(whole);
    },
    hover: (hover) => {
      scene.update((s) => ({ ...s, hoverX: hover?.x ?? null, hotCamera: hover?.cameraId ?? null }));
    },
  };
}

/** Arrow keys move the window by a small tick, with shift they move its end; + and − zoom about it. */
function onKey(event: KeyboardEvent, scene: Scene, intents: Intents): void {
  const { marks, view } = scene;
  if (marks === null) return;
  const zoom: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2 };
  const factor = zoom[event.key];
  if (factor !== undefined) {
    intents.view(zoomed(view, factor, ((marks.fromMs + marks.toMs) / 2 - view.fromMs) / widthOf(view)));
  } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    const by = tickSteps(view, 1000).smallMs * (event.key === 'ArrowLeft' ? -1 : 1);
    const toMs = Math.max(marks.toMs + by, marks.fromMs + MINUTE_MS);
    intents.mark?.(
      event.shiftKey ? { ...marks, toMs } : { fromMs: marks.fromMs + by, toMs: marks.toMs + by },
    );
  } else return;
  event.preventDefault();
}

function CameraChecks({ cameras, cameraIds, onCameras }: WindowTimelineProps): JSX.Element {
  const { language } = useWords();
  return (
    <div>
      {cameras.map((camera) => (
        <label key={camera.id} class="camera-check">
          <input
            type="checkbox"
            checked={cameraIds.includes(camera.id)}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              onCameras(
                cameras
                  .map((c) => c.id)
                  .filter((id) => (id === camera.id ? checked : cameraIds.includes(id))),
              );
            }}
          />
          <span>{camera.name[language]}</span>
        </label>
      ))}
    </div>
  );
}

/** The window in words, over its middle. */
function WindowLabel({
  scene,
  width,
}: {
  scene: ReturnType<typeof createStore<Scene>>;
  width: () => number;
}): JSX.Element | null {
  const { time } = useWords();
  const label = useRef<HTMLSpanElement>(null);
  const { marks, view } = useStore(scene, (s) => s);
  useLayoutEffect(() => {
    const main = label.current?.closest('.timeline')?.querySelector<HTMLElement>('.timeline-main');
    if (label.current === null || main === null || main === undefined || marks === null) return;
    const x = xOf(view, width(), (marks.fromMs + marks.toMs) / 2);
    const half = label.current.offsetWidth / 2;
    const inside = Math.min(Math.max(x, half), width() - half);
    label.current.style.left = `${String(main.offsetLeft + inside)}px`;
    label.current.style.top = `${String(main.offsetTop + 4)}px`;
  });
  if (marks === null) return null;
  const sameDay = time.day(marks.fromMs) === time.day(marks.toMs);
  const to = sameDay ? time.minute(marks.toMs) : `${time.day(marks.toMs)} ${time.minute(marks.toMs)}`;
  return (
    <span class="window-label" ref={label}>
      {time.day(marks.fromMs)} {time.minute(marks.fromMs)} – {to} · {time.span(marks.toMs - marks.fromMs)}
    </span>
  );
}
