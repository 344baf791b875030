/** Transport streams as they come from the field: with bytes lost, joined, behind junk, and with damaged times. */
import { describe, expect, test } from 'vitest';
import type { MediaInfo } from '../../src/clips/media-info.ts';
import { clip, expectKeyFrames, expectLength, infoOf, probe, SECONDS } from '../tools/ts-clips.ts';

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

/** Where the time of each PES packet of a stream stands. */
function placesOfTimes(bytes: Buffer, pid: number): number[] {
  const places: number[] = [];
  for (let at = 0; at + 188 <= bytes.length; at += 188) {
    const header = bytes.readUInt32BE(at);
    if (((header >> 8) & 0x1fff) !== pid || (header & 0x40_0000) === 0) continue;
    const pes = at + 4 + ((header & 0x20) === 0 ? 0 : 1 + bytes.readUInt8(at + 4));
    if ((bytes.readUInt8(pes + 7) & 0x80) !== 0) places.push(pes + 9);
  }
  return places;
}

const VIDEO_PID = 0x100;
const AUDIO_PID = 0x101;

/** The clip with its times changed; `change` gets and gives ticks of 90 kHz, or gives nothing for no change. */
function retimed(bytes: Buffer, change: (pts: number, i: number) => number | undefined): Buffer {
  const changed = Buffer.from(bytes);
  for (const pid of [VIDEO_PID, AUDIO_PID]) {
    placesOfTimes(bytes, pid).forEach((at, i) => {
      const high = (changed.readUInt8(at) >> 1) & 7;
      const pts =
        high * 2 ** 30 + (changed.readUInt16BE(at + 1) >> 1) * 2 ** 15 + (changed.readUInt16BE(at + 3) >> 1);
      const to = change(pts, pid === VIDEO_PID ? i : -1);
      if (to === undefined) return;
      const ticks = ((to % 2 ** 33) + 2 ** 33) % 2 ** 33;
      changed.writeUInt8(0x21 | (changed.readUInt8(at) & 0x10) | (Math.floor(ticks / 2 ** 30) << 1), at);
      changed.writeUInt16BE(((Math.floor(ticks / 2 ** 15) % 2 ** 15) << 1) | 1, at + 1);
      changed.writeUInt16BE(((ticks % 2 ** 15) << 1) | 1, at + 3);
    });
  }
  return changed;
}

const S = 90_000;
const HOUR = 3600 * S;

describe('damaged and jumping times', () => {
  const whole = clip({ audio: 'aac', bFrames: 2 });
  const before = infoOf(whole);

  /** As if nothing had happened, but for the pictures whose time was damaged. */
  function expectUndamaged(info: MediaInfo, keyFramesMs = before.keyFramesMs): void {
    expect(info).toEqual({ ...before, keyFramesMs, frameRate: expect.closeTo(10, 1) as number });
  }

  test.each([1, 15, 20])('picture %d: a time of zeros, or with a bit flipped, is not believed', (n) => {
    const at = placesOfTimes(whole, VIDEO_PID)[n]!;
    const zeros = Buffer.from(whole);
    zeros.fill(0, at, at + 5);
    expectUndamaged(infoOf(zeros), infoOf(zeros).keyFramesMs);
    for (const bit of [2, 4, 8]) {
      const flipped = Buffer.from(whole);
      flipped[at] = flipped[at]! ^ bit;
      expectUndamaged(infoOf(flipped), infoOf(flipped).keyFramesMs);
    }
    expect(before.keyFramesMs).toEqual(expect.arrayContaining([...infoOf(zeros).keyFramesMs]));
    expect(infoOf(zeros).keyFramesMs.length).toBeGreaterThanOrEqual(3);
  });

  test('the first and the last time, when one of them is hours away, are not believed', () => {
    const last = placesOfTimes(whole, VIDEO_PID).length - 1;
    for (const n of [0, last]) {
      for (const jump of [-5 * HOUR, 5 * HOUR]) {
        const info = infoOf(retimed(whole, (pts, i) => (i === n ? pts + jump : undefined)));
        expectLength(info, 4000);
        expect(info.frameRate).toBeCloseTo(10, 1);
      }
    }
  });

  test('two damaged times beside each other are not believed', () => {
    const info = infoOf(retimed(whole, (pts, i) => (i === 15 || i === 16 ? pts + i * HOUR : undefined)));
    expectUndamaged(info);
  });

  test('when all times are damaged, ffprobe is asked', () => {
    const damaged = Buffer.from(whole);
    for (const at of [...placesOfTimes(whole, VIDEO_PID), ...placesOfTimes(whole, AUDIO_PID)])
      damaged[at] = damaged[at]! & 0xfe;
    expect(probe(damaged)).toMatchObject({ ok: false, arbiter: true });
  });

  test.each([
    ['hours ahead', 5 * HOUR],
    ['back by hours', -5 * HOUR],
    ['back by a minute', -60 * S],
  ])('a clock that jumps %s and goes on there: the pieces add up', (_, jump) => {
    const joined = Buffer.concat([
      retimed(whole, (pts) => pts + 6 * HOUR),
      retimed(whole, (pts) => pts + 6 * HOUR + jump),
    ]);
    const info = infoOf(joined);
    expectLength(info, 8000);
    expectKeyFrames(info, [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    expect(info.frameRate).toBeCloseTo(10, 1);
  });

  test('a pause of half an hour is kept', () => {
    const info = infoOf(Buffer.concat([whole, retimed(whole, (pts) => pts + HOUR / 2)]));
    expectLength(info, 1_804_000);
    expect(info.frameRate).toBeCloseTo(10, 1);
  });

  test('over the wrap of the clock, damage is told from time', () => {
    const wraps = retimed(whole, (pts) => pts - 3 * S);
    expectLength(infoOf(wraps), 4000);
    expectLength(infoOf(retimed(wraps, (pts, i) => (i === 15 ? pts + 3 * HOUR : undefined))), 4000);
  });

  test('a picture a minute is no damage', () => {
    const slow = clip({ fps: 10 });
    const info = infoOf(retimed(slow, (pts, i) => (i < 0 ? undefined : pts * 600)));
    expectLength(info, 40 * 60_000);
    expect(info.keyFramesMs).toEqual([0, 600_000, 1_200_000, 1_800_000]);
  });
});
