/** What the main thread and the scan's thread say to one another. Everything here can be cloned between threads. */
import type { Packed } from './pack.ts';
import type { ScanReport } from './report.ts';
import type { Scope } from './reconcile.ts';
import type { Moment } from './settle.ts';

/** A root as the scan may open it: only when it carries these ids. */
export interface RootAddress {
  readonly path: string;
  readonly expected: { readonly rootUuid: string; readonly installId: string };
}

interface TaskBase {
  readonly taskId: number;
  readonly rootId: string;
  readonly at: RootAddress;
  /** One moment for the whole task: on a long walk files seem younger than they are, never older. */
  readonly moment: Moment;
  /** Files whose content is not to be looked into (suspects.ts). */
  readonly givenUp: readonly string[];
}

export type Task =
  | (TaskBase & { readonly do: 'reconcile'; readonly scope: Scope })
  | (TaskBase & { readonly do: 'look'; readonly paths: readonly string[] });

export type ToScanner =
  | Task
  /** The changes of a batch are in the index. */
  | { readonly do: 'acknowledge' };

export type FromScanner =
  | { readonly is: 'started'; readonly taskId: number }
  | {
      readonly is: 'batch';
      readonly taskId: number;
      readonly rootId: string;
      readonly pieces: readonly Packed[];
    }
  /** The task goes on, though it has nothing to tell. */
  | { readonly is: 'alive'; readonly taskId: number }
  | { readonly is: 'ended'; readonly taskId: number; readonly report: ScanReport }
  /** A defect: the task is given up, the thread goes on. */
  | { readonly is: 'broken'; readonly taskId: number; readonly message: string; readonly path?: string };
