/** Real time passing, for limits on others (a hung disk, a slow client); business time comes from the clock. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** Runs `then` after `ms` of real time, unless what it returns is called before. */
export function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms).unref();
  return () => {
    clearTimeout(timer);
  };
}

/** Lets everything else that waits for the event loop go first; between slices of long work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
