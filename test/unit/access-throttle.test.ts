import { describe, expect, it } from 'vitest';
import { Throttle } from '../../src/access/throttle.ts';

const admitted = async (t: Throttle, account: string, peer: string): Promise<boolean> =>
  (await t.take(account, peer)).admitted;

async function countAdmitted(t: Throttle, tries: readonly (readonly [string, string])[]): Promise<number> {
  let count = 0;
  for (const [account, peer] of tries) if (await admitted(t, account, peer)) count += 1;
  return count;
}

describe('the throttle', () => {
  it('gives an account five attempts, however its name is written and wherever they come from', async () => {
    const tries = Array.from(
      { length: 20 },
      (_, i) => [i % 2 ? 'Anna' : 'anna', `10.0.0.${String(i)}`] as const,
    );
    expect(await countAdmitted(new Throttle(), tries)).toBe(5);
  });

  it('counts an IPv6 network as one source, an IPv4 address as itself in either spelling', async () => {
    const v6 = Array.from(
      { length: 40 },
      (_, i) => [`u${String(i)}`, `2001:db8:0:1::${i.toString(16)}`] as const,
    );
    expect(await countAdmitted(new Throttle(), v6)).toBe(20);
    const v4 = Array.from(
      { length: 40 },
      (_, i) => [`u${String(i)}`, i % 2 ? '10.0.0.1' : '::ffff:10.0.0.1'] as const,
    );
    expect(await countAdmitted(new Throttle(), v4)).toBe(20);
    const networks = Array.from(
      { length: 40 },
      (_, i) => [`u${String(i)}`, `2001:db8:0:${i.toString(16)}::1`] as const,
    );
    expect(await countAdmitted(new Throttle(), networks)).toBe(40);
  });

  it('a success gives the account a fresh start and the source its attempt back', async () => {
    const throttle = new Throttle();
    for (let i = 0; i < 50; i += 1) {
      expect(await admitted(throttle, 'anna', '10.0.0.1')).toBe(true);
      await throttle.giveBack('anna', '10.0.0.1');
    }
  });

  it('an attempt that was not judged costs nothing', async () => {
    const throttle = new Throttle();
    for (let i = 0; i < 50; i += 1) {
      expect(await admitted(throttle, 'anna', '10.0.0.1')).toBe(true);
      await throttle.undo('anna', '10.0.0.1');
    }
  });

  it('a day holds twenty attempts even when quarters of an hour pass', async () => {
    const throttle = new Throttle({ account: 1000, accountDay: 20, source: 1000 });
    const tries = Array.from({ length: 40 }, () => ['anna', '10.0.0.1'] as const);
    expect(await countAdmitted(throttle, tries)).toBe(20);
  });

  it('says how long to wait', async () => {
    const throttle = new Throttle({ account: 1, accountDay: 20, source: 20 });
    await throttle.take('anna', '10.0.0.1');
    const refused = await throttle.take('anna', '10.0.0.1');
    expect(refused).toMatchObject({ admitted: false });
    expect(refused.admitted ? 0 : refused.retryAfterS).toBeGreaterThan(800);
  });
});
