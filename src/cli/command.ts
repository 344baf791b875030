/**
 * What a command of `fortnight` is. A command gets its arguments and its streams and answers an exit status, so that
 * a test needs no process. What it cannot do it throws as a FortnightError; `main.ts` prints that.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ERROR_CODES } from '../base/error-codes.ts';
import { FortnightError } from '../base/errors.ts';
import { nearestName } from '../base/nearest.ts';
import { printable, quoted } from '../base/printable.ts';
import { table } from './text.ts';

export interface TextSink {
  write(text: string): unknown;
}

/** Taking over signals is for commands that run until they are told to stop; the others just end. */
export interface Signals {
  /** Aborted by the first SIGTERM or SIGINT; from the first call on, a second such signal ends the process at once. */
  stop(): AbortSignal;
  /** Calls `reload` at each SIGHUP. */
  onHangup(reload: () => void): void;
}

export interface CommandIo {
  readonly out: TextSink;
  readonly err: TextSink;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly signals: Signals;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands, without a full stop. */
  readonly summary: string;
  /** What `--help` prints: the forms of the command and its options. */
  readonly usage: string;
  /** Runs with the arguments after the name; answers the exit status. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** A command of a list, loaded when it is called: a command pays for no other command's imports. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** A list of commands under one name: the program itself, or a command with sub-commands. */
export interface CommandGroup {
  /** As typed, e.g. `fortnight` or `fortnight config`. */
  readonly path: string;
  readonly about: string;
  readonly entries: readonly CommandEntry[];
}

/** A command made of sub-commands: the first argument names one. */
export function groupCommand(name: string, summary: string, commands: readonly Command[]): Command {
  const entries = commands.map((command) => ({
    name: command.name,
    summary: command.summary,
    load: () => Promise.resolve(command),
  }));
  const group = { path: `fortnight ${name}`, about: summary, entries };
  return { name, summary, usage: groupUsage(group), run: (args, io) => dispatch(group, args, io) };
}

/** Runs the command the first argument names; `--help` and no argument print the list. Throws `usage`. */
export async function dispatch(group: CommandGroup, args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || isHelp(name)) {
    const target = name === 'help' ? rest[0] : undefined;
    if (target !== undefined) return dispatch(group, [target, '--help'], io);
    (name === undefined ? io.err : io.out).write(groupUsage(group));
    return name === undefined ? ERROR_CODES.usage.exit : 0;
  }
  const command = await find(group, name).load();
  if (rest[0] === '--help' || rest[0] === '-h') {
    io.out.write(command.usage);
    return 0;
  }
  return command.run(rest, io);
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h' || word === 'help';
}

function find(group: CommandGroup, name: string): CommandEntry {
  const entry = group.entries.find((e) => e.name === name);
  if (entry !== undefined) return entry;
  const near = nearestName(
    name,
    group.entries.map((e) => e.name),
  );
  throw new FortnightError('usage', `there is no command ${quoted(name)}`, {
    hint: near === undefined ? `${group.path} --help lists them` : `did you mean ${group.path} ${near}?`,
  });
}

function groupUsage(group: CommandGroup): string {
  const list = table(group.entries.map((e) => [`  ${e.name}`, e.summary]));
  return `${group.about}\n\nUsage: ${group.path} <command> [options]\n\nCommands:\n${list}\nMore about one: ${group.path} <command> --help\n`;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; strict: true; allowPositionals: true; args: string[] }>
>;

/**
 * Options and positional arguments by `node:util` rules; at most `words` of the latter, none unless given. Throws
 * `usage` for what the command does not know.
 */
export function parseOptions<const O extends Options>(
  args: readonly string[],
  options: O,
  words = 0,
): Parsed<O> {
  try {
    const parsed = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
    const tooMany = parsed.positionals[words];
    if (tooMany === undefined) return parsed;
    throw new FortnightError('usage', `${quoted(tooMany)} is more than the command takes`, {
      hint: 'it says what it takes with --help',
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error;
    throw usageError(error as Error, args, options);
  }
}

function usageError(error: Error, args: readonly string[], options: Options): FortnightError {
  const known = Object.keys(options).map((name) => `--${name}`);
  const unknown = args.find((arg) => arg.startsWith('--') && !known.includes(arg.split('=', 1)[0] ?? arg));
  const near = unknown === undefined ? undefined : nearestName(unknown.split('=', 1)[0] ?? unknown, known);
  const sentence = printable(error.message.split(/\.\s/, 1)[0] ?? error.message);
  return new FortnightError('usage', sentence, {
    hint: near === undefined ? 'the command lists its options with --help' : `did you mean ${near}?`,
  });
}
