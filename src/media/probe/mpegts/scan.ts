/** What the packets of a transport stream tell, window by window. */
import { isKeyPicture, mpegVideoIn, pictureSizeIn } from '../annex-b.ts';
import type { PictureSize } from '../sps.ts';
import type { Stamp } from './clock.ts';
import type { TsPacket } from './packets.ts';
import { programmeMapPids, streamsOf, type ElementaryStream, type ProgrammeStreams } from './programme.ts';

/** Bytes of a picture in which its parameter sets are looked for. */
const MAX_PICTURE_START = 2048;

/** Bytes that were read on end, from byte `from` on, and the times in them. */
export interface TsWindow {
  readonly from: number;
  readonly stamps: Stamp[];
}

export class TsScan {
  video: ElementaryStream | undefined;
  audio: ElementaryStream | undefined;
  /** As the programme map says, or the stream where that cannot tell. */
  videoCodec: string | null = null;
  audioCodec: string | null = null;
  size: PictureSize | undefined;
  /** Times whose fixed bits are wrong, which are not believed. */
  damagedTimes = 0;
  /** By the PIDs of their maps: the programmes' streams, undefined until a map was seen. */
  readonly #programmes = new Map<number, ProgrammeStreams | undefined>();
  #window: TsWindow = { from: 0, stamps: [] };
  /** The picture of which it is not known yet whether it is a key frame. */
  #undecided: Stamp | undefined;
  #start: Buffer[] = [];
  #startBytes = 0;

  get hasStreams(): boolean {
    return this.video !== undefined || this.audio !== undefined;
  }

  /** The packets that come now lie elsewhere in the file. */
  begin(window: TsWindow): void {
    this.#window = window;
    this.#undecided = undefined;
    this.#start = [];
    // The window begins inside a picture.
    this.#startBytes = MAX_PICTURE_START;
  }

  packet(p: TsPacket): void {
    if (p.pid === this.video?.pid) this.#videoPacket(p);
    else if (p.pid === this.audio?.pid) this.#audioPacket(p);
    else if (p.starts && p.pid === 0) this.#association(p.payload);
    else if (p.starts && this.#programmes.has(p.pid)) this.#programme(p);
  }

  #association(payload: Buffer): void {
    if (this.#programmes.size > 0) return;
    for (const pid of programmeMapPids(payload)) this.#programmes.set(pid, undefined);
  }

  /** The first programme with pictures is the clip; until one is seen, the first with sound. */
  #programme({ pid, payload }: TsPacket): void {
    if (this.#programmes.get(pid) !== undefined) return;
    const streams = streamsOf(payload);
    if (streams === undefined) return;
    this.#programmes.set(pid, streams);
    const first = this.video === undefined;
    if (first && streams.video !== undefined) this.#pictures(streams.video, streams.audio);
    else if (first) this.audio ??= streams.audio;
    this.audioCodec ??= streams.audio?.codec ?? null;
  }

  #pictures(video: ElementaryStream, audio: ElementaryStream | undefined): void {
    this.video = video;
    this.videoCodec = video.codec;
    // Each programme has a clock of its own: times of another one's sound say nothing of this.
    if (this.audio !== undefined) this.#window.stamps.length = 0;
    this.audio = audio;
    this.audioCodec = audio?.codec ?? this.audioCodec;
  }

  #videoPacket(p: TsPacket): void {
    const codec = this.videoCodec;
    const pes = p.starts ? pesStart(p.payload) : undefined;
    const data = pes?.data ?? p.payload;
    // What begins here says nothing of the picture before.
    if (p.starts) this.#undecided = this.#time(pes, 'picture');
    this.#decide(p.randomAccess || isKeyPicture(data, codec));
    if (this.size === undefined) this.#lookForSize(data, p.starts, codec);
  }

  /** Whether the picture that began last is a key frame, as soon as its packets tell. */
  #decide(key: boolean | undefined): void {
    if (this.#undecided === undefined || key === undefined) return;
    this.#undecided.key = key;
    this.#undecided = undefined;
  }

  /** Gathers the beginning of each picture until its parameter sets tell the size. */
  #lookForSize(data: Buffer, starts: boolean, codec: string | null): void {
    if (starts) {
      this.#start = [];
      this.#startBytes = 0;
    }
    if (this.#startBytes >= MAX_PICTURE_START) return;
    this.#start.push(Buffer.from(data));
    this.#startBytes += data.length;
    const start = Buffer.concat(this.#start);
    const size = pictureSizeIn(start, codec);
    if (size !== undefined && (codec === 'mpeg2video' || codec === 'mpeg1video')) {
      const told = mpegVideoIn(start);
      if (told === undefined) return;
      this.videoCodec = told;
    }
    this.size = size;
  }

  #audioPacket(p: TsPacket): void {
    const pes = p.starts ? pesStart(p.payload) : undefined;
    if (pes === undefined || this.#time(pes, 'sound') === undefined) return;
    // The programme map does not tell MPEG audio's layers apart, its frame header does (11172-3, 2.4.2.3).
    const layer = pes.data.length < 2 ? 0 : (pes.data.readUInt8(1) >> 1) & 3;
    if (this.audioCodec === 'mp2' && pes.data[0] === 0xff && layer === 1) this.audioCodec = 'mp3';
  }

  #time(pes: PesStart | undefined, kind: Stamp['kind']): Stamp | undefined {
    if (pes?.pts === 'damaged') this.damagedTimes += 1;
    if (typeof pes?.pts !== 'number') return undefined;
    const stamp = { pts: pes.pts, kind, key: false };
    this.#window.stamps.push(stamp);
    return stamp;
  }
}

interface PesStart {
  readonly pts?: number | 'damaged';
  readonly data: Buffer;
}

/** A PES packet's presentation time and where its data begins (13818-1, 2.4.3.6). */
function pesStart(payload: Buffer): PesStart | undefined {
  if (payload.length < 9 || payload.readUIntBE(0, 3) !== 1) return undefined;
  const data = payload.subarray(9 + payload.readUInt8(8));
  if ((payload.readUInt8(7) & 0x80) === 0 || payload.length < 14) return { data };
  const [high, middle, low] = [payload.readUInt8(9), payload.readUInt16BE(10), payload.readUInt16BE(12)];
  // Each of the three parts ends with a bit that is set; in front of the first stands 2, or 3 when a decoding time follows.
  if (high >> 5 !== 1 || (high & middle & low & 1) === 0) return { pts: 'damaged', data };
  return { pts: ((high >> 1) & 7) * 2 ** 30 + (middle >> 1) * 2 ** 15 + (low >> 1), data };
}
