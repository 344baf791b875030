import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { WAIT_MS } from './test/support/hang.ts';

/** Of each group what takes longest, so that it does not begin last and one processor waits for it. */
const FIRST = [
  ...[
    'kill',
    'process',
    'drill',
    'power',
    'demo',
    'clock-cases',
    'state-backup',
    'time-zone',
    'media-containers',
    'clock-process',
  ],
  ...['media-stills', 'vault', 'root-faults', 'vault-lost', 'old-node'],
  ...['slow', 'page'],
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = FIRST.indexOf(basename(moduleId, '.test.ts'));
      return at < 0 ? FIRST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/{unit,property,simulation,program,crash,attacks,browser}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A wait ends before its test does, and can say what did not come.
    expect: { poll: { timeout: WAIT_MS } },
    sequence: { sequencer: LongestFirst },
    // Node reads the sources itself, as it does when the program runs: half the time of Vite's own way of running them.
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
});
