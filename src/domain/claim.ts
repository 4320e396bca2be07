import { z } from 'zod';
import { moneySchema } from './money.ts';

export const claimKinds = ['cancel', 'return', 'exchange'] as const;
export const claimStates = ['requested', 'processing', 'done', 'withdrawn', 'other'] as const;

/**
 * A buyer's cancel, return or exchange. Only a claim that is `done` changes sales, and an exchange never does: the buyer
 * still has goods for the money.
 */
export const claimSchema = z.object({
  claimId: z.string(),
  kind: z.enum(claimKinds),
  state: z.enum(claimStates),
  rawState: z.string(),
  orderId: z.string(),
  /**
   * The version of the order that a cancel takes back, by the channel's own count: a newer one stands. Absent: the order
   * whatever its version.
   */
  orderVersion: z.int().positive().optional(),
  site: z.string(),
  /**
   * Null covers the whole order. Units and an amount are then of all its lines together, and are taken from one line after
   * the other, in the order of their ids and never more than a line has.
   */
  lineId: z.string().nullable(),
  /** Null means all units. */
  units: z.int().positive().nullable(),
  /** Null means the gross of those units. */
  amount: moneySchema.nullable(),
  requestedAt: z.date(),
  completedAt: z.date().nullable(),
  reason: z.string().nullable(),
});
export type Claim = z.infer<typeof claimSchema>;
