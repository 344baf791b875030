import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDockerfile, type Step } from '../tools/dockerfile.ts';

const TOP = new URL('../..', import.meta.url).pathname;
const stages = parseDockerfile(readFileSync(join(TOP, 'Dockerfile'), 'utf8'));
const final = stages.at(-1)!;

function steps<K extends Step['kind']>(kind: K): Extract<Step, { kind: K }>[] {
  return final.steps.filter((s): s is Extract<Step, { kind: K }> => s.kind === kind);
}

/** Built and started for real in `npm run test:long` (test/long/dockerfile.test.ts). */
describe('the Dockerfile', () => {
  it('builds in one stage and runs in another, both Debian slim with Node 24', () => {
    expect(stages).toHaveLength(2);
    for (const { image } of stages) expect(image).toMatch(/^node:24-\w+-slim$/);
  });

  it('runs as a user that is not root, given by number so that a check for it can be automatic', () => {
    const users = steps('user');
    expect(users).toHaveLength(1);
    expect(users[0]!.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    // Nothing is installed as that user: it could change the program it runs.
    expect(final.steps.findIndex((s) => s.kind === 'user')).toBeGreaterThan(
      final.steps.findLastIndex((s) => s.kind === 'run' || s.kind === 'copy'),
    );
  });

  it('has a health check and starts the daemon, both without a shell', () => {
    expect(steps('healthcheck')[0]!.command).toEqual(['fortnight', 'status']);
    expect([...steps('entrypoint')[0]!.command, ...steps('cmd')[0]!.command]).toEqual(['fortnight', 'run']);
  });

  it('takes only the state directory for writing', () => {
    expect(steps('volume').map((s) => s.path)).toEqual(['/var/lib/fortnight']);
  });

  it('copies only what is there and what .dockerignore lets through', () => {
    const allowed = readFileSync(join(TOP, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = stages.flatMap((stage) =>
      stage.steps.flatMap((s) => (s.kind === 'copy' && s.from === undefined ? s.sources : [])),
    );
    expect(copied.filter((path) => !existsSync(join(TOP, path)))).toEqual([]);
    expect([...new Set(copied.map((path) => path.replace(/^\.\//, '')))].sort()).toEqual(allowed.sort());
  });

  it('keeps the compiler and the tests out of the image', () => {
    const copies = steps('copy');
    expect(copies.flatMap((s) => s.sources).filter((p) => /test|src$/.test(p))).toEqual([]);
  });
});

describe('the reader of Dockerfiles', () => {
  it('refuses what it does not know, so that no step is left out when it is carried out', () => {
    expect(() => parseDockerfile('FROM a\nADD b c\n')).toThrow(/ADD/);
    expect(() => parseDockerfile('RUN x\n')).toThrow();
  });

  it('joins continued lines and reads options', () => {
    const [stage] = parseDockerfile('FROM a AS b\n# c\nRUN x \\\n  && y\nCOPY --from=q /m /n o\n');
    expect(stage).toEqual({
      image: 'a',
      name: 'b',
      steps: [
        { kind: 'run', command: 'x && y' },
        { kind: 'copy', from: 'q', sources: ['/m', '/n'], to: 'o' },
      ],
    });
  });
});
