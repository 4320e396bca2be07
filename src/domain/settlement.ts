import { z } from 'zod';
import { moneySchema } from './money.ts';

/** One line of the channel's money statement. Signs are ours: money to the seller is positive, a refund negative. */
export const settlementSchema = z.object({
  settlementId: z.string(),
  kind: z.enum(['sale', 'refund', 'shipping', 'other']),
  /** The order; the cart where a shipping fee belongs to a whole cart and the channel names no order for it. */
  orderId: z.string(),
  site: z.string(),
  /** The Seoul day of remittance, or of the expected one; null while the channel names none. */
  settledOn: z.string().nullable(),
  gross: moneySchema,
  /** What the channel keeps, as a positive amount; negative when it gives some back. */
  commission: moneySchema,
  /**
   * What the seller bears besides, such as its own discounts, with the sign of a commission. Three amounts explain the
   * fourth: gross less commission less deduction is the payout.
   */
  deduction: moneySchema,
  payout: moneySchema,
});
export type Settlement = z.infer<typeof settlementSchema>;
