import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { HOUR_MS, SECOND_MS } from '../../src/base/clock.ts';
import { startScanThread } from '../../src/scan-thread.ts';
import { frigate, ingestLab, tinyClip, type IngestLab } from '../support/ingest-lab.ts';

let lab: IngestLab;
afterEach(async () => {
  await lab.close();
});

/** A lab whose scan runs in its real thread. */
function threadedLab(): IngestLab {
  const made: IngestLab = ingestLab({
    deps: {
      spawn: () => {
        const entry = new URL('../../src/scan-worker.ts', import.meta.url);
        const indexPath = join(made.root, '../index.db');
        return startScanThread(entry, { indexPath, sources: [made.source] });
      },
    },
  });
  return made;
}

test('the thread of the scan finds what the same code finds in place', async () => {
  lab = threadedLab();
  const startMs = Math.floor((lab.clock.wallMs() - 30 * HOUR_MS) / HOUR_MS) * HOUR_MS;
  for (let i = 0; i < 120; i += 1) {
    lab.put(
      frigate('hall', startMs + i * 10 * SECOND_MS),
      tinyClip(10_000, i),
      startMs + (i + 1) * 10 * SECOND_MS,
    );
  }
  expect(await lab.full()).toMatchObject({ outcome: 'done', files: 120, changes: 120 });
  const threaded = lab.db.prepare<[], { fingerprint: Buffer }>('SELECT * FROM clip ORDER BY name').all();
  expect(new Set(threaded.map((r) => r.fingerprint.toString('hex'))).size).toBe(120);
  expect(await lab.full()).toMatchObject({ changes: 0 });

  const inPlace = ingestLab({ source: lab.source });
  try {
    for (let i = 0; i < 120; i += 1) {
      inPlace.put(
        frigate('hall', startMs + i * 10 * SECOND_MS),
        tinyClip(10_000, i),
        startMs + (i + 1) * 10 * SECOND_MS,
      );
    }
    await inPlace.full();
    const placed = inPlace.db.prepare<[], { fingerprint: Buffer }>('SELECT * FROM clip ORDER BY name').all();
    expect(placed.map((r) => r.fingerprint)).toEqual(threaded.map((r) => r.fingerprint));
  } finally {
    await inPlace.close();
  }
});
