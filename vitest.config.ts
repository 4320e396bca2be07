import { defineConfig } from 'vitest/config';

/** Suites by speed: `unit` touches nothing outside the process; the others open stores, sockets and processes. */
const suite = (name: string, include: string[], testTimeout: number) => ({
  name,
  include,
  testTimeout,
  hookTimeout: 60_000,
  retry: 0,
  pool: 'forks' as const,
});

export default defineConfig({
  test: {
    // One more than most small machines have cores: much of the time a suite waits for its servers and children.
    maxWorkers: 3,
    projects: [
      { test: suite('unit', ['test/unit/**/*.test.ts', 'test/architecture.test.ts'], 10_000) },
      { test: suite('conformance', ['test/conformance/**/*.test.ts'], 60_000) },
      {
        test: {
          ...suite('integration', ['test/integration/**/*.test.ts'], 60_000),
          globalSetup: 'test/support/postgres-template.ts',
        },
      },
      { test: suite('e2e', ['test/e2e/**/*.test.ts'], 300_000) },
      { test: suite('cli', ['test/cli/**/*.test.ts'], 300_000) },
    ],
  },
});
