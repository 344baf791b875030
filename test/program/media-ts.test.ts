/** Transport streams as they come from the field: with bytes lost, joined, damaged, of several programmes, and long. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { MediaInfo, Probe } from '../../src/clips/media-info.ts';
import { LIMITS } from '../../src/media/probe/reader.ts';
import { probeSource } from '../../src/media/probe.ts';
import { makeClip, type ClipOptions } from '../tools/clips.ts';
import { memoryFile } from '../tools/memory-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-ts-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

let made = 0;
function clip(options: ClipOptions = {}): Buffer {
  const name = `${String(made++)}.ts`;
  return readFileSync(makeClip(join(directory, name), { container: 'ts', seconds: 4, ...options }));
}

function probe(bytes: Buffer): Probe {
  const file = memoryFile(bytes);
  const result = probeSource(file);
  expect(file.bytesRead).toBeLessThanOrEqual(LIMITS.bytes);
  return result;
}

function infoOf(bytes: Buffer): MediaInfo {
  const probed = probe(bytes);
  if (!probed.ok) throw new Error(probed.reason);
  return probed.info;
}

/** Within a picture: sound may begin a little before. */
function expectLength(info: MediaInfo, ms: number): void {
  expect(Math.abs((info.durationMs ?? NaN) - ms)).toBeLessThanOrEqual(150);
}

function expectKeyFrames(info: MediaInfo, expected: readonly number[]): void {
  expect(info.keyFramesMs).toHaveLength(expected.length);
  info.keyFramesMs.forEach((ms, i) => {
    expect(Math.abs(ms - expected[i]!)).toBeLessThanOrEqual(150);
  });
}

const SECONDS = [0, 1000, 2000, 3000];

/** Four seconds with sound, and in the packets of Blu-ray. */
const WHOLE = { 188: clip({ audio: 'aac' }), 192: clip({ extra: ['-mpegts_m2ts_mode', '1'] }) };

describe.each([188, 192] as const)('packets of %d bytes', (packetBytes) => {
  const whole = WHOLE[packetBytes];
  const middle = Math.floor(whole.length / 2 / packetBytes) * packetBytes;

  test('bytes lost in the middle: the reading goes on behind them, and the clip is not whole', () => {
    const lost = Buffer.concat([whole.subarray(0, middle + 50), whole.subarray(middle + 150)]);
    expectLength(infoOf(lost), 4000);
    expectKeyFrames(infoOf(lost), SECONDS);
    expect(probe(lost)).toMatchObject({ complete: false });
  });

  test('zeros in the middle that shift the packets', () => {
    const shifted = Buffer.concat([whole.subarray(0, middle), Buffer.alloc(70_001), whole.subarray(middle)]);
    expectLength(infoOf(shifted), 4000);
    expectKeyFrames(infoOf(shifted), SECONDS);
  });

  test('a damaged sync byte costs one packet', () => {
    const damaged = Buffer.from(whole);
    damaged[middle + (packetBytes === 192 ? 4 : 0)] = 0;
    expectLength(infoOf(damaged), 4000);
    expect(probe(damaged)).toMatchObject({ complete: true });
  });

  test('a recording that was cut and begun anew in the same file', () => {
    const joined = Buffer.concat([whole.subarray(0, middle + 50), whole]);
    expectKeyFrames(infoOf(joined), SECONDS);
    expectLength(infoOf(joined), 4000);
  });

  test('zeros or junk behind a whole clip do not make it incomplete', () => {
    for (const byte of [0, 0xff])
      expect(probe(Buffer.concat([whole, Buffer.alloc(5001, byte)]))).toMatchObject({ complete: true });
  });
});

describe('junk in front of the first packet', () => {
  const whole = WHOLE[188];

  test.each([100, 4096, 60_001])('%d bytes of it are passed over', (length) => {
    for (const junk of [Buffer.alloc(length), noise(length)]) {
      const info = infoOf(Buffer.concat([junk, whole]));
      expectLength(info, 4000);
      expectKeyFrames(info, SECONDS);
    }
  });

  test('further in, packets are not looked for', () => {
    expect(probe(Buffer.concat([Buffer.alloc(100_000), whole]))).toMatchObject({ ok: false, arbiter: false });
  });

  test('a table whose lines look like packets is not media and not shown to ffprobe', () => {
    const lines = Buffer.from(`G${'.'.repeat(186)}\n`.repeat(200));
    expect(probe(Buffer.concat([Buffer.from('A table of many lines\n'.repeat(50)), lines]))).toEqual({
      ok: false,
      reason: 'not media',
      arbiter: false,
    });
  });

  test('what ffprobe reads is still left to it, whatever lies in it', () => {
    const ps = Buffer.concat([Buffer.from('000001ba4400040004010189c3f8', 'hex'), noise(1000), whole]);
    expect(probe(ps)).toMatchObject({ ok: false, arbiter: true });
  });
});

/** Bytes that look random, the same in each run. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 0x7fff_ffff) & 0xff));
}
