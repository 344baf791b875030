/** What an adversary writes into the recordings: refused by content, read within limits, never an exception. */
import { expect, test, vi } from 'vitest';
import { MAX_KEY_FRAME_MS, type Probe } from '../../src/clips/media-info.ts';
import { LIMITS, MAX_PIECE, type GivenBytes } from '../../src/media/probe/reader.ts';
import { probeSource } from '../../src/media/probe.ts';
import { box, fragment, FTYP, MDAT, moov, u32 } from '../tools/boxes.ts';
import { memoryFile } from '../tools/memory-file.ts';
import { pictureStream } from '../tools/packets.ts';

/** Probes and checks the limits that hold for every file. */
function probe(bytes: Buffer, given: GivenBytes = {}): Probe {
  const file = memoryFile(bytes);
  const from = process.threadCpuUsage();
  const result = probeSource(file, given);
  // Time at work: a machine with other things to do takes longer by the clock.
  const { user, system } = process.threadCpuUsage(from);
  expect((user + system) / 1000).toBeLessThan(LIMITS.timeMs);
  expect(file.bytesRead).toBeLessThanOrEqual(LIMITS.bytes);
  return result;
}

const TEXTS = {
  'a playlist': '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10.0,\nfile:///etc/passwd\n',
  'a list of files': "ffconcat version 1.0\nfile '/etc/passwd'\n",
  'a session description': 'v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n',
  'a web page': '<!doctype html><script>alert(1)</script>\n',
  'a manifest': '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
  'a drawing': '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
  'plain text': 'This is not a video.\n',
};

test.each(Object.entries(TEXTS))(
  '%s named .mp4 is not media and is not shown to ffprobe either',
  (_, text) => {
    expect(probe(Buffer.from(text))).toEqual({ ok: false, reason: 'not media', arbiter: false });
  },
);

test('files of nothing, of zeros and of a few bytes are not media', () => {
  for (const bytes of [Buffer.alloc(1), Buffer.alloc(7), Buffer.alloc(1 << 20), FTYP.subarray(0, 7)])
    expect(probe(bytes)).toMatchObject({ ok: false, arbiter: false });
  expect(probe(Buffer.alloc(0))).toEqual({ ok: false, reason: 'empty', arbiter: false });
});

const FOR_FFPROBE = {
  'Dahua DHAV': '4448415600000000000000000000',
  FLV: '464c5601050000000900000000',
  ASF: '3026b2758e66cf11a6d900aa0062ce6c',
  'MPEG-PS': '000001ba4400040004010189c3f8',
  'raw H.264': '0000000167640028acd940780227e5c0',
  'raw HEVC': '0000000140010c01ffff016000000300',
  'Hikvision IMKH': `494d4b48${'00'.repeat(36)}000001ba4400040004010189c3f8`,
  'Hikvision IMKH, MPEG-1 packs': `494d4b48${'11'.repeat(36)}000001ba2100010001`,
  'MPEG-PS behind zeros': `${'00'.repeat(16)}000001ba4400040004010189c3f8`,
  'raw H.264 that begins with a slice': '000001419a246c41',
  'raw H.264 that begins with a slice no other refers to': '000001019e42789f',
  'raw H.264 that begins with its second parameter set': '00000168ce3c8000',
  'raw HEVC that begins with a slice': '000001020101d009',
  'raw HEVC that begins with a random access picture': '000001280101af09',
};

test.each(Object.entries(FOR_FFPROBE))('%s is left to ffprobe', (_, hex) => {
  expect(probe(Buffer.from(hex, 'hex'))).toMatchObject({ ok: false, arbiter: true });
});

const NOT_FOR_FFPROBE = {
  'IMKH without a programme stream': Buffer.from('IMKH#EXTM3U\nfile:///etc/passwd\n'),
  'IMKH, and the pack only far behind': Buffer.from(`IMKH${'\n'.repeat(9000)}\0\0\x01\xba\x44`, 'latin1'),
  'a playlist with a pack header in it': Buffer.from(
    '#EXTM3U\n\0\0\x01\xba\x44\nfile:///etc/passwd',
    'latin1',
  ),
  'a pack header without a clock behind zeros': Buffer.from(`${'00'.repeat(16)}000001ba00000000`, 'hex'),
  'an icon of Windows': Buffer.from('00000100010020200000', 'hex'),
  'an MPEG-2 stream without container, which is not on the list': Buffer.from('000001b314010c13ff', 'hex'),
};

test.each(Object.entries(NOT_FOR_FFPROBE))('%s is not shown to ffprobe', (_, bytes) => {
  expect(probe(bytes)).toEqual({ ok: false, reason: 'not media', arbiter: false });
});

test('boxes nested twenty thousand deep are not followed', () => {
  const nested = Buffer.alloc(160_000);
  for (let i = 0; i < 20_000; i++) {
    nested.writeUInt32BE(8 * (20_000 - i), i * 8);
    nested.write('moov', i * 8 + 4);
  }
  expect(probe(Buffer.concat([FTYP, nested]))).toMatchObject({ ok: false });
});

test('two hundred thousand empty boxes end the probe, in front of the index and inside it', () => {
  const many = Buffer.concat(Array<Buffer>(200_000).fill(box('free')));
  const index = moov({ tracks: [{ stts: [[10, 100]] }] });
  expect(probe(Buffer.concat([FTYP, many, index, MDAT]))).toEqual({
    ok: false,
    reason: 'too many boxes',
    arbiter: true,
  });
  expect(probe(Buffer.concat([FTYP, box('moov', index.subarray(8), many), MDAT]))).toMatchObject({
    ok: false,
  });
});

test('a fragment of a million empty boxes ends the probe', () => {
  const many = Buffer.concat(Array<Buffer>(1_000_000).fill(box('free')));
  const index = moov({ tracks: [{}], fragmentDefaults: { duration: 1, flags: 0 } });
  expect(probe(Buffer.concat([FTYP, index, box('moof', many), MDAT]))).toMatchObject({ ok: false });
});

test('boxes far apart end the probe when eight mebibytes have been fetched for them', () => {
  const far = Buffer.concat(Array<Buffer>(3000).fill(box('free', Buffer.alloc(20_000))));
  expect(probe(Buffer.concat([FTYP, far]))).toEqual({
    ok: false,
    reason: 'too many bytes to read',
    arbiter: true,
  });
});

test('tables that claim four thousand million entries give what they hold', () => {
  const bytes = Buffer.concat([
    FTYP,
    moov({ tracks: [{ stts: [[10, 100]], stss: [1], ctts: [[10, 0]] }] }),
    MDAT,
  ]);
  for (const name of ['stts', 'stss', 'ctts', 'stco', 'elst', 'stsd']) {
    const at = bytes.indexOf(name);
    if (at < 0) continue;
    const lying = Buffer.from(bytes);
    lying.writeUInt32BE(0xffff_fff0, at + 8);
    expect(probe(lying)).toMatchObject({ ok: true, info: { durationMs: 1000 } });
  }
});

test('runs of samples that claim four thousand million entries are counted to a limit', () => {
  const index = moov({ tracks: [{}], fragmentDefaults: { duration: 1, flags: 0 } });
  const runs = Array.from({ length: 20 }, () => ({ count: 0xffff_ffff, firstFlags: 0 }));
  probe(Buffer.concat([FTYP, index, ...Array.from({ length: 200 }, (_, n) => fragment(n, runs))]));
});

test('sizes that are negative, smaller than a header or larger than any disk are not believed', () => {
  const index = moov({ tracks: [{ stts: [[10, 100]] }] });
  const claims = ['ffffffffffffffff', '8000000000000000', '0fffffffffffffff', '0000000000000001'];
  for (const type of ['free', 'moov', 'mdat', 'uuid']) {
    for (const claim of claims) {
      const liar = Buffer.concat([u32(1), Buffer.from(type), Buffer.from(claim, 'hex')]);
      const result = probe(Buffer.concat([FTYP, liar, index, MDAT]));
      expect(result.ok && result.complete).toBe(false);
    }
  }
});

test('times and sizes beyond belief become unknown', () => {
  const track = { timescale: 1, stts: [[2_000_000_000, 2_000_000_000]] as const, size: [0, 0] as const };
  const result = probe(Buffer.concat([FTYP, moov({ tracks: [track] }), MDAT]));
  expect(result).toMatchObject({ ok: true, info: { durationMs: null, widthPx: null, heightPx: null } });
  const still = probe(Buffer.concat([FTYP, moov({ tracks: [{ timescale: 0, stts: [[10, 0]] }] }), MDAT]));
  expect(still).toMatchObject({ ok: true, info: { frameRate: null } });
});

test('a stream of start codes and nothing between them', () => {
  const codes = Buffer.from('000001'.repeat(50), 'hex');
  for (const streamType of [0x01, 0x02, 0x10, 0x1b, 0x24])
    expect(probe(pictureStream(streamType, codes, 20))).toMatchObject({ ok: true, info: { widthPx: null } });
});

test('parameter sets that end early, as many as what is read anyway can hold, cost little', () => {
  const bytes = pictureStream(0x1b, Buffer.from('0000016742'.repeat(37), 'hex'), 690);
  expect(bytes.length).toBeLessThan(2 * MAX_PIECE);
  const given = { head: bytes.subarray(0, MAX_PIECE), tail: bytes.subarray(-MAX_PIECE) };
  const from = process.threadCpuUsage();
  for (let i = 0; i < 2; i++) probe(bytes, given);
  expect(process.threadCpuUsage(from).user / 1000).toBeLessThan(LIMITS.timeMs);
});

test('what is read anyway is no longer looked at either when the time is over', () => {
  const index = moov({ tracks: [{}], fragmentDefaults: { duration: 1, flags: 0 } });
  const runs = Array.from({ length: 20 }, () => ({ count: 0xffff_ffff, firstFlags: 0 }));
  const files = [
    Buffer.concat([FTYP, index, fragment(0, runs)]),
    pictureStream(0x1b, Buffer.from('0000010910', 'hex'), 600),
  ];
  for (const head of files) {
    // By this clock a second goes by between any two looks at it.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += LIMITS.timeMs));
    const result = probeSource(memoryFile(head), { head });
    clock.mockRestore();
    expect(result).toEqual({ ok: false, reason: 'took too long', arbiter: true });
  }
});

test('key frames later than the index can keep are left out', () => {
  const half = 2 ** 31 - 1;
  const stts = [
    [2, half],
    [1, 1],
    [2, 1000],
  ] as const;
  const result = probe(Buffer.concat([FTYP, moov({ tracks: [{ stts }] }), MDAT]));
  const keyFramesMs = [0, half, 2 * half, MAX_KEY_FRAME_MS];
  expect(result).toMatchObject({ ok: true, info: { keyFramesMs } });
});

test('a length beyond belief bounds no key frames, and they are bounded all the same', () => {
  const head = '1a45dfa38b4282886d6174726f736b61';
  const segment = '1853806701ffffffffffffff';
  const info = '1549a966932ad7b1883fffffffffffffff4489847f000000';
  const tracks = '1654ae6b91ae8fd781018381018687565f4d4a504547';
  const cues = '1c53bb6b8dbb8bb384ffffffffb783f78101';
  const result = probe(Buffer.from(head + segment + info + tracks + cues, 'hex'));
  expect(result).toMatchObject({ ok: true, info: { durationMs: null, keyFramesMs: [] } });
});

test('samples of a width that there is not are named as ffprobe names them', () => {
  const element = (id: string, content: string): string =>
    `${id}${(0x80 + content.length / 2).toString(16)}${content}`;
  const codecOf = (codecId: string, bits: string): string | null => {
    const id = element('86', Buffer.from(codecId).toString('hex'));
    const track = element('ae', `d78101838102${id}${element('e1', element('6264', bits))}`);
    const head = '1a45dfa38b4282886d6174726f736b611853806701ffffffffffffff';
    const result = probe(Buffer.from(head + element('1654ae6b', track), 'hex'));
    return result.ok ? result.info.audioCodec : result.reason;
  };
  for (const [bits, big] of [
    ['ffffffffffffffff', 'pcm_s16be'],
    ['00', 'pcm_s16be'],
    ['08', 'pcm_u8'],
    ['18', 'pcm_s24be'],
  ] as const) {
    expect(codecOf('A_PCM/INT/BIG', bits)).toBe(big);
    expect(codecOf('A_PCM/FLOAT/IEEE', bits)).toBe('pcm_f32le');
  }
  expect(codecOf('A_PCM/FLOAT/IEEE', '40')).toBe('pcm_f64le');
});

test('a Matroska file of nothing but tiny elements ends the probe', () => {
  const head = Buffer.from('1a45dfa38b4282886d6174726f736b61', 'hex');
  const segment = Buffer.from('1853806701ffffffffffffff', 'hex');
  const cluster = Buffer.from('1f43b675ff', 'hex');
  const block = Buffer.from('a384810000800', 'hex');
  probe(Buffer.concat([head, segment, ...Array<Buffer>(300_000).fill(Buffer.from('ec80', 'hex'))]));
  probe(Buffer.concat([head, segment, cluster, ...Array<Buffer>(300_000).fill(block)]));
});

test('a file that shrinks or fails while it is read is a probe that is not ok', () => {
  const bytes = Buffer.concat([FTYP, moov({ tracks: [{ stts: [[10, 100]] }] }), MDAT]);
  const shrunk = { sizeBytes: bytes.length + 1000, read: () => 0 };
  expect(probeSource(shrunk)).toMatchObject({ ok: false, arbiter: false });
  const broken = {
    sizeBytes: bytes.length,
    read: () => {
      throw Object.assign(new Error('input/output error'), { code: 'EIO' });
    },
  };
  expect(probeSource(broken)).toEqual({ ok: false, reason: 'read failed: EIO', arbiter: false });
});

test('a defect of the program is not taken for a damaged file', () => {
  const defect = {
    sizeBytes: 100,
    read: () => {
      throw new TypeError('a defect');
    },
  };
  expect(() => probeSource(defect)).toThrow(TypeError);
});
