/** Element ids of Matroska (RFC 9559, section 5) that a probe looks at, and what it gathers. */
import type { Element } from './ebml.ts';
import type { KeyFrames } from '../key-frames.ts';
import type { PictureSize } from '../sps.ts';

export const ID = {
  void: 0xec,
  crc32: 0xbf,
  docType: 0x4282,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  dateUtc: 0x4461,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  defaultDuration: 0x23e383,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  audio: 0xe1,
  bitDepth: 0x6264,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  referenceBlock: 0xfb,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
} as const;

export const MS_PER_NS = 1e-6;

export interface MatroskaTrack {
  readonly number: number;
  readonly kind: 'video' | 'audio' | 'other';
  readonly codec: string | null;
  readonly size: PictureSize | undefined;
  /** Length of a frame in nanoseconds; 0 when not stated. */
  readonly frameNs: number;
}

export interface Segment {
  durationMs: number | null;
  /** Nanoseconds since 2001-01-01. */
  dateNs: number | undefined;
  /** Length of a tick of all block and cue times. */
  nsPerTick: number;
  tracks: readonly MatroskaTrack[];
  /** Index points of the video track; undefined when there is no index. */
  cues: KeyFrames | undefined;
  /** Clusters with a size, in order. */
  readonly clusters: Element[];
  /** Where the first cluster without a size begins; from there on the end is known only by walking. */
  liveFrom: number | undefined;
  /** An element promises bytes beyond the end of the file. */
  cut: boolean;
}
