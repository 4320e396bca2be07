// Runs the suites on every set-up there is: `npm test`, or `npm test -- --legs=pglite,postgres,redis`.
//
// The embedded leg needs nothing. The others use DATABASE_URL and REDIS_URL where they are set, else a redis-server that
// is found on PATH; a leg that cannot run is skipped in one visible line, or fails the run when it was asked for by name.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { DATABASE_URL, REDIS_URL, ...environment } = process.env;
const asked = process.argv
  .find((argument) => argument.startsWith('--legs='))
  ?.slice('--legs='.length)
  .split(',');
const wants = (leg) => !asked || asked.includes(leg);
const scratch = mkdtempSync(join(tmpdir(), 'naru-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
/** What failed and why, told again at the end, where it is found. */
const failures = [];
let broken = false;

function runLeg(name, projects, env) {
  process.stdout.write(`\n== ${name}: ${projects.join(', ')}\n`);
  const report = join(scratch, `${name}.json`);
  const arguments_ = ['run', ...projects.flatMap((project) => ['--project', project])];
  const done = spawnSync(
    process.execPath,
    [
      join('node_modules', 'vitest', 'vitest.mjs'),
      ...arguments_,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { stdio: 'inherit', env: { ...environment, ...env } },
  );
  let counts = {
    testResults: [],
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numFailedTestSuites: 0,
  };
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    process.stdout.write(`the runner left no report for ${name}\n`);
    broken = true;
  }
  for (const file of counts.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) failures.push(`${name}: ${file.name}`);
    for (const test of file.assertionResults)
      if (test.status === 'failed') failures.push(`${name}: ${test.fullName}\n${test.failureMessages.join('\n')}`);
  }
  totals.passed += counts.numPassedTests;
  totals.failed += counts.numFailedTests;
  totals.skipped += counts.numPendingTests + counts.numTodoTests;
  // A file that could not even be loaded counts no test; it must not count as success either.
  if (done.status !== 0) broken = true;
}

function skipLeg(name, reason) {
  process.stdout.write(`\n== ${name}: SKIPPED, ${reason}\n`);
  if (asked?.includes(name)) broken = true;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function startRedis() {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const port = await freePort();
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    scratch,
    '--maxmemory-policy',
    'noeviction',
  ];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.kill() };
}

const onStores = ['integration', 'e2e'];
// The same on every store: what opens none, and what the command line says, whose tests keep their data in folders.
if (wants('pglite')) runLeg('pglite', ['unit', 'conformance', 'edges', ...onStores, 'cli'], {});
if (wants('postgres')) {
  if (DATABASE_URL) runLeg('postgres', onStores, { NARU_TEST_DATABASE_URL: DATABASE_URL });
  else skipLeg('postgres', 'DATABASE_URL is not set');
}
if (wants('redis')) {
  const started = REDIS_URL ? null : await startRedis();
  const url = REDIS_URL ?? started?.url;
  const store = DATABASE_URL ? { NARU_TEST_DATABASE_URL: DATABASE_URL } : {};
  if (url) runLeg('redis', onStores, { NARU_TEST_REDIS_URL: url, ...store });
  else skipLeg('redis', 'REDIS_URL is not set and no redis-server is on PATH');
  started?.stop();
}
rmSync(scratch, { recursive: true, force: true });
for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`);
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exitCode = broken || totals.failed > 0 || totals.passed === 0 ? 1 : 0;
