/** The timeline of a page: the strip, a column of labels, and the main canvas. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useStore, type Store } from '../state/store.ts';
import type { Intents } from './intents.ts';
import { mountTimeline } from './mount.ts';
import type { Scene } from './scene.ts';

export interface TimelineProps {
  readonly scene: Store<Scene>;
  readonly intents: Intents;
  readonly label: string;
  /** What the canvas shows, in words. */
  readonly says: string;
  /** Where the slider stands, UTC seconds. */
  readonly atMs: number;
  /** Beside the ruler. */
  readonly corner: ComponentChildren;
  /** One per camera, each as high as a row. */
  readonly rows: ComponentChildren;
  /** Keys of the canvas where the page has none of its own. */
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  /** Told the width of the main canvas after each layout. */
  readonly onWidth?: (widthPx: () => number) => void;
  /** Over the timeline: hover card, label of the window. */
  readonly children?: ComponentChildren;
}

export function Timeline(props: TimelineProps): JSX.Element {
  const main = useRef<HTMLCanvasElement>(null);
  const strip = useRef<HTMLCanvasElement>(null);
  const element = useRef<HTMLElement>(null);
  const count = useStore(props.scene, (s) => s.cameras.length);
  useEffect(() => {
    if (main.current === null || strip.current === null) return undefined;
    const mounted = mountTimeline({ main: main.current, strip: strip.current }, props.scene, props.intents);
    props.onWidth?.(mounted.widthPx);
    return mounted.stop;
  }, [props.scene, props.intents]);
  useEffect(() => {
    element.current?.style.setProperty('--cameras', String(count));
  }, [count]);
  return (
    <section class="timeline" aria-label={props.label} ref={element}>
      <StripHead scene={props.scene} />
      <canvas class="timeline-strip" ref={strip} aria-hidden="true" />
      <div class="timeline-labels">
        <div class="timeline-corner">{props.corner}</div>
        {props.rows}
      </div>
      <Slider {...props} element={main} />
      {props.children}
    </section>
  );
}

function StripHead({ scene }: { scene: Store<Scene> }): JSX.Element {
  const { texts, time } = useStore(scene, (s) => s.words);
  const cutMs = useStore(scene, (s) => s.coverage.cutMs);
  const nowMs = useStore(scene, (s) => s.coverage.nowMs);
  return (
    <div class="timeline-head">
      <b>{texts.shared.days(Math.round((nowMs - cutMs) / 86_400_000))}</b>
      <span>
        {texts.shared.oldest} {time.moment(cutMs)}
      </span>
    </div>
  );
}

function Slider(props: TimelineProps & { element: { current: HTMLCanvasElement | null } }): JSX.Element {
  const coverage = useStore(props.scene, (s) => s.coverage);
  return (
    <canvas
      class="timeline-main"
      ref={props.element}
      tabIndex={0}
      role="slider"
      aria-label={props.label}
      aria-valuemin={Math.floor(coverage.cutMs / 1000)}
      aria-valuemax={Math.floor(coverage.nowMs / 1000)}
      aria-valuenow={Math.floor(props.atMs / 1000)}
      aria-valuetext={props.says}
      onKeyDown={props.onKeyDown}
    />
  );
}
