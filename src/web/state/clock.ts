/**
 * The server's time. The browser's clock is never believed: what is shown as "now" is the last time the server told,
 * advanced by the browser's monotonic clock.
 */
let serverMs = performance.timeOrigin;
let toldAt = 0;
let told = false;

/** Takes over the time of an answer that has just arrived. */
export function setServerTime(ms: number): void {
  serverMs = ms;
  toldAt = performance.now();
  told = true;
}

/** Takes the `Date` header of an answer for the first guess; messages that carry a time are more exact. */
export function guessServerTime(date: string | null): void {
  const ms = Date.parse(date ?? '');
  if (!told && !Number.isNaN(ms)) setServerTime(ms);
}

/** The server's time now, UTC milliseconds; the browser's guess until the server has told one. */
export function serverNow(): number {
  return serverMs + (performance.now() - toldAt);
}
