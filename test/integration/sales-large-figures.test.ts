import { afterEach, beforeEach, expect, it } from 'vitest';
import { salesTable } from '../../src/cli/sales-table.ts';
import { importRates } from '../../src/sync/import-rates.ts';
import { salesAnswer } from '../../src/sync/report.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

let house: House;

beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

/** Facts as an earlier version took them, from orders that are refused today. */
async function book(sku: string, currency: string, gross: string, cancelled = '0'): Promise<void> {
  for (const [table, column, value] of [
    ['sales_fact', '', ''],
    ['sales_change', 'at,', `'${house.clock.now().toISOString()}',`],
  ]) {
    await house.store.query(
      `insert into naru.${table} (${column} seoul_day, campaign_id, account_id, sku, currency, business_no, order_lines, units, gross,
         cancelled_units, cancelled, returned_units, returned, seller_discount, channel_discount, shipping)
       values (${value} '2026-11-23', '', '${ACCOUNT}', '${sku}', '${currency}', '', 1, 1, ${gross}, 0, ${cancelled}, 0, 0, 0, 0, 0)`,
    );
  }
}

it('reports sums beyond 2^53 to the won and to the cent, and smaller ones as numbers', async () => {
  await book('A', 'USD', '9000000000000001');
  await book('B', 'USD', '9000000000000002', '1');
  await book('C', 'KRW', '9007199254740991');
  await book('D', 'KRW', '2', '2');
  for (const asOf of [null, house.clock.now()]) {
    const answer = await salesAnswer(house.deps, { by: 'product', asOf });
    expect(answer.totals).toMatchObject([
      {
        currency: 'KRW',
        gross: '9007199254740993',
        cancelled: 2,
        net: 9_007_199_254_740_991,
        gross_krw: '9007199254740993',
      },
      { currency: 'USD', gross: '18000000000000003', cancelled: 1, net: '18000000000000002', gross_krw: null },
    ]);
    expect(answer.won).toBeNull();
    expect(answer.rows).toMatchObject([{ product: 'A', gross: 9_000_000_000_000_001 }, {}, {}, {}]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    expect(salesTable(answer, 'product')).toContain('180,000,000,000,000.03');
  }
  await importRates(house.deps, [{ currency: 'USD', day: '2026-11-01', krw_per_unit: '1400', source: 'a bank' }]);
  const { won } = await salesAnswer(house.deps, { by: null, asOf: null });
  expect(won).toEqual({ gross: '261007199254741035', net: '261007199254741019' });
});
