import { describe, expect, it } from 'vitest';
import { Gate } from '../../src/retention/gate.ts';

const never = (): Promise<void> => new Promise(() => undefined);
const tick = (): Promise<void> => new Promise((r) => setImmediate(r));

describe('the gate', () => {
  it('lets one batch in at a time', async () => {
    const gate = new Gate(never);
    let inside = 0;
    let most = 0;
    const batch = (): Promise<void> =>
      gate.batch(async () => {
        inside += 1;
        most = Math.max(most, inside);
        await tick();
        inside -= 1;
      });
    await Promise.all([batch(), batch(), batch(), batch()]);
    expect(most).toBe(1);
  });

  it('makes a placement wait for the batch inside and go before the batches outside', async () => {
    const gate = new Gate(never);
    const order: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const a = gate.batch(async () => {
      await first.promise;
      order.push('batch a');
    });
    const b = gate.batch(() => Promise.resolve(void order.push('batch b')));
    const p = gate.placement(() => order.push('placement'));
    first.resolve(undefined);
    await Promise.all([a, b, p]);
    expect(order).toEqual(['batch a', 'placement', 'batch b']);
  });

  it('tells a batch that does not end to stop, and places beside it', async () => {
    const late = Promise.withResolvers<undefined>();
    const gate = new Gate(() => late.promise);
    const hung = Promise.withResolvers<undefined>();
    let raised = (): boolean => false;
    const batch = gate.batch(async (abort) => {
      raised = () => abort.raised;
      await hung.promise;
    });
    const placed = gate.placement(() => 'placed');
    await tick();
    expect(raised()).toBe(false);
    late.resolve(undefined);
    expect(await placed).toBe('placed');
    expect(raised()).toBe(true);
    const waiting = gate.batch(() => Promise.resolve('its turn'));
    hung.resolve(undefined);
    await batch;
    // Nobody who has gone on is woken in its stead.
    expect(await waiting).toBe('its turn');
  });

  it('opens again after work that threw', async () => {
    const gate = new Gate(never);
    await expect(gate.batch(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
    await expect(
      gate.placement(() => {
        throw new Error('index');
      }),
    ).rejects.toThrow('index');
    expect(await gate.batch(() => Promise.resolve('ran'))).toBe('ran');
  });

  it('never runs a placement and a batch at once unless the batch was told to stop', async () => {
    const gate = new Gate(never);
    let inside = 0;
    const work = Array.from({ length: 40 }, (_, i) =>
      i % 3 === 0
        ? gate.placement(() => {
            expect(inside).toBe(0);
          })
        : gate.batch(async () => {
            inside += 1;
            await tick();
            inside -= 1;
          }),
    );
    await Promise.all(work);
  });
});
