import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change, ClipFile, Content, Put } from '../../src/clips/change.ts';
import type { MediaInfo } from '../../src/clips/media-info.ts';
import { pack, unpack } from '../../src/ingest/pack.ts';

const byteString = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((c) => String.fromCharCode(c)) });
const ms = fc.double({ noNaN: true });
const orNull = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arb);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });

const media: fc.Arbitrary<MediaInfo> = fc.record({
  container: fc.string(),
  durationMs: orNull(ms),
  claimedStartMs: orNull(ms),
  videoCodec: orNull(fc.string()),
  widthPx: orNull(fc.nat()),
  heightPx: orNull(fc.nat()),
  frameRate: orNull(ms),
  audioCodec: orNull(fc.string()),
  keyFramesMs: fc.array(ms),
  fragmented: fc.boolean(),
});

const content: fc.Arbitrary<Content> = fc.record({
  fingerprint: byteString,
  media: orNull(media),
  arbiter: fc.boolean(),
  complete: fc.boolean(),
});

const file: fc.Arbitrary<ClipFile> = fc.record({
  dir: byteString,
  name: byteString,
  cameraId: fc.string(),
  kind: fc.constantFrom('video', 'still'),
  ino: int64,
  sizeBytes: fc.nat(),
  mtimeNs: int64,
  startsMs: fc.array(ms, { maxLength: 3 }),
  endsMs: fc.array(ms, { maxLength: 3 }),
  statedLengthMs: orNull(ms),
  shifted: fc.boolean(),
  within: orNull(fc.record({ fromMs: ms, toMs: ms })),
});

const finding: fc.Arbitrary<Put> = fc.record({
  is: fc.constant('put'),
  how: fc.constant('new'),
  clipId: fc.constant(null),
  file,
  content,
});

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: finding },
  fc.record({
    is: fc.constant('put' as const),
    how: fc.constantFrom('new' as const, 'grown' as const, 'replaced' as const),
    clipId: orNull(fc.nat()),
    file,
    content: orNull(content),
  }),
  fc.record({ is: fc.constant('back' as const), clipId: fc.nat() }),
);

test('what arrives is what was sent, in order, whatever the mixture', () => {
  const pieces = fc.array(fc.oneof(fc.array(finding, { minLength: 1 }), fc.array(change, { minLength: 1 })));
  fc.assert(
    fc.property(pieces, (changes) => {
      expect([...unpack(changes.map(pack))]).toEqual(changes.flat());
    }),
  );
});
