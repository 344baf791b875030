/** Erasing clips of which something lies on another disk: in which order, and what is claimed when one of them fails. */
import { describe, expect, it } from 'vitest';
import { FortnightError } from '../../src/base/errors.ts';
import type { Eraser, Erasure, Found } from '../../src/retention/erasure.ts';
import { AbortFlag } from '../../src/retention/gate.ts';
import { createSpanningEraser } from '../../src/retention/spanning-eraser.ts';

const COPY = { placeId: 'vault', dir: '.fortnight/copies/nvr', name: '1-a.copy' };
const clip = (change: Partial<Erasure> = {}): Erasure => ({
  clipId: 1,
  dir: 'cam',
  name: '1.mp4',
  ino: 10n,
  sizeBytes: 5,
  mtimeNs: 1n,
  sidecars: [],
  elsewhere: [COPY],
  keep: false,
  ...change,
});

interface Disk {
  /** What each name is found as; `unlinked` and `kept` where nothing else is said. */
  readonly found?: Readonly<Record<string, Found>>;
  readonly refused?: boolean;
  readonly durable?: string;
}

function disks(of: Readonly<Record<string, Disk>>): { eraser: Eraser; said: string[] } {
  const said: string[] = [];
  const inner: Eraser = {
    erase: (placeId, batch) => {
      const { found = {}, refused = false, durable } = of[placeId] ?? {};
      const no = new FortnightError('root_refused', 'not there');
      said.push(...batch.map((b) => `${placeId} ${b.keep ? 'looks at' : 'unlinks'} ${b.name}`));
      const results = batch.map(({ clipId, name, keep }) => {
        return { clipId, found: found[name] ?? (keep ? 'kept' : 'unlinked'), errno: undefined, linksLeft: 0 };
      });
      const unlinked = refused ? Promise.reject(no) : Promise.resolve({ results, tookMs: 1 });
      unlinked.catch(() => undefined);
      const confirmed = unlinked.then(() => {
        said.push(`${placeId} is durable`);
        return { failure: durable };
      });
      confirmed.catch(() => undefined);
      return { unlinked, durable: confirmed };
    },
  };
  const eraser = createSpanningEraser({
    eraser: inner,
    doubt: (placeId) => said.push(`doubt about ${placeId}`),
    failing: (placeId) => said.push(`${placeId} is failing`),
  });
  return { eraser, said };
}

async function erase(
  of: Readonly<Record<string, Disk>>,
  ...batch: Erasure[]
): Promise<{ found: Found[]; said: string[] }> {
  const { eraser, said } = disks(of);
  const run = eraser.erase('nvr', batch, new AbortFlag());
  const { results } = await run.unlinked;
  return { found: results.map((r) => r.found), said };
}

describe('a clip with a copy in the vault', () => {
  it('goes after its copy has gone durably', async () => {
    const { found, said } = await erase({}, clip());
    expect(found).toEqual(['unlinked']);
    expect(said.slice(0, 3)).toEqual(['vault unlinks 1-a.copy', 'vault is durable', 'nvr unlinks 1.mp4']);
  });

  it.each<[string, Disk, string]>([
    ['cannot be used', { refused: true }, 'doubt about vault'],
    ['does not confirm', { durable: 'EIO' }, 'vault is failing'],
    ['refuses', { found: { '1-a.copy': 'refused' } }, 'nvr looks at 1.mp4'],
    ['does not say', { found: { '1-a.copy': 'unknown' } }, 'nvr looks at 1.mp4'],
  ])('stays where it is when the vault %s, and nothing is claimed', async (_, vault, says) => {
    const { found, said } = await erase({ vault }, clip());
    expect(found).toEqual(['refused']);
    expect(said).toContain(says);
    expect(said).not.toContain('nvr unlinks 1.mp4');
  });

  it('is not called deleted when its own name went before a crash and the vault cannot be asked', async () => {
    const { found } = await erase(
      { vault: { refused: true }, nvr: { found: { '1.mp4': 'absent' } } },
      clip(),
    );
    expect(found).toEqual(['unknown']);
  });

  it('is left for a placement that comes in between', async () => {
    const { found, said } = await erase({ vault: { found: { '1-a.copy': 'untouched' } } }, clip());
    expect(found).toEqual(['untouched']);
    expect(said).not.toContain('nvr unlinks 1.mp4');
  });

  it('holds up no other clip of its batch', async () => {
    const other = clip({ clipId: 2, name: '2.mp4', elsewhere: [] });
    const { found } = await erase({ vault: { refused: true } }, clip(), other);
    expect(found).toEqual(['refused', 'unlinked']);
  });
});

describe('a clip that a hold covers by now', () => {
  it('loses nothing anywhere', async () => {
    const { found, said } = await erase({}, clip({ keep: true }));
    expect(found).toEqual(['kept']);
    expect(said.filter((s) => s.includes('unlinks'))).toEqual([]);
  });

  it('lives on as its copy when its own name is gone', async () => {
    const nvr = { found: { '1.mp4': 'absent' } } as const;
    expect((await erase({ nvr }, clip({ keep: true }))).found).toEqual(['kept']);
    const half = { ...COPY, name: '1-a.copy.new' };
    expect((await erase({ nvr }, clip({ keep: true, elsewhere: [half] }))).found).toEqual(['absent']);
    expect((await erase({ nvr, vault: { refused: true } }, clip({ keep: true }))).found).toEqual(['unknown']);
  });
});
