/** Making files and directories durable below a root. */
import { errnoOf } from '../base/errors.ts';
import { fsyncBeside, type FileCalls } from '../base/file-calls.ts';

/**
 * An fsync failed: the kernel may have dropped what was written, and would say yes the next time. It is never repeated,
 * and its root is failing. `code`: the errno.
 */
export class NotDurable extends Error {
  override readonly name = 'NotDurable';
  readonly code: string | undefined;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.code = errnoOf(cause);
  }
}

/** Makes what an open file or directory has durable. Throws NotDurable. */
export function makeDurable(fd: number, files: Pick<FileCalls, 'fsyncSync'>): void {
  try {
    files.fsyncSync(fd);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw new NotDurable(error);
  }
}

/** The same beside this thread (base/file-calls.ts). Rejects with NotDurable. */
export async function makeDurableBeside(fd: number, files: FileCalls): Promise<void> {
  try {
    await fsyncBeside(fd, files);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw new NotDurable(error);
  }
}
