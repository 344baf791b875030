/** Data that a component loads, and loads again while somebody looks. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { codeOf } from '../api/client.ts';
import { isResting } from './activity.ts';

export interface Loaded<T> {
  /** The last answer; stays while a newer one is awaited or has failed. */
  readonly value: T | undefined;
  /** Code of the failure of the last attempt. */
  readonly failed: string | undefined;
  readonly reload: () => void;
}

/**
 * Loads when the component appears and, with `everyMs`, again and again while there is input. `fetch` must be stable
 * or depend only on `key`: a new key loads anew.
 */
export function useLoad<T>(key: string, fetch: () => Promise<T>, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ value: T | undefined; failed: string | undefined }>({
    value: undefined,
    failed: undefined,
  });
  const latest = useRef(0);
  const load = useCallback(() => {
    latest.current += 1;
    const mine = latest.current;
    const settle = (change: (was: { value: T | undefined }) => typeof state): void => {
      if (mine === latest.current) setState(change);
    };
    fetch().then(
      (value) => {
        settle(() => ({ value, failed: undefined }));
      },
      (error: unknown) => {
        settle((was) => ({ value: was.value, failed: codeOf(error) }));
      },
    );
  }, [key]);
  useEffect(() => {
    load();
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (!isResting()) load();
    }, everyMs);
    return () => {
      clearInterval(timer);
      latest.current += 1;
    };
  }, [load, everyMs]);
  return { ...state, reload: load };
}

/** An action of a person: running or not, and the code it failed with. */
export interface Action {
  readonly running: boolean;
  readonly failed: string | undefined;
  run(work: () => Promise<void>): void;
}

export function useAction(): Action {
  const [state, setState] = useState<{ running: boolean; failed: string | undefined }>({
    running: false,
    failed: undefined,
  });
  const running = useRef(false);
  return {
    ...state,
    run(work) {
      if (running.current) return;
      running.current = true;
      setState({ running: true, failed: undefined });
      const end = (failed: string | undefined): void => {
        running.current = false;
        setState({ running: false, failed });
      };
      work().then(
        () => {
          end(undefined);
        },
        (error: unknown) => {
          end(codeOf(error));
        },
      );
    },
  };
}
