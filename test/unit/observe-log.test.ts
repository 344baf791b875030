import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { FortnightError } from '../../src/base/errors.ts';
import type { Log } from '../../src/base/log.ts';
import { createLog } from '../../src/observe/log.ts';

function logInto(lines: string[], level: 'debug' | 'info' | 'warn' | 'error' = 'info'): Log {
  const clock = new SimulatedClock(1_780_000_000_000);
  return createLog({ level, clock, sink: { write: (line) => void lines.push(line) } });
}

function written(event: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const lines: string[] = [];
  logInto(lines).info(event, fields);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

describe('the log', () => {
  it('is one JSON object per line, with the time of the clock that was passed in', () => {
    expect(written('swept', { deleted: 3 })).toEqual({
      level: 'info',
      time: '2026-05-28T20:26:40.000Z',
      event: 'swept',
      deleted: 3,
    });
  });

  it('keeps a line break in a value from making a second line', () => {
    const lines: string[] = [];
    logInto(lines).info('login', { subject: 'x\n{"level":"info","event":"forged"}' });
    expect(lines[0]!.trimEnd()).not.toContain('\n');
  });

  it('leaves out what is below its level', () => {
    const lines: string[] = [];
    const log = logInto(lines, 'warn');
    log.info('a');
    log.warn('b');
    log.error('c');
    expect(lines.map((l) => (JSON.parse(l) as { event: string }).event)).toEqual(['b', 'c']);
  });

  it('never holds a path, not even the one in the message of a system error', () => {
    let error: unknown;
    try {
      readFileSync('/var/footage/hall/2026-05-01 person.mp4');
    } catch (thrown) {
      error = new FortnightError('storage_failed', 'cannot read', { cause: thrown });
    }
    const line = JSON.stringify(
      written('failed', {
        error,
        note: 'see /srv/nvr/a.mp4, please',
        more: 'file:///srv/nvr/b',
        path: 'x',
        list: [{ dir: '/a/b' }],
      }),
    );
    expect(line).not.toMatch(/footage|person|nvr|\/a\/b/);
    expect(line).toContain('ENOENT');
    expect(line).toContain('see [path], please');
  });

  it('never holds a secret', () => {
    const line = JSON.stringify(
      written('x', {
        password: 'hunter2',
        nested: { sessionToken: 'hunter2', cookie: 'hunter2', apiKey: 'hunter2' },
      }),
    );
    expect(line).not.toContain('hunter2');
  });

  it('keeps an address and a fraction, which only look like paths', () => {
    const fields = { url: 'https://box:8443/api/v1', done: '3/4', layout: 'a/b' };
    expect(written('x', fields)).toMatchObject(fields);
  });
});

describe('the lines of the program', () => {
  const SRC = new URL('../../src/', import.meta.url).pathname;
  const literals = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(join(SRC, file), 'utf8').matchAll(/\blog\.(?:info|warn|error)\('(\w+)', \{([^}]*)\}/gi),
    ])
    .map(([, event = '', fields = '']) => ({
      event,
      keys: fields.match(/(?<![.\w])\w+(?=:|,|\s*$)/g) ?? [],
    }));

  it('have no field that is always left out: its key would say path or secret', () => {
    expect(literals.length).toBeGreaterThan(20);
    const lost = literals.flatMap(({ event, keys }) =>
      keys.filter((key) => written(event, { [key]: 'nvr' })[key] !== 'nvr').map((key) => `${event}: ${key}`),
    );
    expect(lost).toEqual([]);
  });
});
