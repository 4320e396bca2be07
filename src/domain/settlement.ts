import { z } from 'zod';
import { moneySchema } from './money.ts';

/** One line of the channel's money statement. Signs are ours: money to the seller is positive, a refund negative. */
export const settlementSchema = z.object({
  settlementId: z.string(),
  kind: z.enum(['sale', 'refund', 'shipping', 'other']),
  orderId: z.string(),
  site: z.string(),
  /** The Seoul day of remittance, or of the expected one; null while the channel names none. */
  settledOn: z.string().nullable(),
  gross: moneySchema,
  /** What the channel keeps, as a positive amount; negative when it gives some back. */
  commission: moneySchema,
  payout: moneySchema,
});
export type Settlement = z.infer<typeof settlementSchema>;
