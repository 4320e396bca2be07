import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createPortalOperator,
  type PortalOperator,
  sampleInquiries,
} from '../../adapters/export-portal/sandbox/index.ts';
import { listInquiries, readLeads } from '../../src/store/inquiries.ts';
import { examine } from '../../src/sync/doctor.ts';
import { dropTraces } from '../../src/sync/drop-traces.ts';
import { answerInquiry, importInquiries, maskedContact } from '../../src/sync/import-inquiries.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { salesAnswer } from '../../src/sync/report.ts';
import { goodRow } from '../support/catalogue-rows.ts';
import { type House, openHouse } from '../support/house.ts';

const PORTAL = 'buykorea';
const sku = 'SG-01-001';
const DAY_MS = 24 * 3_600_000;
const facts = sampleInquiries.map((one, index) => (index === 0 ? { ...one, product: sku, masked: false } : one));
const [open] = facts;

let house: House;
let folder: string;
let operator: PortalOperator;
let lastPath: string;

beforeEach(async () => {
  house = await openHouse();
  folder = await mkdtemp(join(tmpdir(), 'naru-inquiries-'));
  operator = createPortalOperator({ now: () => house.clock.now().getTime() });
  await house.importDemo([sku]);
  await account(false);
});
afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const account = (keepBuyerContacts: boolean) =>
  addAccount(house.deps, {
    accountId: PORTAL,
    adapterId: 'export-portal',
    file: { settings: { profile: 'buykorea', keepBuyerContacts, contactDays: 30 }, credentials: {} },
  });

async function bring(format: 'xlsx' | 'csv' | 'xls', some = facts) {
  const { name, bytes } = await operator.inquiryFile(format, some);
  lastPath = join(folder, name);
  await writeFile(lastPath, bytes);
  return importInquiries(house.deps, { accountId: PORTAL, path: lastPath });
}

const everythingStored = async () => {
  const { rows } = await house.store.query<{ row: string }>('select i::text as row from naru.inquiry i');
  return rows.map(({ row }) => row).join('\n') + house.logLines.join('\n');
};

describe('inquiries from a file', () => {
  it('come in once, whatever the form of the file and however often it is brought', async () => {
    expect(await bring('xlsx')).toMatchObject({ sameFile: false, new: facts.length, faults: [] });
    const again = { accountId: PORTAL, path: lastPath };
    expect(await importInquiries(house.deps, again)).toMatchObject({ sameFile: true, new: 0, unchanged: facts.length });
    expect(await bring('csv')).toMatchObject({ sameFile: false, new: 0 });
    expect(await listInquiries(house.store)).toHaveLength(facts.length);
  });

  it('find their product, and count as leads beside the sales until somebody has answered', async () => {
    await bring('xlsx');
    const [first] = (await listInquiries(house.store)).filter((row) => row.sku === sku);
    expect(first?.productName).toMatch(/복사용지/);
    const leads = await readLeads(house.store, { by: 'product' });
    expect(leads.find((row) => row.key === sku)).toMatchObject({ inquiries: 1, answered: 0, open: 1 });
    expect((await salesAnswer(house.deps, { by: 'kind', asOf: null })).leads).toEqual([
      { kind: 'export', inquiries: facts.length, answered: 0, open: facts.length },
    ]);
    const codes = async () => (await examine(house.deps, house.queues)).map((finding) => finding.code);
    expect(await codes()).toContain('inquiries_open');
    for (const row of await listInquiries(house.store)) {
      await answerInquiry(house.deps, { accountId: PORTAL, inquiryId: row.inquiryId, by: '담당자' });
    }
    expect(await codes()).not.toContain('inquiries_open');
    // The file once more, in another form: what was answered stays answered.
    await bring('csv');
    expect(await listInquiries(house.store, { open: true })).toEqual([]);
    await expect(answerInquiry(house.deps, { accountId: PORTAL, inquiryId: 'none', by: 'x' })).rejects.toMatchObject({
      code: 'inquiry_unknown',
    });
  });

  it('find a product that comes after them, by SKU or by name, and a campaign that is written after them', async () => {
    const late = 'SG-01-002';
    const { name_en: name } = goodRow(late);
    await bring(
      'xlsx',
      facts.map((one, index) => ({ ...one, product: index === 0 ? late : String(name) })),
    );
    const found = async () => (await listInquiries(house.store)).map((row) => row.sku).filter((one) => one !== null);
    expect(await found()).toEqual([]);
    await house.importDemo([late]);
    expect(await found()).toEqual([late, late]);
    const leads = async () => (await readLeads(house.store, { by: 'campaign' })).map((row) => [row.key, row.inquiries]);
    expect(await leads()).toEqual([['', 2]]);
    const campaign = { id: 'fair', name: '수출 기획전', start: '2026-01-01', end: '2026-12-31', accounts: [PORTAL] };
    await house.campaign({ ...campaign, members: [{ sku: late }] });
    expect(await leads()).toEqual([['fair', 2]]);
    await house.campaign({ ...campaign, members: [{ sku }] });
    expect(await leads()).toEqual([['', 2]]);
  });

  it('keep nobody’s address unless the account says so', async () => {
    await bring('xlsx');
    const stored = await everythingStored();
    for (const one of facts) for (const text of [one.email, one.phone]) expect(stored).not.toContain(text);
    expect((await listInquiries(house.store)).map((row) => row.sealedContact)).toEqual(facts.map(() => null));
  });

  it('keep it sealed and masked where the account says so, and erase it when its time is over', async () => {
    await account(true);
    await bring('xlsx');
    const stored = await everythingStored();
    for (const one of facts) for (const text of [one.email, one.phone]) expect(stored).not.toContain(text);
    const row = (await listInquiries(house.store)).find((one) => one.sku === sku);
    const shown = row ? maskedContact(house.deps, row) : '';
    expect(shown).toMatch(/^\S\*\* \S\*\*\*@\S\*\*\* \*\*\*\d\d$/);
    expect(shown).not.toContain(open?.email);
    await dropTraces(house.deps);
    expect((await listInquiries(house.store)).find((one) => one.sku === sku)?.sealedContact).not.toBeNull();
    house.pass(31 * DAY_MS);
    await dropTraces(house.deps);
    expect((await listInquiries(house.store)).map((one) => one.sealedContact)).toEqual(facts.map(() => null));
  });

  it('of an account whose channel has none are refused with a sentence', async () => {
    await house.addAccount('market');
    const path = join(folder, 'x.csv');
    await writeFile(path, 'a,b\n');
    await expect(importInquiries(house.deps, { accountId: 'market', path })).rejects.toMatchObject({
      code: 'inquiries_unsupported',
    });
    await expect(importInquiries(house.deps, { accountId: PORTAL, path: `${path}.none` })).rejects.toMatchObject({
      code: 'file_missing',
    });
  });
});
