/** Widening and narrowing: how what is wanted lies to what is held. Pure; the server decides. */

/** What a hold binds, and until when. */
export interface Scope {
  readonly cameraIds: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Null: only people end it. */
  readonly endMs: number | null;
}
export type Change = 'widen' | 'narrow';

/** Never before any end. */
const endOf = ({ endMs }: Scope): number => endMs ?? Infinity;

/** Whether `outer` keeps all that `inner` keeps, and as long. */
export function contains(outer: Scope, inner: Scope): boolean {
  const cameras = inner.cameraIds.every((id) => outer.cameraIds.includes(id));
  const window = outer.fromMs <= inner.fromMs && outer.toMs >= inner.toMs;
  return cameras && window && endOf(outer) >= endOf(inner);
}

/** A widening contains what is held, a narrowing lies within it, and both change something. */
export function isChange(change: Change, held: Scope, wanted: Scope): boolean {
  if (contains(held, wanted) && contains(wanted, held)) return false;
  return change === 'widen' ? contains(wanted, held) : contains(held, wanted);
}
