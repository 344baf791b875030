/** What the buttons and keys of the desk do. */
import { SPEEDS, type Desk, type Layout } from './desk.ts';

const FRAME_MS = 40;

export function play(desk: Desk, direction: -1 | 0 | 1): void {
  desk.motion.update((m) => ({ ...m, direction }));
}

export function togglePlay(desk: Desk): void {
  play(desk, desk.motion.get().direction === 0 ? 1 : 0);
}

/** J and L: the first press plays in that direction, each further one faster. */
export function shuttle(desk: Desk, direction: -1 | 1): void {
  desk.motion.update((m) => {
    if (m.direction !== direction) return { direction, speed: 1 };
    return { direction, speed: SPEEDS.find((s) => s > m.speed) ?? m.speed };
  });
}

export function setSpeed(desk: Desk, speed: number): void {
  desk.motion.update((m) => ({ ...m, speed }));
}

/** One picture of the active camera, by its clip's frame rate. */
export function step(desk: Desk, direction: -1 | 1): void {
  play(desk, 0);
  const found = desk.clips.at(desk.activeCamera, desk.atMs.get(), desk.coverage.get().nowMs);
  const rate = found.kind === 'clip' ? found.clip.media?.frameRate : undefined;
  jump(desk, direction * (rate === undefined || rate === null || rate <= 0 ? FRAME_MS : 1000 / rate));
}

export function jump(desk: Desk, byMs: number): void {
  desk.seek(desk.atMs.get() + byMs);
}

export function setLayout(desk: Desk, layout: Layout): void {
  desk.stage.update((s) => ({ ...s, layout, active: s.active < layout ? s.active : 0 }));
}

/** F: the active picture alone, or again beside the others. */
export function toggleOne(desk: Desk, many: Layout): void {
  const { layout, order } = desk.stage.get();
  if (layout === 1) setLayout(desk, many === 1 ? 2 : many);
  else desk.stage.set({ layout: 1, order: inFront(order, desk.activeCamera), active: 0 });
}

export function activate(desk: Desk, index: number): void {
  desk.stage.update((s) => ({ ...s, active: (index + s.layout) % s.layout }));
}

/** A camera's row, chip or number: makes its picture active, or shows it in place of the active one. */
export function choose(desk: Desk, cameraId: string): void {
  desk.stage.update((s) => {
    const at = s.order.indexOf(cameraId);
    if (at < 0) return s;
    if (at < s.layout) return { ...s, active: at };
    const order = [...s.order];
    const replaced = order[s.active];
    if (replaced === undefined) return s;
    order[s.active] = cameraId;
    order[at] = replaced;
    return { ...s, order };
  });
}

function inFront(order: readonly string[], id: string): string[] {
  return [id, ...order.filter((o) => o !== id)];
}
