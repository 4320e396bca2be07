import { z } from 'zod';

/**
 * May a product be sold at all? A state machine with a written history; nothing else in the system may say yes.
 */
export const approvalStates = ['draft', 'submitted', 'approved', 'rejected', 'suspended', 'expired'] as const;
export const approvalStateSchema = z.enum(approvalStates);
export type ApprovalState = z.infer<typeof approvalStateSchema>;

/** One step of the history; rows are only ever added. */
export interface ApprovalEvent {
  sku: string;
  from: ApprovalState | null;
  to: ApprovalState;
  /** A person's name, or `naru` when a rule did it. */
  by: string;
  reason: string | null;
  at: Date;
}

/**
 * Which moves exist. `expired` comes and goes by the certificate's dates; `suspended` only by a person. A rejected
 * product must be submitted again before it can be approved, so that somebody looked at what changed.
 */
const moves: Record<ApprovalState, readonly ApprovalState[]> = {
  draft: ['submitted', 'rejected'],
  submitted: ['approved', 'rejected', 'draft'],
  approved: ['suspended', 'expired', 'submitted', 'rejected'],
  rejected: ['submitted'],
  suspended: ['approved', 'rejected', 'submitted', 'expired'],
  expired: ['approved', 'submitted', 'rejected'],
};

/** True when the state machine knows a step from `from` to `to`. */
export function mayMove(from: ApprovalState, to: ApprovalState): boolean {
  return moves[from].includes(to);
}
