/**
 * Reads the configuration file, once, at the start: nothing in it changes under a running service. The only reader of
 * the environment.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { FortnightError, errnoOf } from '../base/errors.ts';
import { quoted } from '../base/printable.ts';
import { ownAccount, type Account } from './account.ts';
import { toConfig } from './build.ts';
import type { Config } from './config.ts';
import { readConfigText, type ConfigText } from './document.ts';
import { findingsOf } from './issues.ts';
import type { LayoutCatalogue } from './layout-catalogue.ts';
import { checkPaths, writableByOthers } from './paths.ts';
import { configInvalid, keyText, type ConfigProblem, type ConfigWarning, type Finding } from './problem.ts';
import { checkRules } from './rules.ts';
import { ConfigFile } from './schema.ts';
import { validSections } from './sections.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** What is allowed but will surprise somebody. */
  readonly warnings: readonly ConfigWarning[];
}

const DEFAULT_PATH = '/etc/fortnight/fortnight.yaml';
const MAX_BYTES = 256 * 1024;

/** Where the configuration is: as asked, else as FORTNIGHT_CONFIG says, else the place of the Debian way. */
export function configPath(asked: string | undefined): string {
  return asked ?? process.env['FORTNIGHT_CONFIG'] ?? DEFAULT_PATH;
}

/** How systemd supervises us, if it does: where it listens, and how often it wants a sign of life. */
export function supervision(): {
  readonly socket: string | undefined;
  readonly watchdogMs: number | undefined;
} {
  const usec = Number(process.env['WATCHDOG_USEC']);
  return { socket: process.env['NOTIFY_SOCKET'], watchdogMs: usec > 0 ? usec / 1000 : undefined };
}

/**
 * The configuration in `path`. Throws `config_invalid` with every problem by line, key and nearest valid name;
 * nothing but this file and the directories it names has been looked at by then.
 */
export function loadConfig(
  path: string,
  layouts: LayoutCatalogue,
  account: Account = ownAccount(),
): LoadedConfig {
  return parseConfig(readConfigFile(path, account), { file: path, layouts, account });
}

/** As loadConfig, for a text that has been read already. */
export function parseConfig(
  text: string,
  context: { readonly file: string; readonly layouts: LayoutCatalogue; readonly account: Account },
): LoadedConfig {
  const document = readConfigText(text);
  if (document.problems.length > 0) throw configInvalid(context.file, document.problems);
  if (typeof document.value !== 'object' || document.value === null || Array.isArray(document.value)) {
    throw configInvalid(context.file, [{ line: undefined, key: '', sentence: 'must be a map of keys' }]);
  }
  const parsed = ConfigFile.safeParse(document.value, { reportInput: true });
  const sections = validSections(document.value as Record<string, unknown>);
  const found = [checkRules(sections, context.layouts), checkPaths(sections, context.account)];
  const problems = [...findingsOf(parsed.error?.issues ?? []), ...found.flatMap((f) => f.problems)];
  if (!parsed.success || problems.length > 0) {
    throw configInvalid(
      context.file,
      problems.map((f) => placed(f, document)),
    );
  }
  const warnings = found.flatMap((f) => f.warnings).map((f) => placed(f, document));
  return { config: toConfig(parsed.data), warnings };
}

function placed(finding: Finding, document: ConfigText): ConfigProblem {
  const { at, sentence } = finding;
  return { line: document.lineOf(at), key: keyText(at), sentence };
}

/** The text of the file, when nobody but root and us can have written it. */
function readConfigFile(path: string, account: Account): string {
  const refuse = (sentence: string): FortnightError =>
    configInvalid(path, [{ line: undefined, key: '', sentence }]);
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    throw new FortnightError(
      'config_invalid',
      `the configuration ${quoted(path)} cannot be opened (${errno})`,
      {
        hint:
          errno === 'EACCES'
            ? 'run this as root, or as the user of the service: sudo -u fortnight fortnight ...'
            : 'name another with --config, or begin with: fortnight config example',
        cause: error,
      },
    );
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw refuse('is no file');
    const unsafe = writableByOthers(stat, account);
    if (unsafe !== undefined) throw refuse(unsafe);
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    const length = readFully(fd, buffer);
    if (length > MAX_BYTES) throw refuse(`is larger than ${String(MAX_BYTES / 1024)} KiB`);
    const text = decode(buffer.subarray(0, length));
    if (text === undefined) throw refuse('is not UTF-8 text');
    return text;
  } finally {
    closeSync(fd);
  }
}

function readFully(fd: number, buffer: Buffer): number {
  let length = 0;
  for (;;) {
    const got = readSync(fd, buffer, length, buffer.length - length, null);
    if (got === 0) return length;
    length += got;
  }
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
