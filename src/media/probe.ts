/**
 * Looking into a clip, in this process: synchronous, bounded (reader.ts), never throwing for what a file holds.
 * The container is told by its content, never by its name, and by strict signs only: a text file named .mp4 (a
 * playlist, a session description) is "not media" here and never reaches a program that would follow it.
 */
import { errnoOf } from '../base/errors.ts';
import type { Probe } from '../clips/media-info.ts';
import { probeAvi } from './probe/avi/avi.ts';
import { probeJpeg } from './probe/jpeg.ts';
import { probeMatroska } from './probe/matroska/matroska.ts';
import { probeMp4 } from './probe/mp4/mp4.ts';
import { probeTs } from './probe/mpegts/mpegts.ts';
import { fdSource, Reader, Unreadable, type ByteSource, type GivenBytes } from './probe/reader.ts';
import { sniff, type Container } from './probe/sniff.ts';

const PARSERS: Record<Container, (r: Reader) => Probe> = {
  mp4: probeMp4,
  matroska: probeMatroska,
  mpegts: probeTs,
  avi: probeAvi,
};

/**
 * Probes the open file `fd`, of which `sizeBytes` are looked at. `given`: its first and last bytes, if read already.
 * Never moves the descriptor's position.
 */
export function probeFile(fd: number, sizeBytes: number, given: GivenBytes = {}): Probe {
  return probeSource(fdSource(fd, sizeBytes), given);
}

/** The same for any source of bytes. */
export function probeSource(source: ByteSource, given: GivenBytes = {}): Probe {
  return guarded(source, given, (r) => {
    const found = sniff(r);
    if (found === undefined) return notMedia();
    return found === 'arbiter'
      ? { ok: false, reason: 'a format for ffprobe', arbiter: true }
      : PARSERS[found](r);
  });
}

/** Size in pixels of a loose still (JPEG). */
export function probeStill(fd: number, sizeBytes: number, given: GivenBytes = {}): Probe {
  return guarded(fdSource(fd, sizeBytes), given, (r) => probeJpeg(r) ?? notMedia());
}

function notMedia(): Probe {
  return { ok: false, reason: 'not media', arbiter: false };
}

function guarded(source: ByteSource, given: GivenBytes, parse: (r: Reader) => Probe): Probe {
  if (source.sizeBytes === 0) return { ok: false, reason: 'empty', arbiter: false };
  try {
    return parse(new Reader(source, given));
  } catch (error) {
    // What is cut short is not read by others either; what is damaged or too large for us may be.
    if (error instanceof Unreadable)
      return { ok: false, reason: error.message, arbiter: error.kind !== 'short' };
    const errno = errnoOf(error);
    if (errno !== undefined) return { ok: false, reason: `read failed: ${errno}`, arbiter: false };
    throw error;
  }
}
