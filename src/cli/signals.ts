/** Signals of the process, taken over only by commands that ask for it. */
import type { Signals } from './command.ts';

/** The number of a signal in an exit status (128 + n), as shells report it. */
const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  exit(status: number): void;
}

/** First SIGTERM or SIGINT: stop gracefully. Second: end at once; start finishes what was cut off. */
export function takeSignals(source: SignalSource): Signals {
  let stop: AbortController | undefined;
  const listen = (signal: 'SIGINT' | 'SIGTERM', controller: AbortController): void => {
    source.on(signal, () => {
      if (controller.signal.aborted) source.exit(128 + NUMBERS[signal]);
      else controller.abort(signal);
    });
  };
  return {
    stop() {
      if (stop === undefined) {
        stop = new AbortController();
        listen('SIGTERM', stop);
        listen('SIGINT', stop);
      }
      return stop.signal;
    },
    onHangup(reload) {
      source.on('SIGHUP', reload);
    },
  };
}
