/** Now and then a crash is so bad that the state directory is put back from a backup: its journal, and mostly its index. */
import type { Machine } from '../machine.ts';
import { presentLines } from '../journal-lines.ts';
import { WORLD } from '../scheduler.ts';
import type { SlimDaemon } from './slim-daemon.ts';

export class Backups {
  readonly #box: Machine<SlimDaemon>;
  #kept: { readonly journal: Buffer; readonly lines: number; readonly index: boolean } | undefined;
  /** The daemon that starts next finds what was in the backup. */
  restored = false;
  /** How often a daemon or the box has ended. */
  crashes = 0;

  constructor(box: Machine<SlimDaemon>) {
    this.#box = box;
  }

  /** The holds as they are then are what the next crash leaves. */
  take(atMs: number): void {
    const { scheduler, stateDisk, random } = this.#box;
    const index = random.chance(0.7);
    scheduler.after(atMs - scheduler.nowMs, WORLD, () => {
      const lines = presentLines(stateDisk).length;
      const journal = stateDisk.path('holds.journal')?.bytes ?? Buffer.alloc(0);
      this.#kept = { journal: journal.subarray(0, journal.lastIndexOf('\n') + 1), lines, index };
    });
  }

  mayRestore(): void {
    this.crashes += 1;
    const file = this.#box.stateDisk.path('holds.journal');
    if (this.#kept === undefined || file === undefined) return;
    const { journal, lines, index } = this.#kept;
    this.#kept = undefined;
    this.restored = true;
    this.#box.stateDisk.write(file, journal, file.mtimeNs);
    this.#box.stateDisk.sync(file);
    if (index) this.#box.index.forModel.prepare('DELETE FROM hold_version WHERE seq > ?').run(lines);
    this.#box.scheduler.tell(`the holds are those of a backup (${String(lines)} lines)`);
  }
}
