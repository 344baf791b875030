/** Codec names by the codes that recorders write, as ffprobe 5.1 gives them. */
import { expect, test } from 'vitest';
import { audioOfWaveTag, videoOfFourcc, videoOfWindowsCode } from '../../src/media/probe/codecs.ts';

test.each([
  ['h264', 'H264 h264 X264 avc1 AVC1 DAVC VSSH Q264 V264 GAVC UMSV SMV2 tshd INMC'],
  ['hevc', 'HEVC H265 hevc hev1'],
  ['mpeg4', 'FMP4 XVID xvid DIVX GEOX GEOV SIPP DM4V G264 QMP4 GLV4 GMP4 SEDG RMP4 DreX M4CC'],
  ['mjpeg', 'MJPG mjpg AVI1 AVI2 JPEG IJPG ACDV MTSJ SLMJ ZJPG AVRn'],
  ['avrn', 'AVRN'],
  ['h263', 'H263 L263 M263 X263 T263 U263'],
  ['h263i', 'I263'],
  ['flv1', 'S263 FLV1'],
  ['mpeg2video', 'MPEG mpg2 mpgv VCR2'],
  ['msmpeg4v3', 'DIV3 MP43 AP41 DVX3'],
  ['dvvideo', 'dvsd dvhd dvsl dv25 dv50 dvh1'],
  ['rawvideo', 'YUY2 UYVY HDYC NV21 Y800'],
])('%s in AVI', (codec, codes) => {
  const named = codes.split(' ').map((code) => [code, videoOfWindowsCode(code)]);
  expect(named).toEqual(codes.split(' ').map((code) => [code, codec]));
});

test('what means one thing in MP4 and another in AVI', () => {
  expect([videoOfFourcc('s263'), videoOfWindowsCode('S263')]).toEqual(['h263', 'flv1']);
});

test('codes of nobody are unknown', () => {
  for (const code of ['ABCD', '\0\0\0\0', '    '])
    expect([videoOfWindowsCode(code), videoOfFourcc(code)]).toEqual([null, null]);
});

test.each([
  [0x01, 8, 'pcm_u8'],
  [0x01, 24, 'pcm_s24le'],
  [0x03, 32, 'pcm_f32le'],
  [0x03, 64, 'pcm_f64le'],
  [0x03, 16, null],
  [0x111, 16, 'g723_1'],
  [0x42, 16, 'g723_1'],
  [0x57, 16, 'amr_nb'],
  [0x83, 16, 'g729'],
  [0x28f, 16, 'adpcm_g722'],
  [0x1600, 16, 'aac'],
  [0xa106, 16, 'aac'],
  [0x706d, 16, 'aac'],
  [0x40, 4, 'adpcm_g726'],
  [0x1234, 16, null],
])('WAVE tag 0x%s of %i bits is %s', (tag, bits, codec) => {
  expect(audioOfWaveTag(tag, bits)).toBe(codec);
});
