import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Json } from '../../src/domain/listing.ts';
import { cancelCertificate, restoreCertificate } from '../../src/sync/cancel-certificate.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { openAccount } from '../../src/sync/open-account.ts';
import { renderProducts } from '../../src/sync/render-listing.ts';
import { type RawRow, set } from '../support/catalogue-rows.ts';
import { portalFile } from '../support/export-portal.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-001';
let house: House;

beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  const terms = { paymentTerms: ['T/T'], supplyAbility: '1,000', leadTimeDays: 7 };
  await addAccount(house.deps, { accountId: 'portal', adapterId: 'export-portal', file: portalFile({ terms }) });
  await addAccount(house.deps, {
    accountId: 'buyer',
    adapterId: 'b2b-cxml',
    file: { settings: { unspsc: '14111507' }, credentials: { identity: 'p', sharedSecret: 's' } },
  });
});
afterEach(() => house.close());

/** The product's eco-label ends with the year 2026; its Good Recycled mark goes on. */
const [eco, recycled] = ['99001', 'DEMO-GR-0001'] as const;

async function shownAt(accountId: string): Promise<string[]> {
  const account = await openAccount(house.deps, accountId);
  const { document = null, findings = [] } = (await renderProducts(house.deps, account, [paper])).get(paper) ?? {};
  expect(document, JSON.stringify(findings)).not.toBeNull();
  // What the company wrote in its own words, such as the notice, is its own.
  const { itemAddtionalInfo: { certInfo, descriptions } = {} } = document as Record<string, Record<string, Json>>;
  const text = JSON.stringify(accountId === ACCOUNT ? [certInfo, descriptions] : document);
  return [eco, recycled].filter((number) => text.includes(number));
}

it('a certificate is shown nowhere after its last day, and the listings are told that same day', async () => {
  await house.putOnSale([paper]);
  const updates = () => house.sent().filter((call) => call.startsWith('PUT /item/v1/goods')).length;
  for (const account of [ACCOUNT, 'portal', 'buyer']) expect(await shownAt(account)).toEqual([eco, recycled]);
  house.clock.jumpTo(new Date('2026-12-31T23:58:00+09:00'));
  await house.sweep();
  const before = updates();
  expect((await house.listing(paper, 'portal')).state).toBe('queued');
  house.clock.jumpTo(new Date('2027-01-01T00:00:00+09:00'));
  for (const account of [ACCOUNT, 'portal', 'buyer']) expect(await shownAt(account)).toEqual([recycled]);
  await house.sweep();
  expect(updates()).toBeGreaterThan(before);
  expect((await house.listing(paper)).state).toBe('on-sale');
  const after = updates();
  await house.sweep();
  expect(updates()).toBe(after);
});

it('a certificate that was cancelled stops what it alone let sell, whatever the catalogue says, until that is taken back', async () => {
  const by = { by: '담당자', reason: '인증 취소 공고' };
  const alone = (row: RawRow) => {
    set(row, 'certificates', (row.certificates as RawRow[]).slice(0, 1));
    set(row, 'claims', (row.claims as RawRow[]).slice(0, 1));
    set(row, 'notice.warranty', '');
  };
  await house.putOnSale([paper]);
  expect(await cancelCertificate(house.deps, house.queues, { number: recycled, ...by })).toEqual({
    kind: 'gr',
    number: recycled,
    withdrawnOn: '2026-11-23',
    skus: [paper],
  });
  await house.work();
  expect(await shownAt(ACCOUNT)).toEqual([eco]);
  expect((await house.listing(paper)).state).toBe('on-sale');
  await cancelCertificate(house.deps, house.queues, { number: eco, ...by });
  await house.work();
  expect(house.books(paper).map((one) => one.state)).toEqual(['stopped', 'stopped']);

  // Left out of the catalogue, and brought back by it: the certificate is still cancelled.
  for (const change of [alone, undefined, alone]) await house.importDemo([paper], change);
  await house.approveAll();
  await house.sweep();
  expect(house.books(paper).map((one) => one.state)).toEqual(['stopped', 'stopped']);

  await restoreCertificate(house.deps, house.queues, { number: eco, ...by });
  await house.work();
  await house.approveAll();
  await house.push();
  expect(house.books(paper).map((one) => one.state)).toEqual(['on-sale', 'on-sale']);
  const { rows } = await house.store.query<object>(
    'select number, withdrawn_on, by_name, reason from naru.certificate_event order by event_id',
  );
  expect(rows).toEqual([
    { number: recycled, withdrawn_on: '2026-11-23', by_name: by.by, reason: by.reason },
    { number: eco, withdrawn_on: '2026-11-23', by_name: by.by, reason: by.reason },
    { number: eco, withdrawn_on: null, by_name: by.by, reason: by.reason },
  ]);
  await expect(house.store.query('delete from naru.certificate_event')).rejects.toThrow(/append-only/);
});

it('a certificate that nobody holds, or that two schemes have numbered alike, is asked about', async () => {
  const by = { by: '담당자', reason: '인증 취소 공고' };
  await house.importDemo([paper]);
  await expect(cancelCertificate(house.deps, house.queues, { number: '0', ...by })).rejects.toMatchObject({
    code: 'certificate_unknown',
  });
  await house.store.query(
    `insert into naru.certificate select sku, 'low_carbon', '99001', valid_from, valid_to from naru.certificate where number = '99001'`,
  );
  await expect(cancelCertificate(house.deps, house.queues, { number: eco, ...by })).rejects.toMatchObject({
    code: 'certificate_kind_needed',
    messageKo: expect.stringContaining('--kind'),
  });
  const answer = await cancelCertificate(house.deps, house.queues, { number: eco, kind: 'low_carbon', ...by });
  expect(answer).toMatchObject({ kind: 'low_carbon', skus: [paper] });
});

it('a certificate of another model is shown nowhere', async () => {
  await house.putOnSale([paper]);
  await house.store.query(
    `update naru.product set content = jsonb_set(content, '{certificates,0,coveredModels}', '["OTHER-1"]')`,
  );
  for (const account of [ACCOUNT, 'portal', 'buyer']) expect(await shownAt(account)).toEqual([recycled]);
});
