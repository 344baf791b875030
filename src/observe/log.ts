/**
 * The log: one JSON object per line on standard output, for journald or a container's log.
 *
 * The log outlives the footage and is read by more people than the footage is, so nothing that points at a person on
 * it may get in: no path or file name, no secret. Callers know that; this file also removes what slips through, such
 * as the path in a system error's message.
 */
import pino from 'pino';
import { isoUtc, type Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly clock: Clock;
  /** Where the lines go; standard output unless given. */
  readonly sink?: { write(line: string): void };
}

/** A log that writes lines of `level` and above: `{"level","time","event",...fields}`. */
export function createLog(options: LogOptions): Log {
  const settings = {
    level: options.level,
    base: null,
    messageKey: 'event',
    timestamp: () => `,"time":"${isoUtc(options.clock.wallMs())}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = options.sink === undefined ? pino(settings) : pino(settings, options.sink);
  return {
    info: (event, fields = {}) => {
      logger.info(cleanFields(fields), event);
    },
    warn: (event, fields = {}) => {
      logger.warn(cleanFields(fields), event);
    },
    error: (event, fields = {}) => {
      logger.error(cleanFields(fields), event);
    },
  };
}

const SECRET_KEYS = /pass(word|phrase)?|secret|token|cookie|authorization|^key$|_key$|Key$/i;
const PATH_KEYS = /^(path|file|dir|directory|root|filename|dest)$/i;
/** An absolute path: a slash that begins a word, up to a quote or (outside of quotes) a space. */
const QUOTED_PATH = /(['"`])\/[^'"`]*\1/g;
const BARE_PATH = /(^|[\s(=:,]|file:\/\/)\/(?!\/)[^\s'"`),]+/g;
const MAX_DEPTH = 4;
const MAX_TEXT = 2000;
const MAX_ITEMS = 100;

function cleanFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .slice(0, MAX_ITEMS)
      .map(([key, value]) => [key, cleanField(key, value, 0)]),
  );
}

function cleanField(key: string, value: unknown, depth: number): unknown {
  if (SECRET_KEYS.test(key)) return '[secret]';
  if (PATH_KEYS.test(key) && typeof value === 'string') return '[path]';
  return clean(value, depth);
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return cleanError(value, depth);
  if (depth >= MAX_DEPTH || ArrayBuffer.isView(value)) return '[left out]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => clean(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([key, item]) => [key, cleanField(key, item, depth + 1)]),
  );
}

function cleanText(text: string): string {
  const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return shown.replace(QUOTED_PATH, '$1[path]$1').replace(BARE_PATH, '$1[path]');
}

/** An error keeps its code, its cause and the places in our code; its message loses the paths. */
function cleanError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    error: error.name,
    ...(code === undefined ? {} : { code }),
    message: cleanText(error.message),
    at: frames.slice(0, 8).map((line) => line.slice(7)),
    ...(error.cause === undefined || depth >= MAX_DEPTH ? {} : { cause: clean(error.cause, depth + 1) }),
  };
}
