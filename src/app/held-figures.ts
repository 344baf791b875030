/** The figures of held footage as they were last counted, and the alarm that follows from them. */
import type { Alarms } from '../alarms/alarms.ts';
import { countHeld, type HeldFigureDeps, type HeldFigures } from '../holds/keep/held-figures.ts';

export class HeldDesk {
  readonly #deps: HeldFigureDeps;
  readonly #alarms: Pick<Alarms, 'replace'>;
  #last: HeldFigures | undefined;

  constructor(deps: HeldFigureDeps, alarms: Pick<Alarms, 'replace'>) {
    this.#deps = deps;
    this.#alarms = alarms;
  }

  /** Undefined before the first count. */
  last(): HeldFigures | undefined {
    return this.#last;
  }

  async renew(): Promise<void> {
    this.#last = await countHeld(this.#deps);
    const standing = this.#last.refused.map(({ rootId: subject, clips, errno }) => {
      return { code: 'pins_refused' as const, subject, detail: { clips, errno } };
    });
    this.#alarms.replace(['pins_refused'], standing);
  }
}
