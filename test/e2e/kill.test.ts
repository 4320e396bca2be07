import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGmarketSandbox } from '../../adapters/gmarket-esm/sandbox/index.ts';
import { seededRandom } from '../../adapters/gmarket-esm/sandbox/seeded-random.ts';
import type { RunningSandbox } from '../../src/channel/sandbox.ts';
import { createOffsetClock } from '../../src/runtime/clock.ts';
import { packageRoot } from '../../src/runtime/package-files.ts';
import { type ChannelDoor, openDoor, type Passage } from '../support/channel-door.ts';
import { type E2eStore, openE2eStore } from '../support/e2e-store.ts';
import { freePort } from '../support/free-port.ts';
import { answerOf, compileProgram, type Program, type Running, told } from '../support/program.ts';

const SEED = 20261122;
const KILLS = 26;
/** Longer than the channel needs to be believed that a product is absent (5 min). */
const PAUSE_MS = 6 * 60_000;
const PRODUCTS = 60;

/** Where in the life of one write the process dies. */
const moments = [
  'before the channel sees it',
  'while it is on its way',
  'before the answer',
  'after the answer',
] as const;

let program: Program;
let store: E2eStore;
let sandbox: RunningSandbox;
let door: ChannelDoor;
let env: Record<string, string>;
const clock = createOffsetClock(new Date('2026-11-23T09:00:00+09:00'));
const random = seededRandom(SEED);

beforeAll(async () => {
  program = await compileProgram();
  store = await openE2eStore(program);
  sandbox = await startGmarketSandbox({ now: () => clock.now().getTime(), faults: { feedDelayMs: 0 } });
  door = await openDoor(sandbox.url);
  env = { ...store.env, NARU_PORT: String(await freePort()) };
  const { settings, credentials } = sandbox.accountConfig();
  const file = join(await program.folder(), 'account.json');
  await writeFile(file, JSON.stringify({ settings: { ...settings, baseUrl: door.url }, credentials }));
  const catalogue = join(packageRoot(), 'demo', 'catalogue', 'products.json');
  await done(['accounts', 'add', 'shop', '--adapter', 'gmarket-esm', '--config', file]);
  await done(['products', 'import', catalogue]);
  await done(['products', 'approve', '--all-valid', '--by', '담당자']);
});

afterAll(async () => {
  await program?.close();
  await door?.close();
  await sandbox?.close();
  await store?.close();
});

it('a push that is killed at 26 seeded moments leaves nothing doubled and nothing missing', async () => {
  const hit: string[] = [];
  while (hit.length < KILLS) hit.push(await pushUntilKilled());
  // Every moment was met, or the seed proves less than it says.
  expect(new Set(hit)).toEqual(new Set(moments));

  spoil(2);
  const last = await program.run(['push', '--wait', '--json'], later());
  expectEachOnce();
  expect(last.exitCode, told(last)).toBe(0);

  const listings = answerOf<{ listings: { sku: string; state: string; sites: { external_id: string }[] }[] }>(
    await program.run(['listings', '--json'], later()),
  ).listings;
  expect(listings.map((one) => one.state)).toEqual(Array(PRODUCTS).fill('on-sale'));
  const ours = listings.flatMap((one) => one.sites.map((site) => site.external_id)).sort();
  expect(ours).toEqual(
    sandbox
      .ledger()
      .listings.map((one) => one.externalId)
      .sort(),
  );

  const before = door.calls.length;
  const again = await program.run(['push', '--wait', '--json'], later());
  expect(answerOf<{ planned: Record<string, number> }>(again).planned).toMatchObject({
    create: 0,
    unchanged: PRODUCTS,
  });
  expect(door.calls.length, 'a push with nothing changed calls nobody').toBe(before);
});

/** One push of everything, killed at the moment the seed says; gives the moment. */
async function pushUntilKilled(): Promise<string> {
  spoil(Number.POSITIVE_INFINITY);
  const nth = 1 + Math.floor(random() * 4);
  const moment = moments[Math.floor(random() * moments.length)] ?? moments[0];
  const delayMs = Math.floor(random() * 15);
  const child = program.start(['push', '--wait', '--json'], later());
  let writes = 0;
  door.watch(({ method, path }) => {
    if (method === 'GET' || path.endsWith('/search')) return {};
    writes += 1;
    // A call that is spoiled may never come to its answer; then the next one does.
    return writes >= nth ? passageThatKills(child, moment, delayMs) : {};
  });
  const ended = await child.ended;
  door.watch(null);
  expect(ended.signal, told(ended)).toBe('SIGKILL');
  return moment;
}

function passageThatKills(child: Running, moment: (typeof moments)[number], delayMs: number): Passage {
  const kill = async () => {
    child.process.kill('SIGKILL');
    await child.ended;
  };
  switch (moment) {
    case 'before the channel sees it':
      return { before: () => kill().then(() => 'drop') };
    case 'while it is on its way':
      return { before: () => kill().then(() => 'pass') };
    case 'before the answer':
      return { after: () => kill().then(() => 'drop') };
    case 'after the answer':
      return { told: () => void setTimeout(kill, delayMs) };
  }
}

/** Creates that are done and not answered, answered by half, or lost before they were done. */
function spoil(times: number): void {
  const match = 'POST /item/v1/goods';
  const seed = Math.floor(random() * 1_000_000);
  sandbox.setFaults({
    rules: [
      { match, fault: 'reset-after-commit', probability: 0.15, seed, times },
      { match, fault: 'cut-json', probability: 0.1, seed: seed + 1, times },
      { match, fault: 'timeout-after-commit', probability: 0.05, seed: seed + 2, times },
    ],
  });
}

/** The environment of the next child: some minutes later, so that absence is believed without waiting. */
function later(): Record<string, string> {
  clock.jumpTo(new Date(clock.now().getTime() + PAUSE_MS));
  return { ...env, NARU_NOW: clock.now().toISOString() };
}

async function done(args: string[]): Promise<void> {
  const ended = await program.run([...args, '--json'], later());
  expect(ended.exitCode, told(ended)).toBe(0);
}

function expectEachOnce(): void {
  const { listings } = sandbox.ledger();
  const places = listings.map((one) => `${one.sku} ${one.site}`);
  const doubled = places.filter((place, index) => places.indexOf(place) !== index);
  expect(doubled, 'doubled').toEqual([]);
  expect(new Set(places).size).toBe(PRODUCTS * 2);
  expect(listings.filter((one) => one.state !== 'on-sale')).toEqual([]);
}
