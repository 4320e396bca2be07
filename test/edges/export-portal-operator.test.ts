import { beforeAll, describe, expect, it } from 'vitest';
import { profileIds } from '../../adapters/export-portal/profiles/index.ts';
import { readFilledReceipt } from '../../adapters/export-portal/read-receipt.ts';
import { createPortalOperator } from '../../adapters/export-portal/sandbox/index.ts';
import { drawPlaceholder } from '../../src/catalogue/placeholder-image.ts';
import type { BatchItem, Receipt } from '../../src/channel/batches.ts';
import type { Product } from '../../src/domain/product.ts';
import { batchOf, buildBytes, builtAt, demoProducts, itemOf, settingsFor } from '../support/export-portal.ts';

/** The operator of the sandbox reads batches by the notes alone, so what both agree on was understood twice. */
const newOperator = (options: object = {}) => createPortalOperator({ now: () => builtAt.getTime(), ...options });

let products: Product[];
let images: BatchItem['images'];
beforeAll(async () => {
  products = (await demoProducts()).slice(0, 6);
  const picture = drawPlaceholder('SG-01-001', 'A picture');
  images = Array.from({ length: 7 }, () => ({ contentType: 'image/png', bytes: async () => picture }));
});

describe.each(profileIds)('a batch for %s in the hands of an operator', (profile) => {
  const settings = settingsFor(profile);

  it('has no fault, and its receipt comes back with every product', async () => {
    const operator = newOperator({ refuse: { 'SG-01-002': '이미지가 작습니다' }, leaveOpen: ['SG-01-003'] });
    const items = products.map((product) => itemOf(product, settings, { images }));
    const taken = await operator.takeBatch(await buildBytes(batchOf(settings, items)));
    expect(taken.faults).toEqual([]);
    const receipt = await readBack(taken.receipt);
    expect(receipt.batchId).toBe(taken.batchId);
    expect(receipt.faults).toEqual([]);
    expect(receipt.rows.map(({ sku, outcome }) => [sku, outcome])).toEqual(
      products.map(({ sku }) => [sku, sku === 'SG-01-002' ? 'refused' : sku === 'SG-01-003' ? 'open' : 'confirmed']),
    );
    const ids = new Map(operator.products().map(({ sku, portalId }) => [sku, portalId]));
    for (const { sku, outcome, externalIds, note } of receipt.rows) {
      if (outcome === 'confirmed') expect(externalIds).toEqual({ portalId: ids.get(sku) });
      if (outcome === 'refused') expect(note).toBe('이미지가 작습니다');
    }
  });

  it('changes and takes down what an earlier receipt told of', async () => {
    const operator = newOperator();
    const two = products.slice(0, 2).map((product) => itemOf(product, settings, { images }));
    const first = await operator.takeBatch(await buildBytes(batchOf(settings, two)));
    const told = new Map((await readBack(first.receipt)).rows.map(({ sku, externalIds }) => [sku, externalIds]));
    const later = two.map((item, index) => ({
      ...item,
      action: index === 0 ? ('update' as const) : ('delete' as const),
      externalIds: told.get(item.sku) ?? {},
      images: index === 0 ? item.images : [],
    }));
    const second = await operator.takeBatch(await buildBytes({ ...batchOf(settings, later), batchId: 'demo-b0008' }));
    expect(second.faults).toEqual([]);
    expect((await readBack(second.receipt)).rows.map(({ outcome }) => outcome)).toEqual(['confirmed', 'confirmed']);
    expect(operator.products().map(({ state }) => state)).toEqual(['on-sale', 'deleted']);
  });
});

function readBack(receipt: { name: string; bytes: Buffer } | null): Promise<Receipt> {
  if (!receipt) throw new Error('the operator gave no receipt');
  return readFilledReceipt(receipt);
}
