import assert from 'node:assert/strict';
import { streams } from '../../src/domain/stream.ts';
import { changeOf, findAll, pushAll, putOnSale } from './listing-steps.ts';
import type { Stage } from './stage.ts';
import { broughtFor, pullAll } from './stream-steps.ts';

/** A day at the channel: each group that is present is used, twice where it is read. Gives all that came back. */
export async function playEverything(stage: Stage): Promise<unknown[]> {
  const given: unknown[] = [];
  const { adapter } = stage;
  await adapter.check(stage.context());
  const skus = ['DAY-1', 'DAY-2'];
  if (adapter.listings) {
    const listed = await putOnSale(stage, skus, { stock: 5_000 });
    const canAsk = adapter.listings.find !== undefined;
    if (canAsk) given.push(listed, await findAll(stage, [...skus, 'DAY-3']));
    const [observed = null] = listed;
    given.push(await pushAll(stage, [await changeOf(stage, 'price', 'DAY-1', { price: 1, stock: 5_000, observed })]));
    for (let turn = 0; canAsk && turn < 12; turn += 1) given.push(await findAll(stage, skus));
  }
  for (const name of streams) {
    if (!adapter[name]) continue;
    const staged = await broughtFor(stage, name).stage(stage, skus);
    given.push(await pullAll(stage, name, staged), await pullAll(stage, name, staged));
  }
  return given;
}

/** The suite asks for it only where the channel is called at all. */
export function checkEndpointOf({ harness }: Pick<Stage, 'harness'>): string {
  assert.ok(harness.checkEndpoint !== null, 'the channel is never called');
  return harness.checkEndpoint;
}

/** Every call that only reads, with the endpoint where it can be spoiled. */
export function reads(stage: Stage): { endpoint: string; call: () => Promise<unknown> }[] {
  const { adapter, harness } = stage;
  const all = [{ endpoint: checkEndpointOf(stage), call: () => adapter.check(stage.context()) as Promise<unknown> }];
  const find = harness.listings?.endpoints.find;
  if (find) all.push({ endpoint: find, call: () => findAll(stage, ['READ-1']) });
  for (const name of streams) {
    const group = adapter[name];
    if (!group) continue;
    const to = new Date(stage.clock.now().getTime() - group.settledAfterMs);
    const from = new Date(to.getTime() - Math.min(86_400_000, group.maxWindowMs));
    all.push({ endpoint: broughtFor(stage, name).endpoint, call: () => pullAll(stage, name, { from, to }) });
  }
  return all;
}
