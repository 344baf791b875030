/** The scene of the review desk: the desk's stores put together for the timeline. */
import type { Words } from '../texts/words.ts';
import { words } from '../state/language.ts';
import { createStore, type Store } from '../state/store.ts';
import { MINUTE_MS } from '../time/zone.ts';
import { following, showing, widthOf, within, type View } from '../timeline/scale.ts';
import { boundsOf, type Scene } from '../timeline/scene.ts';
import type { Desk } from './desk.ts';

/** Breaks between clips are wide enough to see below this width of view. */
const CLIPS_BELOW_MS = 30 * MINUTE_MS;

export interface DeskScene {
  readonly scene: Store<Scene>;
  readonly setView: (view: View) => void;
  readonly hover: (x: number | null, cameraId: string | null) => void;
  readonly stop: () => void;
}

export function createDeskScene(desk: Desk, view: View, narrow: () => boolean): DeskScene {
  const nameOf = (w: Words): Scene['cameras'] =>
    desk.cameras
      .get()
      .map((c) => ({ id: c.id, name: c.name[w.language], recording: c.recording, clipStartsMs: [] }));
  const scene = createStore<Scene>({
    words: words.get(),
    coverage: desk.coverage.get(),
    cameras: nameOf(words.get()),
    view: within(view, boundsOf({ coverage: desk.coverage.get(), words: words.get() })),
    needleMs: desk.atMs.get(),
    shown: desk.shown,
    marks: null,
    marked: [],
    hoverX: null,
    hotCamera: null,
    namesInside: narrow(),
  });
  const change = (part: Partial<Scene>): void => {
    scene.update((s) => ({ ...s, ...part }));
  };
  const withClips = (s: Scene): Scene => {
    if (widthOf(s.view) > CLIPS_BELOW_MS) return s;
    const cameras = s.cameras.map((c) => ({ ...c, clipStartsMs: desk.clips.startsIn(c.id, s.view) }));
    return { ...s, cameras };
  };
  const stops = [
    words.subscribe(() => {
      change({ words: words.get(), cameras: nameOf(words.get()) });
    }),
    desk.cameras.subscribe(() => {
      change({ cameras: nameOf(words.get()) });
    }),
    desk.coverage.subscribe(() => {
      change({ coverage: desk.coverage.get() });
    }),
    desk.stage.subscribe(() => {
      change({ shown: desk.shown });
    }),
    desk.clipsKnown.subscribe(() => {
      scene.update(withClips);
    }),
    desk.atMs.subscribe(() => {
      const needleMs = desk.atMs.get();
      const playing = desk.motion.get().direction > 0;
      // A jump is followed by the view; while playing, the needle walks first.
      scene.update((s) => {
        const wanted = playing ? following(s.view, needleMs) : showing(s.view, needleMs);
        return { ...s, needleMs, view: wanted === s.view ? wanted : within(wanted, boundsOf(s)) };
      });
    }),
  ];
  return {
    scene,
    setView: (wanted) => {
      scene.update((s) => withClips({ ...s, view: within(wanted, boundsOf(s)), namesInside: narrow() }));
    },
    hover: (hoverX, hotCamera) => {
      change({ hoverX, hotCamera });
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}
