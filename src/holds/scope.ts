/** What a hold binds, compared. Pure. */
import type { Scope } from './hold.ts';

/** Whether `outer` binds everything `inner` does, as long. */
export function contains(outer: Scope, inner: Scope): boolean {
  const cameras = inner.cameraIds.every((id) => outer.cameraIds.includes(id));
  const window = outer.window.fromMs <= inner.window.fromMs && inner.window.toMs <= outer.window.toMs;
  return cameras && window && lasts(outer) >= lasts(inner);
}

export function isSame(a: Scope, b: Scope): boolean {
  return contains(a, b) && contains(b, a);
}

/** Whether footage that `before` bound is not bound by `after`; an earlier end alone gives up none yet. */
export function givesUp(before: Scope, after: Scope): boolean {
  return !contains({ ...after, endMs: null }, before);
}

/** The least that binds all of them; without an end. */
export function union(scopes: readonly Pick<Scope, 'cameraIds' | 'window'>[]): Scope {
  return {
    cameraIds: [...new Set(scopes.flatMap((s) => s.cameraIds))],
    window: {
      fromMs: Math.min(...scopes.map((s) => s.window.fromMs)),
      toMs: Math.max(...scopes.map((s) => s.window.toMs)),
    },
    endMs: null,
  };
}

function lasts({ endMs }: Scope): number {
  return endMs ?? Infinity;
}
