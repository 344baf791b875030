/** Packets of an MPEG-2 transport stream (ISO/IEC 13818-1, 2.4.3) in its three sizes. */
import { MAX_PIECE, type Reader } from '../reader.ts';

export interface TsLayout {
  /** 188; 192 with a time code in front (M2TS), 204 with a checksum behind. */
  readonly packetBytes: 188 | 192 | 204;
  /** Where the first whole packet begins. */
  readonly from: number;
  /** Of the sync byte inside a packet. */
  readonly syncAt: number;
}

const SYNC = 0x47;
const SHAPES = [
  { packetBytes: 188, syncAt: 0 },
  { packetBytes: 192, syncAt: 4 },
  { packetBytes: 204, syncAt: 0 },
] as const;

/** So many sync bytes in a row are no chance: one in 2^40. Files of fewer packets hold no clip. */
const SYNCS = 5;

/** Where the file ends, fewer are enough to find the packets again: it has no more. */
const SYNCS_AT_END = 3;

/** How the packets lie; undefined when this is no transport stream. A file may begin inside a packet. */
export function tsLayout(r: Reader): TsLayout | undefined {
  return layoutIn(r.bytesUpTo(0, 204 * (SYNCS + 1)));
}

/**
 * The same where zeros or junk lie in front of the first packet, up to 64 KiB. A weaker sign than packets from the
 * first byte on: a table of text may have such lines. Ask when the beginning announces nothing else.
 */
export function tsLayoutBehindJunk(r: Reader): TsLayout | undefined {
  return layoutIn(r.bytesUpTo(0, MAX_PIECE));
}

function layoutIn(start: Buffer): TsLayout | undefined {
  for (const { packetBytes, syncAt } of SHAPES) {
    for (let at = start.indexOf(SYNC, syncAt); at >= 0; at = start.indexOf(SYNC, at + 1)) {
      if (syncsAt(start, at, packetBytes) === SYNCS) return { packetBytes, from: at - syncAt, syncAt };
    }
  }
  return undefined;
}

/** How many sync bytes follow one another from `at` on, at most SYNCS. */
function syncsAt(bytes: Buffer, at: number, packetBytes: number): number {
  let syncs = 0;
  while (syncs < SYNCS && bytes[at + syncs * packetBytes] === SYNC) syncs++;
  return syncs;
}

/** One packet. `payload` is a view that is valid during the visit. */
export interface TsPacket {
  readonly pid: number;
  /** A section or a PES packet begins in the payload. */
  readonly starts: boolean;
  /** `random_access_indicator`: decoding can begin here. */
  readonly randomAccess: boolean;
  readonly payload: Buffer;
}

/** How far a visit came. */
export interface Visited {
  /** Where the last packet ends; where the visit began when there was none. */
  readonly end: number;
  /** Packets lie where by the layout none begins: bytes were lost in front of them, or two files were joined. */
  readonly slipped: boolean;
}

/**
 * Visits the whole packets in bytes [from, to); `from` is rounded up to a packet. Damaged packets are passed over. Where
 * the packets do not go on (bytes were lost, two files were joined, zeros lie between), they are looked for again.
 */
export function forEachPacket(
  r: Reader,
  layout: TsLayout & { readonly window: { readonly from: number; readonly to: number } },
  visit: (packet: TsPacket) => void,
): Visited {
  const { packetBytes, window } = layout;
  const pieceBytes = MAX_PIECE - (MAX_PIECE % packetBytes);
  let at = layout.from + Math.ceil(Math.max(0, window.from - layout.from) / packetBytes) * packetBytes;
  let end = at;
  let slipped = false;
  let visited = 0;
  const to = Math.min(window.to, r.sizeBytes);
  while (at + packetBytes <= to) {
    const length = Math.min(pieceBytes, to - at);
    r.readAhead = length;
    const walked = walk(r.bytes(at, length), { layout, last: at + length === to }, (packet) => {
      if ((++visited & 31) === 0) r.checkTime();
      visit(packet);
    });
    if (walked.end > 0) {
      end = at + walked.end;
      slipped ||= (end - layout.from) % packetBytes !== 0;
    }
    at += walked.next;
  }
  return { end, slipped };
}

/** Visits the packets of a piece. `end`: behind the last of them, or 0; `next`: where to read on. */
function walk(
  piece: Buffer,
  { layout, last }: { layout: TsLayout; last: boolean },
  visit: (packet: TsPacket) => void,
): { end: number; next: number } {
  const { packetBytes, syncAt } = layout;
  let at = 0;
  let end = 0;
  while (at + packetBytes <= piece.length) {
    if (piece[at + syncAt] === SYNC) {
      const packet = parsePacket(piece, at + syncAt);
      if (packet !== undefined) visit(packet);
      at = end = at + packetBytes;
      continue;
    }
    // Too few bytes to be sure: the next piece begins here.
    if (!last && piece.length - at <= packetBytes * SYNCS) break;
    const found = findPackets(piece, at + 1, { layout, last });
    if (found === undefined) return { end, next: last ? piece.length : piece.length - packetBytes * SYNCS };
    at = found;
  }
  return { end, next: at };
}

/** Where packets begin again at or behind `from`. */
function findPackets(
  piece: Buffer,
  from: number,
  { layout: { packetBytes, syncAt }, last }: { layout: TsLayout; last: boolean },
): number | undefined {
  for (let at = piece.indexOf(SYNC, from + syncAt); at >= 0; at = piece.indexOf(SYNC, at + 1)) {
    const syncs = syncsAt(piece, at, packetBytes);
    if (syncs === SYNCS) return at - syncAt;
    const toEnd = at + syncs * packetBytes >= piece.length;
    if (last && toEnd && syncs >= SYNCS_AT_END) return at - syncAt;
  }
  return undefined;
}

function parsePacket(piece: Buffer, at: number): TsPacket | undefined {
  const header = piece.readUInt32BE(at);
  if (header >>> 24 !== SYNC || (header & 0x80_0000) !== 0) return undefined;
  const adapted = (header & 0x20) !== 0;
  const adaptation = adapted ? 1 + piece.readUInt8(at + 4) : 0;
  if ((header & 0x10) === 0 || adaptation > 184) return undefined;
  return {
    pid: (header >> 8) & 0x1fff,
    starts: (header & 0x40_0000) !== 0,
    randomAccess: adaptation > 1 && (piece.readUInt8(at + 5) & 0x40) !== 0,
    payload: piece.subarray(at + 4 + adaptation, at + 188),
  };
}
