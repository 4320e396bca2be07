import { z } from 'zod';
import { baseSettingsShape } from '../../src/channel/base-settings.ts';
import { type AnyChannel, defineChannel, type PulledRecord, type StreamGroup } from '../../src/channel/contract.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import type { Claim } from '../../src/domain/claim.ts';
import type { Json } from '../../src/domain/listing.ts';
import { type Currency, money } from '../../src/domain/money.ts';
import type { Order, OrderLine } from '../../src/domain/order.ts';
import type { Settlement } from '../../src/domain/settlement.ts';
import type { Stream } from '../../src/domain/stream.ts';
import type { SyncDependencies } from '../../src/sync/dependencies.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';

export const DAY_MS = 24 * 3_600_000;

/** A channel in memory for what no marketplace of ours does: several lines in an order, dollars, missing SKUs. */
export interface MemoryChannel {
  adapter: AnyChannel;
  orders: Order[];
  claims: Claim[];
  settlements: Settlement[];
  /** Every page that was asked for, in order. */
  asked: { stream: Stream; from: Date; to: Date; cursor: string | null }[];
  /** Order numbers that were looked up. */
  lookedUp: string[];
  /** Called before a page is answered; what it throws is what the channel does. */
  beforePage: (stream: Stream, page: number) => void | Promise<void>;
}

export interface MemoryChannelOptions {
  pageSize?: number;
  maxWindowMs?: number;
  overlapMs?: number;
  sweepMs?: number;
  settledAfterMs?: number;
}

const settings = z.object(baseSettingsShape);

export function createMemoryChannel(options: MemoryChannelOptions = {}): MemoryChannel {
  const pageSize = options.pageSize ?? 2;
  const channel: Omit<MemoryChannel, 'adapter'> = {
    orders: [],
    claims: [],
    settlements: [],
    asked: [],
    lookedUp: [],
    beforePage: () => undefined,
  };
  const group = <Value>(
    stream: Stream,
    rows: () => Value[],
    at: (row: Value) => Date,
    id: (row: Value) => string,
  ): StreamGroup<z.infer<typeof settings>, unknown, Value> => ({
    maxWindowMs: options.maxWindowMs ?? 31 * DAY_MS,
    overlapMs: options.overlapMs ?? DAY_MS,
    sweepMs: options.sweepMs ?? 10 * DAY_MS,
    settledAfterMs: options.settledAfterMs ?? 0,
    pull: async (_context, { from, to, cursor }) => {
      const start = cursor === null ? 0 : Number(cursor);
      channel.asked.push({ stream, from, to, cursor });
      await channel.beforePage(stream, start / pageSize);
      const found = rows().filter((row) => from <= at(row) && at(row) < to);
      const records = found.slice(start, start + pageSize).map((row) => recordOf(id(row), row));
      return { records, next: start + pageSize < found.length ? String(start + pageSize) : null };
    },
  });
  const adapter = defineChannel({
    id: 'memory',
    kind: 'b2b',
    name: { ko: '메모리', en: 'Memory' },
    apiVersion: '1',
    documentation: 'https://channel.example',
    settings,
    credentials: z.object({}),
    limits: [],
    check: async () => undefined,
    orders: {
      ...group(
        'orders',
        () => channel.orders,
        (order) => order.orderedAt,
        (order) => order.orderId,
      ),
      lookUp: async (_context, { site, orderIds }) => {
        channel.lookedUp.push(...orderIds);
        const found = channel.orders.filter((order) => order.site === site && orderIds.includes(order.orderId));
        return found.map((order) => recordOf(order.orderId, order));
      },
    },
    claims: group(
      'claims',
      () => channel.claims,
      (claim) => claim.requestedAt,
      (claim) => claim.claimId,
    ),
    settlements: group(
      'settlements',
      () => channel.settlements,
      (line) => new Date(`${line.settledOn}T00:00:00+09:00`),
      (line) => line.settlementId,
    ),
  });
  return Object.assign(channel, { adapter });
}

/** A record as an adapter hands it on. */
export function recordOf<Value>(externalId: string, value: Value): PulledRecord<Value> {
  return { externalId, raw: JSON.parse(JSON.stringify(value)) as Json, value };
}

/** The same house with this channel beside the others, and an account at it. */
export async function withMemoryAccount(
  deps: SyncDependencies,
  channel: MemoryChannel,
  accountId = 'memory',
): Promise<SyncDependencies> {
  const others = deps.registry.list().filter((adapter) => adapter.id !== channel.adapter.id);
  const wider = { ...deps, registry: createRegistry([...others, channel.adapter]) };
  const file = { settings: { baseUrl: 'http://127.0.0.1:9' } };
  await addAccount(wider, { accountId, adapterId: channel.adapter.id, file });
  return wider;
}

export function lineOf(change: Partial<OrderLine> & { minor?: number; currency?: Currency } = {}): OrderLine {
  const { minor = 1_000, currency = 'KRW', ...rest } = change;
  const units = rest.units ?? 1;
  const none = money(0, currency);
  return {
    lineId: '1',
    sku: null,
    externalListingId: null,
    title: null,
    units,
    unitPrice: money(minor, currency),
    gross: money(minor * units, currency),
    sellerDiscount: none,
    channelDiscount: none,
    ...rest,
  };
}

export function orderOf(orderId: string, orderedAt: Date, change: Partial<Order> = {}): Order {
  return {
    orderId,
    cartId: null,
    site: 'main',
    status: 'paid',
    rawStatus: '1',
    orderedAt,
    paidAt: null,
    shipping: money(0, 'KRW'),
    shippingGroup: null,
    lines: [lineOf()],
    ...change,
  };
}

export function claimOf(claimId: string, orderId: string, requestedAt: Date, change: Partial<Claim> = {}): Claim {
  return {
    claimId,
    kind: 'cancel',
    state: 'done',
    rawState: '3',
    orderId,
    site: 'main',
    lineId: null,
    units: null,
    amount: null,
    requestedAt,
    completedAt: null,
    reason: null,
    ...change,
  };
}
