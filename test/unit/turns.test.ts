import { describe, expect, it } from 'vitest';
import { Turns, type Before } from '../../src/retention/turns.ts';

/** Lets every promise that can go on do so. */
async function idle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

describe('the turns of a root', () => {
  it('let a batch begin when the one before it is durable, and end only after it', async () => {
    const turns = new Turns();
    const said: string[] = [];
    const disk = Promise.withResolvers<boolean>();
    const index = Promise.withResolvers<undefined>();
    const first = turns.take('nvr', async (_before, own) => {
      said.push('first removed');
      own.passOn(disk.promise);
      await index.promise;
      said.push('first ended');
      return 1;
    });
    const second = turns.take('nvr', async (before) => {
      said.push(`second begins: ${String(await before.durable)}`);
      await before.ended;
      said.push('second ends');
      return 2;
    });
    await idle();
    expect(said).toEqual(['first removed']);
    disk.resolve(true);
    await idle();
    expect(said).toEqual(['first removed', 'second begins: true']);
    index.resolve(undefined);
    expect(await Promise.all([first, second])).toEqual([1, 2]);
    expect(said.slice(-2)).toEqual(['first ended', 'second ends']);
  });

  it('tell those behind that the root is in doubt, until one ends well all the same', async () => {
    const turns = new Turns();
    await turns.take('nvr', () => Promise.resolve(undefined));
    const told = async (before: Before): Promise<boolean[]> => [await before.durable, await before.ended];
    expect(await turns.take('nvr', told)).toEqual([false, false]);
    expect(await turns.take('nvr', told)).toEqual([true, true]);
  });

  it('go on after one that failed', async () => {
    const turns = new Turns();
    const broken = turns.take('nvr', () => Promise.reject(new Error('a defect')));
    const behind = turns.take('nvr', (before) => before.ended);
    await expect(broken).rejects.toThrow('a defect');
    expect(await behind).toBe(false);
  });

  it('of different roots do not wait for each other', async () => {
    const turns = new Turns();
    void turns.take('slow', () => new Promise<number>(() => undefined));
    expect(await turns.take('fast', (before) => before.ended)).toBe(true);
  });
});
