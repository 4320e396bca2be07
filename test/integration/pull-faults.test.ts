import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxFaultRule } from '../../src/channel/sandbox.ts';
import { readSales } from '../../src/store/sales.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';
import { forgetPulled } from '../support/sales-figures.ts';
import { playOn } from '../support/sandbox-buyers.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse();
  await house.addAccount();
  await house.putOnSale(['SG-01-001']);
  const sites = ['gmkt', 'iac', 'gmkt', 'iac'];
  await playOn(house.sandbox, '/_orders', { orders: sites.map((site) => ({ sku: 'SG-01-001', site, units: 1 })) });
  house.pass(1_000);
});
afterAll(() => house.close());

async function stopPlace() {
  const { rows } = await house.store.query<{ through: Date | null; cursor: string | null; lease_token: string | null }>(
    'select through, cursor, lease_token from naru.bookmark',
  );
  return rows[0];
}

describe('a channel that fails on one page', () => {
  const endpoint = 'POST /shipping/v1/Order/RequestOrders';

  const faults: [string, Omit<SandboxFaultRule, 'match'>, string][] = [
    ['half an answer', { fault: 'cut-json' }, 'protocol'],
    ['HTTP 500', { fault: 'status', status: 500, times: 3 }, 'unavailable'],
    ['a lost connection', { fault: 'reset-after-commit', times: 3 }, 'unavailable'],
    ['its rate error', { fault: 'rate-limited' }, 'rate-limited'],
  ];

  it.each(faults)('%s: the next run makes it whole, whichever page it was', async (_name, fault, kind) => {
    for (const page of [0, 1, 4, 9]) {
      await forgetPulled(house.store);
      house.fault({ match: endpoint, after: page, ...fault });
      const request = { accountId: ACCOUNT, stream: 'orders', runId: null, window: null } as const;
      await expect(pullStream(house.deps, request)).rejects.toMatchObject({ name: 'ChannelError', kind });
      const stopped = await stopPlace();
      expect(stopped).toMatchObject({ through: null, lease_token: null });
      expect(stopped?.cursor === null).toBe(page === 0);
      house.fault();
      // As long as the worker would wait at the least.
      house.pass(10_000);
      expect(await pullStream(house.deps, request)).toMatchObject({ bookmark: expect.any(String) });
      const [books] = house.sandbox.ledger().sales;
      const { units, gross, net } = books ?? {};
      expect(await readSales(house.store, { by: null, asOf: null })).toMatchObject([
        { orderLines: 4, units, gross, net },
      ]);
    }
  });
});

it('asks for no window that the channel refuses, wherever its ends lie', async () => {
  await forgetPulled(house.store);
  const to = new Date(house.clock.now().getTime() - 1);
  for (const [stream, days] of [
    ['orders', 65],
    ['claims', 12],
    ['settlements', 15],
  ] as const) {
    // To the second before and the millisecond after a minute: windows are widened to whole minutes on the wire.
    for (const shift of [-1_000, 1]) {
      const from = new Date(to.getTime() - days * 24 * 3_600_000 + shift);
      const request = { accountId: ACCOUNT, stream, runId: null, window: { from, to } };
      expect(await pullStream(house.deps, request)).toMatchObject({ busy: false });
    }
  }
  const { orders } = house.sandbox.ledger();
  expect(await readSales(house.store, { by: null, asOf: null })).toMatchObject([{ orderLines: orders.length }]);
});
