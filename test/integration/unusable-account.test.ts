import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/channel/registry.ts';
import { examine } from '../../src/sync/doctor.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { startScheduler } from '../../workers/scheduler.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

/** One account that cannot be opened is told to people, and stops nobody else. */

// By its name the first that is looked at, and of the kind that the doctor opens to see its batches.
const BROKEN = 'aaa-portal';
let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  const terms = { paymentTerms: ['T/T'], portOfLoading: 'Busan, Korea', supplyAbility: '1 per month', leadTimeDays: 7 };
  const file = { settings: { profile: 'ec21', terms }, credentials: {}, mappings: {} };
  await addAccount(house.deps, { accountId: BROKEN, adapterId: 'export-portal', file });
});
afterEach(() => house.close());

const ways: [string, () => Promise<House['deps']>][] = [
  [
    'settings of a former version',
    async () => {
      await house.store.query(`update naru.account set settings = '{}' where account_id = $1`, [BROKEN]);
      return house.deps;
    },
  ],
  [
    'credentials under another key',
    async () => {
      await house.store.query(`update naru.account set sealed_credentials = 'a.b.c.d' where account_id = $1`, [BROKEN]);
      return house.deps;
    },
  ],
  [
    'an adapter that is gone',
    async () => {
      const left = house.deps.registry.list().filter((adapter) => adapter.id !== 'export-portal');
      return { ...house.deps, registry: createRegistry(left) };
    },
  ],
];

describe.each(ways)('an account with %s', (_name, breakIt) => {
  it('does not keep the scheduler from starting, and the others have their schedules', async () => {
    const deps = await breakIt();
    const closers: (() => Promise<void>)[] = [];
    const { store, queues } = house;
    await startScheduler({ deps, store, queues, log: deps.log, onClose: (closer) => void closers.push(closer) });
    for (const closer of closers) await closer();
    expect(await queues.scheduled(ACCOUNT)).toContain('pull-orders');
    expect(house.logLines.filter((line) => line.includes(BROKEN) && line.includes('scheduled'))).toHaveLength(1);
  });

  it('is what the doctor names, with what to do, among all other findings', async () => {
    const deps = await breakIt();
    await house.importDemo(['SG-01-002']);
    const findings = await examine(deps, house.queues);
    const [finding, ...more] = findings.filter(({ code }) => code === 'account_unusable');
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: 'problem', account: BROKEN });
    for (const text of [finding?.messageKo, finding?.messageEn]) expect(text).toContain(BROKEN);
    expect(findings.map(({ code }) => code)).toContain('approval_waiting');
  });
});
