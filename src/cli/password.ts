/**
 * Passwords for commands: from the terminal without echo, or one line of standard input. Never from an argument, which
 * every user of the machine can read in the list of processes.
 */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { FortnightError } from '../base/errors.ts';
import type { CommandIo } from './command.ts';

/** Longer than any password we accept: a file piped in by mistake is not read to its end. */
const MAX_LENGTH = 1024;

/** Asks once. Throws `usage` when there is no line, or one that is too long; the rules of passwords are not checked here. */
export async function readPassword(io: CommandIo, prompt: string): Promise<string> {
  if (io.stdin.isTTY !== true)
    return readLine(createInterface({ input: io.stdin, crlfDelay: Infinity }), io.stdin);
  // The terminal stops echoing before it asks: nobody's first letter is shown.
  const lines = createInterface({ input: io.stdin, output: silence(), terminal: true, historySize: 0 });
  io.err.write(prompt);
  try {
    return await readLine(lines, io.stdin);
  } finally {
    io.err.write('\n');
  }
}

/** A new password: on a terminal asked twice. Throws `usage` when the two differ. */
export async function readNewPassword(io: CommandIo, prompt: string): Promise<string> {
  const password = await readPassword(io, prompt);
  if (io.stdin.isTTY === true && (await readPassword(io, 'Once more: ')) !== password) {
    throw new FortnightError('usage', 'the two passwords differ');
  }
  return password;
}

/** What readline echoes to goes nowhere; with `terminal` it also takes the terminal's own echo away. */
function silence(): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
}

function readLine(lines: Interface, input: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (sentence: string): void => {
      reject(
        new FortnightError('usage', sentence, {
          hint: 'give it on the terminal or as one line of standard input',
        }),
      );
    };
    let length = 0;
    const count = (chunk: Buffer | string): void => {
      length += chunk.length;
      if (length <= MAX_LENGTH) return;
      refuse('the password is too long');
      lines.close();
    };
    input.on('data', count);
    lines.once('SIGINT', () => {
      lines.close();
    });
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => {
      input.off('data', count);
      refuse('no password was given');
    });
  });
}
