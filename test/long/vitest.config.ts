import { defineConfig } from 'vitest/config';

const HOUR_MS = 3_600_000;

/** What takes minutes: `npm run test:long`. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    // The lives of the crash tests are lived by whole daemons here, too, whose clock is the system's.
    env: { FORTNIGHT_LIFE_BEGINS: String(Math.floor(Date.now() / HOUR_MS) * HOUR_MS) },
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    expect: { poll: { timeout: 300_000 } },
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
});
