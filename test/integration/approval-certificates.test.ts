import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvalHistory } from '../../src/store/approvals.ts';
import { approveProducts, followCertificates } from '../../src/sync/approve-products.ts';
import { examine } from '../../src/sync/doctor.ts';
import { set } from '../support/catalogue-rows.ts';
import { type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const notebook = 'SG-01-003';
const lastDay = '2026-12-31';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

const until = (day: string) => (row: Record<string, unknown>) => void set(row, 'certificates[0].valid_to', day);
const states = (sku: string) => house.books(sku).map(({ state }) => state);
const history = async (sku: string) =>
  (await approvalHistory(house.store, sku)).map(({ from, to, by }) => `${from} ${to} ${by}`);

describe('when a certificate ends', () => {
  it('the sale goes on to the last millisecond of its last day, and stops with the next one', async () => {
    await house.putOnSale([paper], until(lastDay));
    house.clock.jumpTo(new Date('2026-12-31T23:59:59.999+09:00'));
    const before = house.calls();
    await house.sweep();
    expect(house.calls()).toBe(before);
    expect(states(paper)).toEqual(['on-sale', 'on-sale']);
    house.pass(1);
    await house.sweep();
    expect(states(paper)).toEqual(['stopped', 'stopped']);
    expect(await house.listing(paper)).toMatchObject({ state: 'stopped' });
  });

  it('the stop is sent before the creates that wait', async () => {
    const others = [notebook, 'SG-02-002', 'SG-02-003'];
    await house.importDemo([paper, ...others], (row) => void (row.sku === paper && until(lastDay)(row)));
    await house.approveAll([paper]);
    await house.push();
    expect(states(paper)).toEqual(['on-sale', 'on-sale']);
    await house.approveAll(others);
    house.clock.jumpTo(new Date('2027-01-01T00:00:00+09:00'));
    const before = house.sent().length;
    await house.sweep();
    const writes = house
      .sent()
      .slice(before)
      .filter((call) => /^(PUT|POST \/item\/v1\/goods$)/.test(call));
    expect(writes).toHaveLength(4);
    expect(writes[0]).toMatch(/^PUT .*\/sell-status$/);
  });

  it('a push writes it down where no service runs, and the doctor names the product until it is renewed', async () => {
    await house.putOnSale([paper], until(lastDay));
    const ended = async () =>
      (await examine(house.deps, house.queues)).filter(({ code }) => code === 'certificate_ended');
    expect(await ended()).toEqual([]);
    house.clock.jumpTo(new Date('2027-01-01T00:00:00+09:00'));
    expect(await ended()).toMatchObject([{ severity: 'notice', messageKo: expect.stringContaining(lastDay) }]);
    await house.push({ dryRun: true });
    expect(await history(paper)).not.toContain('approved expired naru');
    await house.push();
    expect(await history(paper)).toContain('approved expired naru');
    expect(states(paper)).toEqual(['stopped', 'stopped']);
    expect(await ended()).toMatchObject([{ messageEn: expect.stringContaining(paper) }]);
    await house.importDemo([paper], until('2028-12-31'));
    await house.push();
    expect(await history(paper)).toContain('expired approved naru');
    expect(states(paper)).toEqual(['on-sale', 'on-sale']);
    expect(await ended()).toEqual([]);
  });

  it('a renewed certificate brings the same listing back, and the history tells both', async () => {
    await house.putOnSale([paper], until(lastDay));
    const [numbers] = house.books(paper).map(({ externalId }) => externalId);
    house.clock.jumpTo(new Date('2027-01-01T00:00:00+09:00'));
    expect(await followCertificates(house.deps)).toEqual({ ended: [paper], renewed: [] });
    await house.sweep();
    expect(states(paper)).toEqual(['stopped', 'stopped']);
    const renewal = await house.importDemo([paper], until('2028-12-31'));
    expect(renewal).toMatchObject({ changed: 1, refused: [] });
    await house.sweep();
    expect(states(paper)).toEqual(['stopped', 'stopped']);
    await house.queues.add('certificates', {});
    await house.work();
    expect(states(paper)).toEqual(['on-sale', 'on-sale']);
    expect(house.books(paper)[0]?.externalId).toBe(numbers);
    expect(house.calls('POST /item/v1/goods')).toBe(1);
    expect(await history(paper)).toEqual([
      'null submitted naru',
      'submitted approved 담당자',
      'approved expired naru',
      'expired approved naru',
    ]);
  });

  it('following the certificates again writes nothing twice', async () => {
    await house.putOnSale([paper], until(lastDay));
    house.clock.jumpTo(new Date('2027-01-01T00:00:00+09:00'));
    await followCertificates(house.deps);
    expect(await followCertificates(house.deps)).toEqual({ ended: [], renewed: [] });
    expect(await history(paper)).toHaveLength(3);
  });

  it('one of two that ends stops nothing while the other stands', async () => {
    await house.putOnSale(['SG-01-001']);
    house.clock.jumpTo(new Date('2027-01-01T00:00:00+09:00'));
    expect(await followCertificates(house.deps)).toEqual({ ended: [], renewed: [] });
    await house.sweep();
    expect(states('SG-01-001')).toEqual(['on-sale', 'on-sale']);
  });
});

describe('the approval history', () => {
  it.each([["update naru.approval_event set by_name = 'somebody'"], ['delete from naru.approval_event']])(
    'refuses: %s',
    async (statement) => {
      await house.importDemo([paper]);
      await expect(house.store.query(statement)).rejects.toThrow(/append-only/);
      expect(await history(paper)).toEqual(['null submitted naru']);
    },
  );

  it('keeps who approved in spite of which reason', async () => {
    await house.importDemo([paper], (row) => void set(row, 'mail_order_report_no', ''));
    expect(await house.approveAll()).toMatchObject({
      approved: [],
      refused: [{ sku: paper, rule: 'mail_order_report_missing' }],
    });
    const reason = '신고번호를 전화로 확인';
    const approval = await approveProducts(house.deps, { skus: [paper], by: '김담당', acceptWarnings: reason });
    expect(approval).toEqual({ approved: [paper], refused: [] });
    expect((await approvalHistory(house.store, paper)).at(-1)).toMatchObject({ to: 'approved', by: '김담당', reason });
    await house.push();
    expect(states(paper)).toEqual(['on-sale', 'on-sale']);
  });
});
