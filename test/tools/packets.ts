/** Transport streams written by hand, for tests of what no encoder writes. All fields as in ISO/IEC 13818-1. */

const PACKET_BYTES = 188;
const MAP_PID = 0x1000;
const PICTURE_PID = 0x100;
/** Packets of a picture, at 25 pictures a second. */
const PER_PICTURE = 12;
const TICKS = 3600;

/** One programme of pictures of this type; each of the packets behind its tables is filled with `data`. */
export function pictureStream(streamType: number, data: Buffer, packets: number): Buffer {
  const association = section(0x00, [0, 1, 0xe0 | (MAP_PID >> 8), MAP_PID & 255]);
  const map = section(0x02, [
    0xe1,
    0,
    0xf0,
    0,
    streamType,
    0xe0 | (PICTURE_PID >> 8),
    PICTURE_PID & 255,
    0xf0,
    0,
  ]);
  const pictures = Array.from({ length: packets }, (_, n) =>
    n % PER_PICTURE === 0
      ? packet(PICTURE_PID, { starts: true, payload: Buffer.concat([pesHeader(n), data]) })
      : packet(PICTURE_PID, { starts: false, payload: data }),
  );
  const tables = [
    packet(0, { starts: true, payload: association }),
    packet(MAP_PID, { starts: true, payload: map }),
  ];
  return Buffer.concat([...tables, ...pictures]);
}

/** The payload is cut at the packet's end, or goes on with bytes that are set. */
function packet(pid: number, { starts, payload }: { starts: boolean; payload: Buffer }): Buffer {
  const out = Buffer.alloc(PACKET_BYTES, 0xff);
  out.set([0x47, (starts ? 0x40 : 0) | (pid >> 8), pid & 255, 0x10]);
  payload.copy(out, 4);
  return out;
}

/** Behind its pointer; the checksum, at which nobody looks, is left 0. */
function section(table: number, entries: readonly number[]): Buffer {
  return Buffer.from([0, table, 0xb0, 5 + entries.length + 4, 0, 1, 0xc1, 0, 0, ...entries, 0, 0, 0, 0]);
}

function pesHeader(n: number): Buffer {
  const pts = (n / PER_PICTURE) * TICKS;
  const time = [0x21, (pts >> 22) & 255, ((pts >> 14) & 254) | 1, (pts >> 7) & 255, ((pts << 1) & 254) | 1];
  return Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, ...time]);
}
