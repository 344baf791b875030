/** The hold journal and its mirrors, by the checker's own reading of the format. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../../base/errors.ts';
import type { Findings } from './finding.ts';

/** A version of a hold, as the journal has it: as much of it as is asked about here. */
export interface Version {
  readonly holdId: string;
  readonly version: number;
  readonly atMs: number;
  readonly releasedMs: number | null;
  readonly endsMs: number | null;
  readonly terms: {
    readonly cameraIds: readonly string[];
    readonly window: { readonly fromMs: number; readonly toMs: number };
  };
}

export interface Entry {
  readonly seq: number;
  readonly version: Version;
  /** The version as canonical JSON: what the index must have of it. */
  readonly text: string;
}

/** A line that carries a version; `signed` with the key of this state directory. */
export type Line = Entry & { readonly signed: boolean };

/** Undefined when there is no key any more. */
export function mirrorKey(stateDir: string): Buffer | undefined {
  return readIfThere(join(stateDir, 'keys', 'mirror.key'));
}

export function readLine(line: string, key: Buffer | undefined): Line | undefined {
  try {
    const outer = JSON.parse(line) as { mac: string; version: string };
    const inner = JSON.parse(outer.version) as Omit<Entry, 'text'>;
    if (typeof inner.version.holdId !== 'string' || typeof inner.seq !== 'number') return undefined;
    const signed =
      key !== undefined &&
      createHmac('sha256', key).update(outer.version, 'utf8').digest('hex') === outer.mac;
    return { ...inner, text: textOf(outer.version, inner.seq), signed };
  } catch {
    return undefined;
  }
}

/** Cut out of what was signed, `{"seq":...,"version":...}`: nothing is written anew that could differ. */
function textOf(signed: string, seq: number): string {
  return signed.slice(`{"seq":${String(seq)},"version":`.length, -1);
}

/** Every version the journal holds and signed; what cannot be one is named. */
export function readJournal(stateDir: string, findings: Findings): Entry[] {
  const key = mirrorKey(stateDir);
  const bytes = readIfThere(join(stateDir, 'holds.journal'));
  if (bytes === undefined) return [];
  const lines = bytes.toString('utf8').split('\n');
  if (lines.pop() !== '') findings.add('journal_torn', 'the last line of the hold journal is torn');
  return lines.flatMap((text, i) => {
    const line = readLine(text, key);
    const at = `line ${String(i + 1)} of the hold journal`;
    if (line === undefined) findings.add('journal_unreadable', `${at} cannot be read`);
    else if (line.signed && line.seq === i + 1) return [line];
    else findings.add('journal_forged', `${at} is not the one that was written there`);
    return [];
  });
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return undefined;
  }
}
