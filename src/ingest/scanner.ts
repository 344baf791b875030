/** The scan's side of its thread: tasks one after another, changes posted with back-pressure. */
import { REFUSED_REPORT, type ScanReport } from './report.ts';
import type { Compare } from './comparison.ts';
import { LookMemory } from './look-memory.ts';
import { lookAt } from './look.ts';
import type { FromScanner, RootAddress, Task, ToScanner } from './messages.ts';
import { Outbox } from './outbox.ts';
import { reconcile } from './reconcile.ts';
import type { KnownRoot } from '../clips/known.ts';
import type { ReadingNow } from './reading-now.ts';
import type { RootRules, Tree, TreeDir } from './tree.ts';

/** Chunks of a walk per sign of life: some ten thousand files. */
const STEPS_PER_SIGN = 32;

export interface ScannerServices<D extends TreeDir> {
  readonly rules: ReadonlyMap<string, RootRules>;
  /** Opens a root when it is the one expected; else says why not. */
  readonly open: (at: RootAddress) => Tree<D> | { readonly why: string };
  readonly known: (rootId: string) => KnownRoot;
  /** Gives the messages of this thread their turn. */
  readonly breathe: () => Promise<void>;
  /** Where it says what it reads. */
  readonly reading: Pick<ReadingNow, 'begin' | 'end' | 'path'>;
}

export class Scanner<D extends TreeDir> {
  readonly #services: ScannerServices<D>;
  readonly #post: (message: FromScanner) => void;
  readonly #looks = new LookMemory();
  #queue: Promise<void> = Promise.resolve();
  #outbox: Outbox | undefined;

  constructor(services: ScannerServices<D>, post: (message: FromScanner) => void) {
    this.#services = services;
    this.#post = post;
  }

  handle(message: ToScanner): void {
    if (message.do === 'acknowledge') this.#outbox?.acknowledged();
    else this.#queue = this.#queue.then(() => this.#run(message));
  }

  async #run(task: Task): Promise<void> {
    const { taskId, rootId } = task;
    this.#services.reading.end();
    this.#post({ is: 'started', taskId });
    const outbox = new Outbox((pieces) => {
      this.#post({ is: 'batch', taskId, rootId, pieces });
    });
    this.#outbox = outbox;
    try {
      const report = await this.#do(task, outbox);
      await outbox.drain();
      this.#post({ is: 'ended', taskId, report });
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const path = this.#services.reading.path();
      this.#post({ is: 'broken', taskId, message, ...(path === undefined ? {} : { path }) });
    }
  }

  async #do(task: Task, outbox: Outbox): Promise<ScanReport> {
    const rules = this.#services.rules.get(task.rootId);
    if (rules === undefined) return { ...REFUSED_REPORT, why: 'the root is not configured' };
    const tree = this.#services.open(task.at);
    if ('why' in tree) return { ...REFUSED_REPORT, why: tree.why };
    try {
      const compare: Compare<D> = {
        rules,
        known: this.#services.known(task.rootId),
        looks: this.#looks,
        tree,
        emit: (change) => {
          outbox.add(change);
        },
        room: () => outbox.room(),
        now: () => task.moment,
        newest: new Map(),
        unmet: new Set(),
        reading: this.#services.reading,
        givenUp: new Set(task.givenUp),
      };
      if (task.do === 'reconcile') {
        const drain = (): Promise<void> => outbox.drain();
        return await reconcile({ ...compare, drain, breathe: this.#breathing(task.taskId) }, task.scope);
      }
      await lookAt(compare, task.paths);
      return { ...REFUSED_REPORT, outcome: 'done', files: task.paths.length };
    } finally {
      tree.close();
    }
  }

  /** Lets messages in between two steps of a walk, and now and then a sign of life out. */
  #breathing(taskId: number): () => Promise<void> {
    let steps = 0;
    return () => {
      steps += 1;
      if (steps % STEPS_PER_SIGN === 0) this.#post({ is: 'alive', taskId });
      return this.#services.breathe();
    };
  }
}
