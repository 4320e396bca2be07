import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import { startGmarketSandbox } from '../../adapters/gmarket-esm/sandbox/index.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import type { Entry } from '../../src/cli/entry.ts';
import { runSandbox } from '../../src/cli/sandbox.ts';

const idle = { close: () => Promise.resolve() };
const entry: Entry = {
  registry: createRegistry([gmarketEsm]),
  loadSandbox: () => Promise.resolve(startGmarketSandbox),
  sandboxIds: [gmarketEsm.id],
  startWorkers: () => Promise.resolve(idle),
  startScheduler: () => Promise.resolve(idle),
};
const run = (port: number, faultsFile: string | null = null) =>
  runSandbox(entry, gmarketEsm.id, { port, faultsFile, json: true });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naru-sandbox-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([99_999, -1, 1.5, Number.NaN])('a sandbox cannot listen at %s, and says so', async (port) => {
  await expect(run(port)).rejects.toMatchObject({ code: 'port_invalid' });
});

it('a port that is taken is told with its number', async () => {
  const other = await startGmarketSandbox({ now: () => 0 });
  try {
    const port = Number(new URL(other.url).port);
    await expect(run(port)).rejects.toMatchObject({
      code: 'port_in_use',
      messageKo: expect.stringContaining(`${port}`),
    });
  } finally {
    await other.close();
  }
});

it.each([
  ['a fault there is not', { rules: [{ match: 'GET /x', fault: 'earthquake' }] }],
  ['a list', [1]],
])('a faults file with %s is refused as the sandbox itself refuses it', async (_name, faults) => {
  const path = join(folder, 'faults.json');
  await writeFile(path, JSON.stringify(faults));
  await expect(run(0, path)).rejects.toMatchObject({
    code: 'faults_invalid',
    messageEn: expect.stringContaining(path),
  });
});
