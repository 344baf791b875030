/** A value that components watch: the page's whole state is made of these. */
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Store<T> {
  readonly get: () => T;
  /** Setting the very value it has tells nobody. */
  readonly set: (value: T) => void;
  readonly update: (change: (value: T) => T) => void;
  /** Calls `listener` after every change; returns the function that stops it. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const set = (next: T): void => {
    if (Object.is(next, value)) return;
    value = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => value,
    set,
    update: (change) => {
      set(change(value));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** Renders the component again when what `select` takes from the store changes (by identity). */
export function useStore<T, S>(store: Store<T>, select: (value: T) => S): S {
  const selected = select(store.get());
  const [, setSeen] = useState(selected);
  useLayoutEffect(() => {
    const look = (): void => {
      setSeen(() => select(store.get()));
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return selected;
}

/** The whole value of a store. */
export function useValue<T>(store: Store<T>): T {
  return useStore(store, (value) => value);
}
