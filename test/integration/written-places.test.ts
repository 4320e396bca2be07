import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCxmlBuyer } from '../../adapters/b2b-cxml/sandbox/index.ts';
import { buildBatch } from '../../src/sync/build-batch.ts';
import { addAccount, checkAccount } from '../../src/sync/manage-accounts.ts';
import { writeCatalogue } from '../../src/sync/write-catalogue.ts';
import { portalFile } from '../support/export-portal.ts';
import { type House, openHouse } from '../support/house.ts';

const PORTAL = 'ec21-seoul';
const sku = 'SG-01-001';

let house: House;
let folder: string;
let file: string;

beforeEach(async () => {
  house = await openHouse();
  folder = await mkdtemp(join(tmpdir(), 'naru-places-'));
  file = join(folder, 'a file');
  await writeFile(file, 'here already');
  await house.importDemo([sku]);
  await house.approveAll([sku]);
});
afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

async function addPortal(delivery: object): Promise<void> {
  await addAccount(house.deps, { accountId: PORTAL, adapterId: 'export-portal', file: portalFile({ delivery }) });
}

/** What people are told; anything else than an error for people fails the test. */
async function told(attempt: Promise<unknown>): Promise<{ code: string; messageKo: string; messageEn: string }> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'PeopleError', messageKo: expect.stringContaining('--out') });
  return error as { code: string; messageKo: string; messageEn: string };
}

describe('a place that cannot be written', () => {
  it('is told when a batch is to be built below a file, on it, or with a name that is too long', async () => {
    await addPortal({ kind: 'none' });
    for (const place of [join(file, 'below', 'it'), file, join(folder, 'x'.repeat(300))]) {
      const error = await told(buildBatch(house.deps, { accountId: PORTAL, folder: place }));
      expect(error.code).toBe('place_unusable');
      expect(error.messageEn).toContain(place);
    }
    const made = join(folder, 'new', 'and', 'deep');
    expect(await buildBatch(house.deps, { accountId: PORTAL, folder: made })).toMatchObject({ add: 1 });
    expect(await readdir(made)).toHaveLength(1);
  });

  // The runtime's own way of making a path never ends here.
  it.runIf(existsSync('/proc/self'))('is told where no folder can be made at all', async () => {
    await addPortal({ kind: 'none' });
    for (const place of ['/proc/naru', '/proc/naru/deep']) {
      await told(buildBatch(house.deps, { accountId: PORTAL, folder: place }));
    }
  });

  it('is told when a catalogue is to be written into a folder that is not there, below a file, or onto a folder', async () => {
    const buyer = await startCxmlBuyer({ now: () => house.clock.now().getTime() });
    const { settings, credentials } = buyer.accountConfig();
    await buyer.close();
    const account = { settings: { ...(settings as object), unspsc: '14111507' }, credentials };
    await addAccount(house.deps, { accountId: 'buyer', adapterId: 'b2b-cxml', file: account });
    await mkdir(join(folder, 'taken'));
    for (const path of [join(folder, 'none', 'x.cif'), join(file, 'x.cif'), join(folder, 'taken')]) {
      const error = await told(writeCatalogue(house.deps, { accountId: 'buyer', format: 'cif', path }));
      expect(error.messageEn).toContain(path);
    }
    expect((await readdir(folder)).sort()).toEqual(['a file', 'taken']);
  });
});

it('a delivery folder that is missing is told as such, and the next build delivers', async () => {
  const path = join(folder, 'delivery');
  await addPortal({ kind: 'folder', path });
  const checked = await checkAccount(house.deps, PORTAL);
  const out = join(folder, 'out');
  const { deliveryFailure } = await buildBatch(house.deps, { accountId: PORTAL, folder: out });
  for (const { messageKo, messageEn } of [checked, deliveryFailure] as { messageKo: string; messageEn: string }[]) {
    expect(messageEn).toMatch(/cannot be put where .* the delivery folder does not exist/);
    expect(messageKo).toContain('전달 폴더가 없습니다');
    expect(messageKo + messageEn).not.toMatch(/baseUrl|API/);
  }
  await mkdir(path);
  expect(await checkAccount(house.deps, PORTAL)).toEqual({ ok: true });
  const { deliveredTo } = await buildBatch(house.deps, { accountId: PORTAL, folder: out });
  expect(deliveredTo).toContain(path);
});
