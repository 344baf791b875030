/** Matroska and WebM (RFC 9559), finished files and live streams without sizes, duration or index. */
import type { MediaInfo, Probe } from '../../../clips/media-info.ts';
import {
  element,
  elementIfAny,
  forEachElement,
  forEachUntilNonsense,
  intOf,
  floatOf,
  textOf,
  uintOf,
  type Element,
} from './ebml.ts';
import { mediaInfo } from '../info.ts';
import { KeyFrames } from '../key-frames.ts';
import { ID, MS_PER_NS, type Segment } from './ids.ts';
import { FrameWalk } from './frames.ts';
import { readTracks } from './tracks.ts';
import { type Reader } from '../reader.ts';

/** DateUTC counts nanoseconds from here: 2001-01-01. */
const EPOCH_2001_MS = 978_307_200_000;

/** Enough for the header of a cluster or a block. */
const HEADER_READ = 128;
const INDEX_READ = 64 * 1024;

export function probeMatroska(r: Reader): Probe {
  const header = element(r, 0, r.sizeBytes);
  const root = documentType(r, header) ? afterPadding(r, header.to) : undefined;
  if (root?.id !== ID.segment) return { ok: false, reason: 'not Matroska', arbiter: false };
  const segment = readSegment(r, root);
  if (segment.tracks.length === 0) return { ok: false, reason: 'no tracks', arbiter: false };
  const frames = new FrameWalk(r, segment);
  return { ok: true, info: describe(segment, frames), complete: !segment.cut && frames.whole };
}

function describe(segment: Segment, frames: FrameWalk): MediaInfo {
  const video = segment.tracks.find((t) => t.kind === 'video');
  const durationMs = frames.durationMs();
  return mediaInfo({
    container: 'matroska',
    durationMs,
    claimedStartMs: segment.dateNs === undefined ? undefined : EPOCH_2001_MS + segment.dateNs * MS_PER_NS,
    video: video && {
      codec: video.codec,
      size: video.size,
      frameRate: frames.frameRate(),
      keyFramesMs: frames.keyFramesMs(durationMs ?? 0),
    },
    audioCodec: segment.tracks.find((t) => t.kind === 'audio')?.codec,
  });
}

/** Whether the header names Matroska; without a name it is the default. */
function documentType(r: Reader, header: Element): boolean {
  let known = true;
  forEachElement(r, header, (child) => {
    if (child.id === ID.docType) known = ['matroska', 'webm'].includes(textOf(r, child));
  });
  return known;
}

/** Elements of padding between the header and the segment. */
const MAX_PADDING = 16;

/** The first element from `at` on that holds something. */
function afterPadding(r: Reader, at: number): Element {
  let next = element(r, at, r.sizeBytes);
  for (let i = 0; i < MAX_PADDING && (next.id === ID.void || next.id === ID.crc32); i++)
    next = element(r, next.to, r.sizeBytes);
  return next;
}

/** Clusters that are remembered; the rest of a longer clip is reached from its last one. */
const MAX_CLUSTERS = 5000;

/** Goes over the segment from one element to the next without looking into clusters, until a cluster without size. */
function readSegment(r: Reader, root: Element): Segment {
  const segment: Segment = {
    durationMs: null,
    dateNs: undefined,
    nsPerTick: 1_000_000,
    tracks: [],
    cues: undefined,
    clusters: [],
    liveFrom: undefined,
    cut: root.to > r.sizeBytes,
  };
  const end = Math.min(root.to, r.sizeBytes);
  for (let at = root.from; at < end && segment.liveFrom === undefined;) {
    r.count();
    const child = elementIfAny(r, at, end);
    // A preallocated file that was not written to its end, or a lost write: what lies before it counts.
    if (child === undefined || child.to > end) segment.cut = true;
    if (child === undefined) break;
    if (child.id === ID.cluster) addCluster(r, child, segment);
    else if (child.to <= end) readHead(r, child, segment);
    at = child.to;
  }
  return segment;
}

function addCluster(r: Reader, cluster: Element, segment: Segment): void {
  r.readAhead = HEADER_READ;
  if (cluster.unknownSize) segment.liveFrom = cluster.at;
  else if (segment.clusters.length < MAX_CLUSTERS) segment.clusters.push(cluster);
  else segment.clusters[MAX_CLUSTERS - 1] = cluster;
}

/** Elements beside the clusters, each in its place in `segment`. */
function readHead(r: Reader, child: Element, segment: Segment): void {
  if (child.id === ID.info) readInfo(r, child, segment);
  else if (child.id === ID.tracks) segment.tracks = readTracks(r, child);
  else if (child.id === ID.cues) segment.cues = readCues(r, child, segment);
}

/** Time scale, date and duration. */
function readInfo(r: Reader, info: Element, segment: Segment): void {
  let ticks = 0;
  forEachElement(r, info, (child) => {
    if (child.id === ID.timestampScale) segment.nsPerTick = uintOf(r, child) || segment.nsPerTick;
    else if (child.id === ID.duration) ticks = floatOf(r, child);
    else if (child.id === ID.dateUtc) segment.dateNs = intOf(r, child);
  });
  if (ticks > 0) segment.durationMs = ticks * segment.nsPerTick * MS_PER_NS;
}

/** Times of the index's points for the video track. */
function readCues(r: Reader, cues: Element, segment: Segment): KeyFrames {
  const video = segment.tracks.find((t) => t.kind === 'video')?.number;
  const keyFrames = new KeyFrames();
  r.readAhead = INDEX_READ;
  for (let at = cues.from; at < cues.to;) {
    r.countFrame();
    const point = elementIfAny(r, at, cues.to);
    if (point === undefined) {
      segment.cut = true;
      break;
    }
    const time = point.id === ID.cuePoint && point.to <= cues.to ? cueTime(r, point, video) : undefined;
    if (time !== undefined) keyFrames.add(time * segment.nsPerTick * MS_PER_NS);
    at = point.to;
  }
  r.readAhead = HEADER_READ;
  return keyFrames;
}

const MAX_CUE_ELEMENTS = 64;

/** The time of a point that is of this track, else undefined. */
function cueTime(r: Reader, point: Element, track: number | undefined): number | undefined {
  const found: { time?: number; ours: boolean } = { ours: false };
  r.counted(MAX_CUE_ELEMENTS, () => {
    forEachUntilNonsense(r, point, (child) => {
      if (child.id === ID.cueTime) found.time = uintOf(r, child);
      if (child.id !== ID.cueTrackPositions) return;
      forEachUntilNonsense(r, child, (inner) => {
        if (inner.id === ID.cueTrack && uintOf(r, inner) === track) found.ours = true;
      });
    });
  });
  return found.ours ? found.time : undefined;
}
