/** A file in memory for the probes, which counts what is read of it. */
import type { ByteSource } from '../../src/media/probe/reader.ts';

export interface CountedFile extends ByteSource {
  bytesRead: number;
  reads: number;
}

export function memoryFile(bytes: Buffer): CountedFile {
  return {
    sizeBytes: bytes.length,
    bytesRead: 0,
    reads: 0,
    read(into, length, position) {
      this.bytesRead += length;
      this.reads += 1;
      return bytes.copy(into, 0, position, Math.min(position + length, bytes.length));
    },
  };
}
