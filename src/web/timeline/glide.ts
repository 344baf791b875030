/** Moving a view in a moment: 180 ms, at once when reduced motion is asked. */
import { between, type View } from './scale.ts';

const GLIDE_MS = 180;

/** Calls `show` with each view on the way; returns the function that stops it. */
export function glide(from: View, to: View, show: (view: View) => void): () => void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    show(to);
    return () => undefined;
  }
  let frame = 0;
  const began = performance.now();
  const step = (now: number): void => {
    const share = Math.min(1, Math.max(0, (now - began) / GLIDE_MS));
    show(between(from, to, share));
    if (share < 1) frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => {
    cancelAnimationFrame(frame);
  };
}
