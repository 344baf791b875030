/** The box in the cupboard of a whole life: a machine with the configured roots, and what its daemon watches. */
import { rulesOf } from '../../src/ingest/rules.ts';
import type { RootRules } from '../../src/ingest/tree.ts';
import type { Watching, WatchListener, WatchTarget } from '../../src/ingest/watch.ts';
import { Daemon, type DaemonEvents } from './daemon.ts';
import { Machine, type End, type MachineParts } from './machine.ts';
import { sourcesOf, type Site } from './site.ts';

export type { End } from './machine.ts';

export type BoxParts = Omit<MachineParts, 'roots' | 'cameraIds'> & { readonly site: Site };

export class Box extends Machine<Daemon> {
  readonly site: Site;
  /** What the configuration says of the roots: compiled once. */
  readonly rules: ReadonlyMap<string, RootRules>;
  /** A thread has hung: the daemon may call a root failing until it is mounted again. */
  hung = false;
  readonly #watchers = new Map<string, { readonly daemon: Daemon; readonly listener: WatchListener }>();

  constructor({ site, ...parts }: BoxParts) {
    super({ ...parts, cameraIds: site.cameras.map((c) => c.id), roots: site.roots });
    this.site = site;
    this.rules = rulesOf(sourcesOf(site));
  }

  startDaemon(events: DaemonEvents): void {
    if (!this.powered || this.daemon !== undefined) return;
    const daemon = new Daemon(this, events);
    this.daemon = daemon;
    this.scheduler.after(0, daemon, () => daemon.start());
  }

  override end(how: End): void {
    this.#watchers.clear();
    super.end(how);
  }

  override boot(wallWrongMs: number): void {
    this.hung = false;
    super.boot(wallWrongMs);
  }

  watch(daemon: Daemon, target: WatchTarget, listener: WatchListener): Watching {
    this.#watchers.set(target.path, { daemon, listener });
    return { close: () => Promise.resolve(), directories: () => 0 };
  }

  /** The kernel tells who watches that something happened to a path; some of it is lost on the way. */
  hint(rootPath: string, path: string): void {
    const watcher = this.#watchers.get(rootPath);
    if (watcher === undefined || this.random.chance(0.2)) return;
    this.scheduler.after(this.random.int(0, 500), watcher.daemon, () => {
      watcher.listener.hint(path);
    });
  }
}
