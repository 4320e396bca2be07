import { defineConfig } from 'vitest/config';

/**
 * Suites by reach: `unit` touches nothing outside the process, `edges` only files and sockets, the others open stores and
 * processes. Time limits are there to end what hangs: a slow machine must never come near them.
 */
const suite = (name: string, include: string[], hungAfterMinutes: number) => ({
  name,
  include,
  testTimeout: hungAfterMinutes * 60_000,
  hookTimeout: hungAfterMinutes * 60_000,
  expect: { poll: { timeout: hungAfterMinutes * 60_000 } },
  retry: 0,
  pool: 'forks' as const,
  // Files share the modules of their worker: half the time of a suite was loading the same ones anew.
  isolate: false,
});

export default defineConfig({
  test: {
    // One more than most small machines have cores: much of the time a suite waits for its servers and children.
    maxWorkers: 3,
    projects: [
      { test: suite('unit', ['test/unit/**/*.test.ts', 'test/architecture.test.ts'], 1) },
      { test: suite('conformance', ['test/conformance/**/*.test.ts'], 5) },
      { test: suite('edges', ['test/edges/**/*.test.ts'], 5) },
      {
        test: {
          ...suite('integration', ['test/integration/**/*.test.ts'], 5),
          globalSetup: 'test/support/postgres-template.ts',
        },
      },
      { test: suite('e2e', ['test/e2e/**/*.test.ts'], 30) },
      { test: suite('cli', ['test/cli/**/*.test.ts'], 30) },
    ],
  },
});
