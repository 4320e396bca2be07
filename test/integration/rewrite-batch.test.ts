import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decideProducts } from '../../src/sync/approve-products.ts';
import { buildBatch } from '../../src/sync/build-batch.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { rewriteBatch } from '../../src/sync/rewrite-batch.ts';
import { set } from '../support/catalogue-rows.ts';
import { portalFile } from '../support/export-portal.ts';
import { type House, MINUTE_MS, openHouse } from '../support/house.ts';

const PORTAL = 'ec21-seoul';
const skus = ['SG-01-001', 'SG-01-002', 'SG-02-001'];

let house: House;
let folder: string;

beforeEach(async () => {
  house = await openHouse();
  folder = await mkdtemp(join(tmpdir(), 'naru-rewrite-'));
  await addPortal('Busan, Korea');
  await house.importDemo(skus);
  await house.approveAll(skus);
});
afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

async function addPortal(portOfLoading: string, change: object = {}): Promise<void> {
  const file = portalFile({ terms: { paymentTerms: ['T/T'], portOfLoading }, ...change });
  await addAccount(house.deps, { accountId: PORTAL, adapterId: 'export-portal', file });
}

const rewrite = (batchId: string) => rewriteBatch(house.deps, { accountId: PORTAL, batchId, folder });

it('the file of a batch is written again with the same bytes, whatever the products have become', async () => {
  const built = await buildBatch(house.deps, { accountId: PORTAL, folder });
  const bytes = await readFile(built.file ?? '');
  await rm(built.file ?? '');
  house.pass(36 * 60 * MINUTE_MS);
  await house.importDemo(['SG-01-002'], (row) => set(row, 'export_price_usd', '21.00'));
  await decideProducts(house.deps, { skus: ['SG-02-001'], to: 'suspended', by: '담당자', reason: '인증 확인' });
  const again = await rewrite(built.batch ?? '');
  // Whoever uploads it now is told what must stay out.
  const { batch, file, sha256 } = built;
  expect(again).toMatchObject({ batch, file, sha256, add: 3, waiting: 3, withdrawn: ['SG-02-001'] });
  expect((await readFile(again.file ?? '')).equals(bytes)).toBe(true);
  // No batch was made by it.
  expect(await buildBatch(house.deps, { accountId: PORTAL, folder })).toMatchObject({ batch: `${PORTAL}-b0002` });
});

it('a file that would be another one is not written, and people are told', async () => {
  const built = await buildBatch(house.deps, { accountId: PORTAL, folder });
  await rm(built.file ?? '');
  await addPortal('Busan, Korea', { profile: 'tradekorea' });
  const refused = rewrite(built.batch ?? '');
  await expect(refused).rejects.toMatchObject({ name: 'PeopleError', code: 'batch_not_repeatable' });
  expect(await readdir(folder)).toEqual([]);
  await expect(rewrite('none-b0001')).rejects.toMatchObject({ name: 'PeopleError', code: 'batch_unknown' });
});
