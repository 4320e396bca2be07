import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimOf } from '../../adapters/gmarket-esm/mapping-claims.ts';
import { orderOf } from '../../adapters/gmarket-esm/mapping-orders.ts';
import { deliveryFeeOf, settlementOf } from '../../adapters/gmarket-esm/mapping-settlements.ts';
import type { Site } from '../../adapters/gmarket-esm/settings.ts';
import { lowerKeys, parseAnswer, toJson } from '../../adapters/gmarket-esm/wire.ts';
import { claimRow, deliveryFeeRow, orderRow, settlementRow } from '../../adapters/gmarket-esm/wire-records.ts';
import { claimSchema } from '../../src/domain/claim.ts';
import { orderSchema } from '../../src/domain/order.ts';
import { settlementSchema } from '../../src/domain/settlement.ts';

const fixture = (name: string): Record<string, never>[] =>
  JSON.parse(readFileSync(new URL(`../../adapters/gmarket-esm/fixtures/${name}.json`, import.meta.url), 'utf8'));

interface OrderPair {
  name: string;
  site: Site;
  asked: number;
  wire: Record<string, unknown>;
  domain: unknown;
}
const orders = fixture('orders') as unknown as OrderPair[];
const readOrder = (wire: unknown) => parseAnswer(orderRow, lowerKeys(wire));

describe('gmarket-esm orders', () => {
  it.each(orders)('$name', ({ site, asked, wire, domain }) => {
    const order = orderOf(readOrder(wire), site, asked);
    expect(toJson(order)).toEqual(domain);
    expect(orderSchema.safeParse(order).success).toBe(true);
  });

  it('lets nothing about a buyer through, neither into the order nor into what is kept raw', () => {
    const { wire } = orders[0] as OrderPair;
    const row = readOrder(wire);
    const kept = JSON.stringify([toJson(row), orderOf(row, 'gmkt', 2)]);
    const personal = [
      ...['BuyerName', 'BuyerId', 'BuyerMobileTel', 'BuyerTel', 'ReceiverName', 'HpNo', 'TelNo', 'ZipCode'],
      ...['DelFrontAddress', 'DelBackAddress', 'DelFullAddress', 'DelMemo', 'InfoCin'],
    ];
    for (const field of personal) {
      expect(wire[field], field).toBeTruthy();
      expect(kept).not.toContain(String(wire[field]));
      expect(kept.toLowerCase()).not.toContain(`"${field.toLowerCase()}"`);
    }
    expect(kept).not.toContain('사아자');
  });

  it.each([['OrderNo'], ['OrderDate'], ['ContrAmount'], ['SalePrice']])('cannot do without %s', (field) => {
    const { [field]: _, ...wire } = (orders[0] as OrderPair).wire;
    expect(() => readOrder(wire)).toThrow(expect.objectContaining({ kind: 'protocol' }));
  });

  it('names a wrong field without telling its value', () => {
    const wire = { ...(orders[0] as OrderPair).wire, SalePrice: '홍길동' };
    expect(() => readOrder(wire)).toThrow(/saleprice/);
    expect(() => readOrder(wire)).not.toThrow(/홍길동/);
  });

  it('refuses a part of a won instead of rounding it', () => {
    const row = readOrder({ ...(orders[0] as OrderPair).wire, SalePrice: '23900.5000' });
    expect(() => orderOf(row, 'gmkt', 1)).toThrow(expect.objectContaining({ code: 'NOT_WHOLE_WON' }));
  });

  it.each([
    [{ OrderStatus: 5 }, 'decided', '5'],
    [{ OrderStatus: 8 }, 'in-claim', '8'],
    [{ OrderStatus: 97 }, 'other', '97'],
    [{ OrderStatus: null, BuyDecisionDate: '2026-12-20T00:00:00' }, 'decided', '5'],
    [{ OrderStatus: null, TransDate: '2026-12-08T00:00:00' }, 'shipping', '3'],
    [{ OrderStatus: null, OrderConfirmDate: '0001-01-01T00:00:00' }, 'paid', '1'],
    [{ OrderStatus: null, OrderConfirmDate: null, PayDate: null }, 'unpaid', '0'],
  ])('reads the status of %j when asked by number', (change, status, rawStatus) => {
    const order = orderOf(readOrder({ ...(orders[0] as OrderPair).wire, ...change }), 'gmkt', null);
    expect(order).toMatchObject({ status, rawStatus });
  });

  it('never counts the shipping of a cart twice, however its rows are torn apart', () => {
    const wire = { ...(orders[0] as OrderPair).wire, SellerDiscountPrice: '0.0000', DirectDiscountPrice: '0.0000' };
    const cart = fc.record({
      site: fc.constantFrom<Site>('gmkt', 'iac'),
      fee: fc.constantFrom(0, 2500, 3000),
      lines: fc.array(fc.record({ units: fc.integer({ min: 1, max: 9 }), price: fc.integer({ min: 1, max: 99 }) }), {
        minLength: 1,
        maxLength: 5,
      }),
      repeatsFee: fc.boolean(),
    });
    fc.assert(
      fc.property(cart, ({ site, fee, lines, repeatsFee }) => {
        const booked = lines.map(({ units, price }, index) => {
          const carries = site === 'iac' || index === 0;
          const row = {
            ...wire,
            OrderNo: 1000 + index,
            ContrAmount: units,
            SalePrice: `${price * 10}.0000`,
            AcntMoney: `${price * 10 * units + (carries ? fee : 0)}.0000`,
            ShippingFee: `${carries || repeatsFee ? fee : 0}.0000`,
          };
          return orderOf(readOrder(row), site, 1);
        });
        // A group counts once; whoever has none counts for itself.
        const counted = new Map(
          booked
            .filter(({ shipping }) => shipping.minor > 0)
            .map(({ orderId, shipping, shippingGroup }) => [shippingGroup ?? orderId, shipping.minor]),
        );
        expect([...counted.values()].reduce((sum, amount) => sum + amount, 0)).toBe(fee);
      }),
    );
  });

  it('shares a fee in the cart and not in the fee policy, and books none where Auction names no cart', () => {
    const { wire } = orders[1] as OrderPair;
    const read = (change: object) => orderOf(readOrder({ ...wire, ...change }), 'iac', 1);
    expect(read({ GroupNo: 4 }).shippingGroup).toBe(read({ GroupNo: 5 }).shippingGroup);
    expect(read({ PAYNO: 4 }).shippingGroup).not.toBe(read({ PAYNO: 5 }).shippingGroup);
    expect(read({ PAYNO: null })).toMatchObject({ shippingGroup: null, shipping: { minor: 0 } });
  });
});

interface SettlementPair {
  name: string;
  ledger: 'order' | 'fee';
  site: Site;
  wire: object;
  domain: { gross: number; commission: number; deduction: number; payout: number };
}

describe('gmarket-esm settlements', () => {
  it.each(fixture('settlements') as unknown as SettlementPair[])('$name', ({ ledger, site, wire, domain }) => {
    const value =
      ledger === 'order'
        ? settlementOf(parseAnswer(settlementRow, lowerKeys(wire)), site)
        : deliveryFeeOf(parseAnswer(deliveryFeeRow, lowerKeys(wire)), site);
    const [gross, commission, deduction, payout] = [value.gross, value.commission, value.deduction, value.payout].map(
      (amount) => amount.minor,
    );
    expect({ ...value, gross, commission, deduction, payout }).toEqual(domain);
    expect(domain.gross - domain.commission - domain.deduction).toBe(domain.payout);
    expect(settlementSchema.safeParse(value).success).toBe(true);
  });

  it.each([
    ...['SellOrderPrice', 'OptionPrice', 'TotCommission', 'DeductNontaxPrice', 'SettlementPrice'].map(
      (field) => [field, 'order'] as const,
    ),
    ...['DelFeeAmt', 'DelFeeCommission'].map((field) => [field, 'fee'] as const),
  ])('does not take a missing %s for nought', (field, ledger) => {
    const pairs = fixture('settlements') as unknown as SettlementPair[];
    const wire = pairs.find((pair) => pair.ledger === ledger)?.wire as Record<string, unknown>;
    expect(wire[field]).toBeDefined();
    const { [field]: _, ...rest } = wire;
    const schema = ledger === 'order' ? settlementRow : deliveryFeeRow;
    expect(() => parseAnswer<unknown>(schema, lowerKeys(rest))).toThrow(expect.objectContaining({ kind: 'protocol' }));
  });
});

describe('gmarket-esm claims', () => {
  const wire = {
    OrderNo: 2940000001,
    PayNo: 4400000001,
    RequestDate: '2026-12-08T15:26:00',
    ApproveDate: '2026-12-08T16:00:00',
    CompleteDate: null as string | null,
    Reason: 1,
    ReasonCode: 1,
    ReasonDetail: '수령인라마바에게 전화 주세요',
    PickupInfo: { SenderInfo: { Name: '구매자가나다', HpNo: '0501-0000-1111' } },
  };
  const read = (change: object) => parseAnswer(claimRow, lowerKeys({ ...wire, ...change }));

  it.each([
    ['cancel', { CancelStatus: 1 }, 'requested'],
    ['cancel', { CancelStatus: 2 }, 'processing'],
    ['cancel', { CancelStatus: 3, CompleteDate: '2026-12-08T17:00:00' }, 'done'],
    ['cancel', { CancelStatus: 4, WithdrawDate: '2026-12-08T17:00:00' }, 'withdrawn'],
    ['cancel', { CancelStatus: 5 }, 'done'],
    ['cancel', { CancelStatus: 6 }, 'done'],
    ['return', { ReturnStatus: 3 }, 'processing'],
    ['return', { ReturnStatus: 4 }, 'done'],
    ['return', { ReturnStatus: 5 }, 'withdrawn'],
    ['exchange', { ExchangeStatus: 4 }, 'done'],
    ['exchange', { ExchangeStatus: 5 }, 'withdrawn'],
    ['exchange', { ExchangeStatus: 42 }, 'other'],
  ] as const)('%s %j is %s', (kind, change, state) => {
    const claim = claimOf(read(change), 'gmkt', kind, 0);
    expect(claim).toMatchObject({ kind, state, lineId: null, units: null, amount: null });
    expect(claimSchema.safeParse(claim).success).toBe(true);
  });

  it('takes the asked status where a row answers 0', () => {
    expect(claimOf(read({ ExchangeStatus: 0 }), 'iac', 'exchange', 1)).toMatchObject({
      state: 'requested',
      rawState: '1',
    });
  });

  it('keeps times in Seoul and reasons as codes, and no words of the buyer', () => {
    const row = read({ CancelStatus: 3, CompleteDate: '2026-12-08T17:00:00' });
    const claim = claimOf(row, 'gmkt', 'cancel', 0);
    expect(claim).toMatchObject({
      claimId: 'gmkt-cancel-2940000001-2026-12-08T15:26:00',
      requestedAt: new Date('2026-12-08T06:26:00Z'),
      completedAt: new Date('2026-12-08T08:00:00Z'),
      reason: 'fault: buyer, change of mind',
    });
    expect(JSON.stringify([row, claim])).not.toMatch(/구매자|수령인|0501/);
    expect(read({ Reason: '수령인라마바' }).reason).toBeNull();
  });
});
