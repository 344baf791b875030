/** Packets of an MPEG-2 transport stream (ISO/IEC 13818-1, 2.4.3) in its three sizes. */
import { MAX_PIECE, type Reader } from './reader.ts';

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

/** How the packets lie; undefined when this is no transport stream. A file may begin inside a packet. */
export function tsLayout(r: Reader): TsLayout | undefined {
  const start = r.bytesUpTo(0, 204 * (SYNCS + 1));
  for (const { packetBytes, syncAt } of SHAPES) {
    for (let from = 0; from < packetBytes; from++) {
      let syncs = 0;
      while (syncs < SYNCS && start[from + syncAt + syncs * packetBytes] === SYNC) syncs++;
      if (syncs === SYNCS) return { packetBytes, from, syncAt };
    }
  }
  return undefined;
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

/** Visits the whole packets in bytes [from, to); `from` is rounded up to a packet. Damaged packets are passed over. */
export function forEachPacket(
  r: Reader,
  layout: TsLayout & { readonly window: { readonly from: number; readonly to: number } },
  visit: (packet: TsPacket) => void,
): void {
  const { packetBytes, syncAt, window } = layout;
  const perPiece = Math.floor(MAX_PIECE / packetBytes);
  let at = layout.from + Math.ceil(Math.max(0, window.from - layout.from) / packetBytes) * packetBytes;
  const to = Math.min(window.to, r.sizeBytes);
  while (at + packetBytes <= to) {
    const packets = Math.min(perPiece, Math.floor((to - at) / packetBytes));
    r.readAhead = packets * packetBytes;
    const piece = r.bytes(at, packets * packetBytes);
    for (let i = 0; i < packets; i++) {
      const packet = parsePacket(piece, i * packetBytes + syncAt);
      if (packet !== undefined) visit(packet);
    }
    at += packets * packetBytes;
  }
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
