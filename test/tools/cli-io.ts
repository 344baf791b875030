/** Streams for commands under test: what is written is kept, standard input is a text. */
import { Readable } from 'node:stream';
import type { CommandIo } from '../../src/cli/command.ts';

export interface TestIo extends CommandIo {
  readonly written: { out: string; err: string };
}

export function testIo(stdin = ''): TestIo {
  const written = { out: '', err: '' };
  return {
    written,
    out: { write: (text) => (written.out += text) },
    err: { write: (text) => (written.err += text) },
    stdin: Readable.from([Buffer.from(stdin)]),
    signals: { stop: () => new AbortController().signal, onHangup: () => undefined },
  };
}
