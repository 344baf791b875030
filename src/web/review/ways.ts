/** What gestures and keys do to the view of the timeline and to the desk. */
import { serverNow } from '../state/clock.ts';
import { words } from '../state/language.ts';
import { addDays, MINUTE_MS, startOfDay } from '../time/zone.ts';
import { glide } from '../timeline/glide.ts';
import type { Hover, Intents } from '../timeline/intents.ts';
import { showing, widthOf, zoomed, type View } from '../timeline/scale.ts';
import { stripOf } from '../timeline/scene.ts';
import type { Desk } from './desk.ts';
import type { DeskView } from './keys.ts';
import { isNarrow } from './narrow.ts';
import type { DeskScene } from './scene-store.ts';

/** What of the page around the desk they open and close. */
interface Around {
  readonly setHover: (hover: Hover | null) => void;
  readonly openJump: () => void;
  readonly openHelp: () => void;
  readonly close: () => void;
}

/** What gestures and keys do to the view and the desk. */
export function waysOf(desk: Desk, scene: DeskScene, around: Around): { intents: Intents; view: DeskView } {
  const store = scene.scene;
  let stopGlide = (): void => undefined;
  const setView = (wanted: View): void => {
    stopGlide();
    scene.setView(wanted);
  };
  const glideTo = (wanted: View): void => {
    stopGlide();
    stopGlide = glide(store.get().view, wanted, scene.setView);
  };
  const seek = (ms: number): void => {
    stopGlide();
    desk.seek(ms);
  };
  const intents: Intents = {
    view: setView,
    glide: glideTo,
    seek: (ms, scrub) => {
      // Dragged past an edge, the needle stays at it: the view holds still under the hand.
      const { fromMs, toMs } = store.get().view;
      seek(scrub ? Math.min(Math.max(ms, fromMs), toMs) : ms);
    },
    hover: (hover) => {
      around.setHover(isNarrow() ? null : hover);
      scene.hover(hover?.x ?? null, hover?.cameraId ?? null);
    },
  };
  const view: DeskView = {
    zoom: (factor) => {
      const v = showing(store.get().view, desk.atMs.get());
      glideTo(zoomed(v, factor, (desk.atMs.get() - v.fromMs) / widthOf(v)));
    },
    day: () => {
      const { zone } = words.get().time;
      const from = startOfDay(zone, desk.atMs.get());
      glideTo({ fromMs: from, toMs: addDays(zone, from, 1) });
    },
    fortnight: () => {
      glideTo(stripOf(store.get()));
    },
    now: () => {
      seek(serverNow() - 1000);
    },
    oldest: () => {
      seek(desk.coverage.get().cutMs + MINUTE_MS);
    },
    openJump: around.openJump,
    openHelp: around.openHelp,
    close: around.close,
  };
  return { intents, view };
}
