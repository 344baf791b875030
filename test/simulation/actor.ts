/** What every actor works with. */
import type { Box, End } from './box.ts';
import type { Lateness } from './lateness.ts';
import type { Model } from './model.ts';
import type { Scheduler } from './scheduler.ts';

export interface World {
  readonly box: Box;
  readonly model: Model;
  readonly lateness: Lateness;
  readonly scheduler: Scheduler;
  /** When the last part of the life begins, in which nobody does harm any more. */
  readonly quietMs: number;
  /** Ends the daemon or the box and lets it come back after a while. */
  end(how: End, offMs: number): void;
  /** It has ended: lets it come back after a while. */
  ended(how: End, offMs: number): void;
}
