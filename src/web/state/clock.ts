/**
 * The server's time. The browser's clock is never believed: what is shown as "now" is the last time the server told,
 * advanced by the browser's monotonic clock.
 */
let serverMs = performance.timeOrigin;
let toldAt = 0;

/** Takes over the time of an answer that has just arrived. */
export function setServerTime(ms: number): void {
  serverMs = ms;
  toldAt = performance.now();
}

/** The server's time now, UTC milliseconds; the browser's guess until the server has told one. */
export function serverNow(): number {
  return serverMs + (performance.now() - toldAt);
}
