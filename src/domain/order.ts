import { z } from 'zod';
import { moneySchema } from './money.ts';

/** Where an order stands. Steps go forward only; claims have their own states. */
export const orderStatuses = [
  'unpaid',
  'paid',
  'preparing',
  'shipping',
  'delivered',
  'decided',
  'in-claim',
  'other',
] as const;

export const orderLineSchema = z.object({
  lineId: z.string(),
  /** Our code as the channel repeats it; null when the channel did not, then `externalListingId` tells. */
  sku: z.string().nullable(),
  externalListingId: z.string().nullable(),
  title: z.string().nullable(),
  units: z.int().positive(),
  unitPrice: moneySchema,
  /** Sale price × quantity, before any discount. */
  gross: moneySchema,
  /** Borne by the seller, and borne by the channel: two questions, two columns. */
  sellerDiscount: moneySchema,
  channelDiscount: moneySchema,
});
export type OrderLine = z.infer<typeof orderLineSchema>;

export const orderSchema = z.object({
  orderId: z.string(),
  cartId: z.string().nullable(),
  site: z.string(),
  status: z.enum(orderStatuses),
  /** The channel's own word for the status, kept because new words appear without notice. */
  rawStatus: z.string(),
  orderedAt: z.date(),
  paidAt: z.date().nullable(),
  shipping: moneySchema,
  /**
   * Orders that name the same group share one shipping fee, although each may repeat it: it is counted once for all of
   * them. Null: the fee is this order's alone.
   */
  shippingGroup: z.string().nullable(),
  lines: z.array(orderLineSchema).min(1),
});
export type Order = z.infer<typeof orderSchema>;
