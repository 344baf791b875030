import { MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { frigate, tinyClip, type IngestLab } from './ingest-lab.ts';

/** Puts a clip of the hall that ended ten minutes and `agoMs` before now on the disk; its path. */
export function someClip(lab: IngestLab, agoMs = 0): string {
  const endMs = Math.floor((lab.clock.wallMs() - 10 * MINUTE_MS - agoMs) / SECOND_MS) * SECOND_MS;
  const path = frigate('hall', endMs - 10 * SECOND_MS);
  lab.put(path, tinyClip(10_000, agoMs % 251), endMs);
  return path;
}
