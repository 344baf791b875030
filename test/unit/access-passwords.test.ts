import { describe, expect, it } from 'vitest';
import { passwordFault } from '../../src/access/password-policy.ts';
import { HASH_COST, Passwords } from '../../src/access/passwords.ts';

const CHEAP = { memoryKib: 256, passes: 1 };

describe('a password', () => {
  it.each([
    ['een zin met genoeg letters', undefined],
    ['                x', undefined],
    ['пятнадцать букв да', undefined],
    ['🔥'.repeat(14), 'too_short'],
    [`${'🔥'.repeat(7)}${'🚲'.repeat(7)}🏢`, undefined],
    ['!'.repeat(15), 'common'],
    ['x'.repeat(257), 'too_long'],
    [`${'ab cd ef gh'.repeat(23)}xyz`, undefined],
    ['vijftien teken\0s', 'not_text'],
    ['vijftien teken\ud800s', 'not_text'],
    ['passwordpassword', 'common'],
    ['P@ssw0rd!P@ssw0rd!', undefined],
    ['Welkom2026Welkom', 'common'],
    ['qwertyuiopasdfghjkl', 'common'],
    ['123456789012345678', 'common'],
    ['Twelvefloors 2026', 'names'],
    ['anna.dewit.anna.dewit', 'names'],
    ['annadewit-twelvefloors', 'names'],
    ['anna rijdt op een fiets', undefined],
  ])('%j: %s', (password, fault) => {
    expect(passwordFault(password, ['anna.dewit', 'Twelvefloors'])).toBe(fault);
  });
});

describe('hashing', () => {
  it('costs 64 MiB and three passes of argon2id', async () => {
    expect(await new Passwords().hash('een zin met genoeg letters')).toMatch(
      /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/,
    );
    expect(HASH_COST).toEqual({ memoryKib: 65_536, passes: 3 });
  });

  it('tells right from wrong, and which hashes are too weak', async () => {
    const weak = await new Passwords(CHEAP).hash('right');
    const today = new Passwords({ memoryKib: 512, passes: 1 });
    expect(await today.check(weak, 'right')).toEqual({ matches: true, rehash: true });
    expect(await today.check(weak, 'Right')).toEqual({ matches: false, rehash: true });
    const strong = await today.hash('right');
    expect(await today.check(strong, 'right')).toEqual({ matches: true, rehash: false });
    expect(await new Passwords(CHEAP).check(strong, 'right')).toEqual({ matches: true, rehash: false });
  });

  it.each([
    undefined,
    '',
    'right',
    '$argon2i$v=19$m=256,t=1,p=1$c2FsdHNhbHQ$aGFzaA',
    '$argon2id$v=19$broken',
  ])('never matches the stored value %s', async (stored) => {
    const passwords = new Passwords(CHEAP);
    expect(await passwords.check(stored, 'right')).toEqual({ matches: false, rehash: false });
    expect(await passwords.check(stored, 'the decoy of unknown users')).toEqual({
      matches: false,
      rehash: false,
    });
  });

  it('runs two at a time, lets sixteen wait and tells the next to come back', async () => {
    const passwords = new Passwords(CHEAP);
    const asked = Array.from({ length: 19 }, () =>
      passwords.hash('x').then(
        () => 'done',
        (e: unknown) => (e as { code: string }).code,
      ),
    );
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((o) => o === 'done')).toHaveLength(18);
    expect(outcomes[18]).toBe('busy');
    expect(await passwords.hash('x')).toContain('argon2id');
  });
});
