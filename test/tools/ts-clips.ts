/** Transport streams for tests, and what the probe says of them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { MediaInfo, Probe } from '../../src/clips/media-info.ts';
import { LIMITS } from '../../src/media/probe/reader.ts';
import { probeSource } from '../../src/media/probe.ts';
import { makeClip, type ClipOptions } from './clips.ts';
import { memoryFile } from './memory-file.ts';
import { unhurried } from '../support/unhurried.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-ts-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

let made = 0;
export function clip(options: ClipOptions = {}): Buffer {
  return readFileSync(makeClip(newPath(), { container: 'ts', seconds: 4, ...options }));
}

/** For a file that goes with the test. */
export function newPath(): string {
  return join(directory, `${String(made++)}.ts`);
}

export function probe(bytes: Buffer): Probe {
  const file = memoryFile(bytes);
  const result = unhurried(() => probeSource(file));
  expect(file.bytesRead).toBeLessThanOrEqual(LIMITS.bytes);
  return result;
}

export function infoOf(bytes: Buffer): MediaInfo {
  const probed = probe(bytes);
  if (!probed.ok) throw new Error(probed.reason);
  return probed.info;
}

/** Sound begins a little before the pictures. */
export function expectLength(info: MediaInfo, ms: number): void {
  expect(Math.abs((info.durationMs ?? NaN) - ms)).toBeLessThanOrEqual(300);
}

export function expectKeyFrames(info: MediaInfo, expected: readonly number[]): void {
  expect(info.keyFramesMs).toHaveLength(expected.length);
  info.keyFramesMs.forEach((ms, i) => {
    expect(Math.abs(ms - expected[i]!)).toBeLessThanOrEqual(300);
  });
}

export const SECONDS = [0, 1000, 2000, 3000];
