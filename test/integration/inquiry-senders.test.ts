import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listInquiries } from '../../src/store/inquiries.ts';
import { answerInquiry, importInquiries } from '../../src/sync/import-inquiries.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { type House, openHouse } from '../support/house.ts';

const PORTAL = 'tradekorea';
const subject = 'Inquiry about Recycled Copy Paper';
const words = 'Please send your best price for 500 boxes.';

let house: House;
let folder: string;

beforeEach(async () => {
  house = await openHouse();
  folder = await mkdtemp(join(tmpdir(), 'naru-senders-'));
  const file = { settings: { profile: 'tradekorea' }, credentials: {} };
  await addAccount(house.deps, { accountId: PORTAL, adapterId: 'export-portal', file });
});
afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

async function bring(name: string, text: string) {
  const path = join(folder, name);
  await writeFile(path, text);
  const { new: added, changed, unchanged } = await importInquiries(house.deps, { accountId: PORTAL, path });
  return [added, changed, unchanged];
}

const mail = (from: string, id: string | null, more = '') =>
  [
    ...[`From: ${from}`, `Subject: ${subject}`, 'Date: Mon, 23 Nov 2026 10:00:00 +0900'],
    ...(id ? [`Message-ID: <${id}>`] : []),
    ...(more ? [more] : []),
    ...['', words],
  ].join('\n');
const list = (...emails: string[]) =>
  ['Product,Message,Date,E-mail', ...emails.map((email) => `Copy Paper,${words},2026-11-23,${email}`)].join('\n');

const idsStored = async () => (await listInquiries(house.store)).map((row) => row.inquiryId);
/** As an earlier version of Naru kept them: by what they say alone. */
const storeAsBefore = () => house.store.query(`update naru.inquiry set inquiry_id = split_part(inquiry_id, '-', 1)`);

it('two buyers who write the same words are two leads, and a mail that is saved again is none more', async () => {
  expect(await bring('kim.eml', mail('Kim <kim@alpha.example>', '1@alpha'))).toEqual([1, 0, 0]);
  expect(await bring('lee.eml', mail('Lee <lee@beta.example>', '2@beta'))).toEqual([1, 0, 0]);
  expect(await bring('kim-again.eml', mail('Kim <kim@alpha.example>', '1@alpha', 'X-Folder: done'))).toEqual([0, 0, 1]);
  expect(await idsStored()).toHaveLength(2);
  const stored = JSON.stringify((await house.store.query('select i::text from naru.inquiry i')).rows);
  for (const text of ['kim@', 'lee@', 'alpha', 'beta']) expect(stored).not.toContain(text);
});

it('without an id of the mail, and in a list, the address tells who it was', async () => {
  expect(await bring('kim.eml', mail('kim@alpha.example', null))).toEqual([1, 0, 0]);
  expect(await bring('lee.eml', mail('lee@beta.example', null))).toEqual([1, 0, 0]);
  expect(await bring('a.csv', list('kim@alpha.example', 'lee@beta.example', 'KIM@alpha.example'))).toEqual([2, 0, 0]);
  expect(await bring('b.csv', `${list('lee@beta.example', 'kim@alpha.example')}\n`)).toEqual([0, 0, 2]);
});

it('what was kept by its content alone is taken over by the first that says the same, answered as it was', async () => {
  await bring('a.csv', list('kim@alpha.example'));
  const [id = ''] = await idsStored();
  await storeAsBefore();
  await answerInquiry(house.deps, { accountId: PORTAL, inquiryId: id.split('-')[0] ?? '', by: '담당자' });
  expect(await bring('b.csv', `${list('kim@alpha.example')}\n`)).toEqual([0, 0, 1]);
  expect(await idsStored()).toEqual([id]);
  expect((await listInquiries(house.store))[0]?.answeredBy).toBe('담당자');
  expect(await bring('c.csv', list('kim@alpha.example', 'lee@beta.example'))).toEqual([1, 0, 1]);
});

it('a sender whom the portal hides later, or hid before, makes no inquiry of its own', async () => {
  expect(await bring('a.csv', list('ki****@****'))).toEqual([1, 0, 0]);
  expect(await bring('b.csv', list('kim@alpha.example'))).toEqual([0, 0, 1]);
  expect(await bring('c.csv', `${list('ki****@****')}\n`)).toEqual([0, 0, 1]);
  expect(await bring('d.csv', list('ki****@****', 'kim@alpha.example'))).toEqual([0, 0, 1]);
  expect(await idsStored()).toHaveLength(1);
});
