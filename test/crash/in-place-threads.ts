/**
 * Stands in for `node:worker_threads` in the crash tests' bundle: the code of the program's threads runs in the one
 * thread of the process. Every system call is then made by one thread, in an order that repeats, so that the N-th of a
 * name is the same in every run; strace counts per thread. Messages are copied and arrive later, as between threads.
 */
import { EventEmitter } from 'node:events';

class Port extends EventEmitter {
  readonly #deliver: (message: unknown) => void;
  constructor(deliver: (message: unknown) => void) {
    super();
    this.#deliver = deliver;
  }
  postMessage(message: unknown): void {
    this.#deliver(structuredClone(message));
  }
}

/** What a thread's module finds when it is loaded; threads are loaded one after another. */
export let parentPort: Port | null = null;
export let workerData: unknown;

let loading: Promise<unknown> = Promise.resolve();
let started = 0;

export class Worker extends EventEmitter {
  #port: Port | undefined;
  #ended = false;
  readonly #early: unknown[] = [];

  constructor(entry: URL, options: { readonly workerData?: unknown } = {}) {
    super();
    const data = structuredClone(options.workerData);
    loading = loading.then(() => this.#load(entry, data));
  }

  postMessage(message: unknown): void {
    const copy = structuredClone(message);
    if (this.#port === undefined) this.#early.push(copy);
    else this.#soon(this.#port, copy);
  }

  terminate(): Promise<number> {
    this.#end(1);
    return Promise.resolve(1);
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  async #load(entry: URL, data: unknown): Promise<void> {
    const port = new Port((message) => {
      setImmediate(() => !this.#ended && this.emit('message', message));
    });
    parentPort = port;
    workerData = data;
    started += 1;
    try {
      // A thread has its own instance of its module: another address is another module.
      await import(`${entry.href}?thread=${String(started)}`);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#port = port;
    for (const message of this.#early) this.#soon(port, message);
  }

  #soon(port: Port, message: unknown): void {
    setImmediate(() => {
      if (this.#ended) return;
      try {
        port.emit('message', message);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #fail(error: unknown): void {
    if (this.listenerCount('error') > 0) this.emit('error', error);
    this.#end(1);
  }

  #end(code: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.emit('exit', code);
  }
}
