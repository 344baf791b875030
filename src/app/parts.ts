/** What a program is built of besides its configuration; tests and the bench replace some of it. */
import type { Passwords } from '../access/passwords.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Tools } from '../media/tools.ts';
import type { TimeSync } from '../observe/time-sync.ts';

export interface Overrides {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly passwords?: Passwords;
  readonly timeSync?: TimeSync;
  /** What was found of ffmpeg and the like, for many programs of one process. */
  readonly tools?: () => Promise<Tools>;
  /** Directory of the built page; undefined: beside the program. */
  readonly pageDir?: string;
  /** Plain HTTP, for the bench. */
  readonly plainHttp?: boolean;
  /** Jobs run only when asked for (tests with a simulated clock). */
  readonly manualJobs?: boolean;
  /** The state directory failed (an fsync, a damaged page): the process must end and start anew. */
  readonly onFatal?: (error: unknown) => void;
  /** A shorter retention than before was confirmed on the command line. */
  readonly confirmShorter?: boolean;
}
