/** The scan's side of its thread: tasks one after another, changes posted with back-pressure. */
import { REFUSED_REPORT, type ScanReport } from './report.ts';
import type { Compare } from './compare.ts';
import { LookMemory } from './look-memory.ts';
import { lookAt } from './look.ts';
import type { FromScanner, RootAddress, Task, ToScanner } from './messages.ts';
import { Outbox } from './outbox.ts';
import { reconcile } from './reconcile.ts';
import type { KnownRoot } from '../clips/known.ts';
import type { ReadContents, RootRules, Tree, TreeDir } from './tree.ts';

export interface ScannerServices<D extends TreeDir> {
  readonly rules: ReadonlyMap<string, RootRules>;
  /** Opens a root when it is the one expected; else says why not. */
  readonly open: (at: RootAddress) => Tree<D> | { readonly why: string };
  readonly known: (rootId: string) => KnownRoot;
  readonly read: ReadContents<D>;
  /** Gives the messages of this thread their turn. */
  readonly breathe: () => Promise<void>;
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
    this.#post({ is: 'started', taskId });
    const outbox = new Outbox((changes) => {
      this.#post({ is: 'batch', taskId, rootId, changes });
    });
    this.#outbox = outbox;
    try {
      const report = await this.#do(task, outbox);
      await outbox.drain();
      this.#post({ is: 'ended', taskId, report });
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#post({ is: 'broken', taskId, message });
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
        read: this.#services.read,
        emit: (change) => outbox.add(change),
        now: () => task.moment,
        newest: new Map(),
        unmet: new Set(),
      };
      if (task.do === 'reconcile') {
        const { breathe } = this.#services;
        return await reconcile({ ...compare, tree, drain: () => outbox.drain(), breathe }, task.scope);
      }
      await lookAt({ ...compare, tree }, task.paths);
      return { ...REFUSED_REPORT, outcome: 'done', files: task.paths.length };
    } finally {
      tree.close();
    }
  }
}
