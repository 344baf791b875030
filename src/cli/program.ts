/** The program behind `main.ts`: finds the command, runs it, says what went wrong. */
import { ERROR_CODES } from '../base/error-codes.ts';
import { FortnightError } from '../base/errors.ts';
import { printable, printableLines } from '../base/printable.ts';
import { dispatch, type CommandGroup, type CommandIo, type TextSink } from './command.ts';

/** Runs one command line; answers the exit status and never throws. */
export async function runProgram(
  group: CommandGroup,
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    return await dispatch(group, args, io);
  } catch (error) {
    return reportError(error, io.err);
  }
}

/** Prints an error the way every command does; answers its exit status. */
export function reportError(error: unknown, err: TextSink): number {
  if (error instanceof FortnightError) {
    err.write(`fortnight: ${printableLines(error.message)}\n`);
    if (error.hint !== undefined) err.write(`hint: ${printable(error.hint)}\n`);
    return error.exitCode;
  }
  // Nobody foresaw this one: the stack is all there is to find it by, and it goes where the log goes.
  err.write(
    'fortnight: unexpected error; this is a defect of Fortnight, please report it with what follows\n',
  );
  err.write(`${printableLines(stackOf(error))}\n`);
  return ERROR_CODES.internal.exit;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}
