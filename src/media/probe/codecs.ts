/** Codec names as ffprobe gives them, from the names the containers use. Pure data. */

/** Sample entries of MP4 and MOV for video, and the four-character codes of AVI and Windows (compared in upper case). */
const VIDEO_FOURCC: Readonly<Record<string, string>> = {
  ...named(
    'h264',
    'avc1 avc2 avc3 avc4 H264 X264 DAVC VSSH AVC1 Q264 V264 GAVC UMSV SMV2 TSHD INMC AVin ai55 ai5p aivx dva1 dvav',
  ),
  ...named('hevc', 'hvc1 hev1 hvc2 hev2 dvhe HEVC H265 HVC1 HEV1 X265'),
  ...named(
    'mjpeg',
    'jpeg mjpa dmb1 MJPG AVRn LJPG JPGL AVDJ DMB1 MJPA JPEG IJPG AVI1 AVI2 ACDV QIVG SLMJ CJPG IJLV',
  ),
  ...named('mjpeg', 'MVJP MTSJ ZJPG MMJP JR24'),
  ...named('avrn', 'AVRN'),
  ...named('mjpegb', 'mjpb'),
  ...named(
    'mpeg4',
    'mp4v FMP4 DIVX DX50 XVID MP4S M4S2 3IV2 MP4V DIV1 BLZ0 UMP4 WV1F SEDG RMP4 WAWV FFDS FVFW DCOD',
  ),
  ...named(
    'mpeg4',
    'MVXM PM4V SMP4 DXGM VIDM M4T3 GEOX G264 HDX4 DM4V DMK2 DYM4 DIGI EPHV EM4A M4CC SN40 VSPX',
  ),
  ...named('mpeg4', 'ULDX GEOV SIPP SM4V XVIX DREX QMP4 PLV1 GLV4 GMP4 MNM4 GTM4'),
  ...named('msmpeg4v1', 'MPG4 MP41'),
  ...named('msmpeg4v2', 'MP42 DIV2'),
  ...named('msmpeg4v3', 'MP43 DIV3 MPG3 DIV4 DIV5 DIV6 COL0 COL1 3IVD DVX3 AP41'),
  ...named(
    'mpeg2video',
    'mpg2 hdv1 hdv2 hdv3 xdv2 MPG2 MPEG mp2v m2v1 hdv4 hdv5 hdv6 hdv7 hdv8 hdv9 hdva MPGV PIM2 VCR2 DVR_ MMES LMP2 SLIF EM2V M701 M703',
  ),
  ...named('mpeg1video', 'mpg1 MPG1 mp1v PIM1 BW10 XMPG'),
  ...named('av1', 'av01 AV01'),
  ...named('vp8', 'vp08 VP80'),
  ...named('vp9', 'vp09 VP90'),
  ...named('h263', 's263 h263 H263 U263 X263 T263 L263 M263 LSVM VX1K ZYGO'),
  ...named('h263i', 'I263'),
  ...named('h261', 'H261'),
  ...named('wmv1', 'WMV1'),
  ...named('wmv2', 'WMV2 GXVE'),
  ...named('wmv3', 'WMV3'),
  ...named('vc1', 'vc-1 WVC1 WMVA'),
  ...named('prores', 'apch apcn apcs apco ap4h ap4x'),
  ...named('rawvideo', 'raw_ 2vuy yuv2 UYVY YUY2 I420 YV12 IYUV NV12 NV21 HDYC Y422 Y800 Y8__'),
  ...named(
    'dvvideo',
    'dvc_ dvcp dvsd DVSD dvpp dvh1 dvh2 dvh3 dvh5 dvh6 dvhp dvhq dv5n dv5p AVdv DVHD DVSL DV25 DV50',
  ),
};

/** Codes of AVI and Windows that mean something else in MP4. */
const WINDOWS_FOURCC: Readonly<Record<string, string>> = {
  ...named('flv1', 'S263 FLV1'),
};

/** Sample entries of MP4 and MOV for sound. */
const AUDIO_FOURCC: Readonly<Record<string, string>> = {
  ...named('aac', 'mp4a'),
  ...named('mp3', '.mp3'),
  ...named('ac3', 'ac-3 sac3'),
  ...named('eac3', 'ec-3'),
  ...named('opus', 'Opus'),
  ...named('flac', 'fLaC'),
  ...named('alac', 'alac'),
  ...named('pcm_alaw', 'alaw ALAW'),
  ...named('pcm_mulaw', 'ulaw ULAW'),
  ...named('pcm_s16le', 'sowt ipcm'),
  ...named('pcm_s16be', 'twos lpcm'),
  ...named('pcm_s24be', 'in24'),
  ...named('pcm_s32be', 'in32'),
  ...named('pcm_f32be', 'fl32 fpcm'),
  ...named('pcm_u8', 'raw_'),
  ...named('amr_nb', 'samr'),
  ...named('amr_wb', 'sawb'),
  ...named('adpcm_ima_qt', 'ima4'),
  ...named('dts', 'dtsc dtsh dtsl dtse'),
  ...named('speex', 'spex'),
};

/** WAVEFORMATEX.wFormatTag of AVI, of Matroska's A_MS/ACM and of `ms..` sample entries. */
const WAVE_TAG: ReadonlyMap<number, string> = new Map([
  [0x01, 'pcm_s16le'],
  [0x02, 'adpcm_ms'],
  [0x06, 'pcm_alaw'],
  [0x07, 'pcm_mulaw'],
  [0x10, 'adpcm_ima_oki'],
  [0x11, 'adpcm_ima_wav'],
  [0x14, 'adpcm_g726'],
  [0x20, 'adpcm_yamaha'],
  [0x22, 'truespeech'],
  [0x31, 'gsm_ms'],
  [0x32, 'gsm_ms'],
  [0x38, 'amr_nb'],
  [0x40, 'adpcm_g726'],
  [0x41, 'adpcm_ima_dk4'],
  [0x42, 'g723_1'],
  [0x45, 'adpcm_g726'],
  [0x50, 'mp2'],
  [0x55, 'mp3'],
  [0x57, 'amr_nb'],
  [0x61, 'adpcm_ima_dk4'],
  [0x62, 'adpcm_ima_dk3'],
  [0x64, 'adpcm_g726'],
  [0x69, 'adpcm_ima_wav'],
  [0x77, 'amr_nb'],
  [0x78, 'amr_wb'],
  [0x83, 'g729'],
  [0xff, 'aac'],
  [0x111, 'g723_1'],
  [0x130, 'sipr'],
  [0x160, 'wmav1'],
  [0x161, 'wmav2'],
  [0x162, 'wmapro'],
  [0x28f, 'adpcm_g722'],
  [0x1600, 'aac'],
  [0x1602, 'aac_latm'],
  [0x2000, 'ac3'],
  [0x2001, 'dts'],
  [0x4143, 'aac'],
  [0x706d, 'aac'],
  [0xa100, 'g723_1'],
  [0xa106, 'aac'],
  [0xa109, 'speex'],
  [0xf1ac, 'flac'],
]);

/** objectTypeIndication of an MPEG-4 elementary stream descriptor (ISO/IEC 14496-1, mp4ra.org). */
const OBJECT_TYPE: ReadonlyMap<number, string> = new Map([
  [0x20, 'mpeg4'],
  [0x21, 'h264'],
  [0x23, 'hevc'],
  [0x40, 'aac'],
  ...[0x60, 0x61, 0x62, 0x63, 0x64, 0x65].map((n): [number, string] => [n, 'mpeg2video']),
  [0x66, 'aac'],
  [0x67, 'aac'],
  [0x68, 'aac'],
  [0x69, 'mp3'],
  [0x6a, 'mpeg1video'],
  [0x6b, 'mp3'],
  [0x6c, 'mjpeg'],
  [0xa5, 'ac3'],
  [0xa6, 'eac3'],
  [0xa9, 'dts'],
  [0xad, 'opus'],
  [0xdd, 'vorbis'],
]);

/** stream_type of an MPEG-TS programme map. Private data (0x06) is told by its descriptors, see mpegts.ts. */
const STREAM_TYPE: ReadonlyMap<number, string> = new Map([
  [0x01, 'mpeg1video'],
  [0x02, 'mpeg2video'],
  [0x10, 'mpeg4'],
  [0x1b, 'h264'],
  [0x24, 'hevc'],
  [0xea, 'vc1'],
  [0x03, 'mp2'],
  [0x04, 'mp2'],
  [0x0f, 'aac'],
  [0x11, 'aac_latm'],
  [0x81, 'ac3'],
  [0x82, 'dts'],
  [0x87, 'eac3'],
]);

/** Matroska CodecID; the longest prefix counts. V_MS/VFW/FOURCC, A_MS/ACM and PCM need more, see matroska.ts. */
const MATROSKA_ID: readonly (readonly [string, string])[] = [
  ['V_MPEG4/ISO/AVC', 'h264'],
  ['V_MPEGH/ISO/HEVC', 'hevc'],
  ['V_MPEG4/ISO/', 'mpeg4'],
  ['V_MPEG4/MS/V3', 'msmpeg4v3'],
  ['V_MPEG2', 'mpeg2video'],
  ['V_MPEG1', 'mpeg1video'],
  ['V_MJPEG', 'mjpeg'],
  ['V_AV1', 'av1'],
  ['V_VP8', 'vp8'],
  ['V_VP9', 'vp9'],
  ['V_THEORA', 'theora'],
  ['V_UNCOMPRESSED', 'rawvideo'],
  ['A_AAC', 'aac'],
  ['A_MPEG/L3', 'mp3'],
  ['A_MPEG/L2', 'mp2'],
  ['A_AC3', 'ac3'],
  ['A_EAC3', 'eac3'],
  ['A_DTS', 'dts'],
  ['A_OPUS', 'opus'],
  ['A_VORBIS', 'vorbis'],
  ['A_FLAC', 'flac'],
  ['A_ALAC', 'alac'],
];

/** Codec of a video sample entry or four-character code; null when unknown (VVC: ffprobe 5.1 does not know it either). */
export function videoOfFourcc(code: string): string | null {
  const known = code.replaceAll(' ', '_');
  return VIDEO_FOURCC[known] ?? VIDEO_FOURCC[known.toUpperCase()] ?? null;
}

/** The same for AVI. */
export function videoOfWindowsCode(code: string): string | null {
  return WINDOWS_FOURCC[code.toUpperCase()] ?? videoOfFourcc(code);
}

/** Codec of a sound sample entry; `ms` followed by two bytes carries a WAVE tag. */
export function audioOfFourcc(code: string): string | null {
  if (code.startsWith('ms')) return audioOfWaveTag(code.charCodeAt(2) * 256 + code.charCodeAt(3), 16);
  return AUDIO_FOURCC[code.replaceAll(' ', '_')] ?? null;
}

export function audioOfWaveTag(tag: number, bitsPerSample: number): string | null {
  if (tag === 1 && bitsPerSample === 8) return 'pcm_u8';
  if (tag === 1 && (bitsPerSample === 24 || bitsPerSample === 32)) return `pcm_s${bitsPerSample.toFixed()}le`;
  // Floating point; other widths there are none.
  if (tag === 3)
    return bitsPerSample === 32 || bitsPerSample === 64 ? `pcm_f${bitsPerSample.toFixed()}le` : null;
  return WAVE_TAG.get(tag) ?? null;
}

export function codecOfObjectType(objectType: number): string | null {
  return OBJECT_TYPE.get(objectType) ?? null;
}

export function codecOfStreamType(streamType: number): string | null {
  return STREAM_TYPE.get(streamType) ?? null;
}

export function codecOfMatroskaId(codecId: string): string | null {
  return MATROSKA_ID.find(([prefix]) => codecId.startsWith(prefix))?.[1] ?? null;
}

function named(codec: string, codes: string): Record<string, string> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, codec]));
}
