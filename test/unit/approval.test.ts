import { expect, it } from 'vitest';
import { type ApprovalState, approvalStates, mayMove } from '../../src/domain/approval.ts';

const moves: Record<ApprovalState, ApprovalState[]> = {
  draft: ['submitted', 'rejected'],
  submitted: ['draft', 'approved', 'rejected'],
  approved: ['submitted', 'rejected', 'suspended', 'expired'],
  rejected: ['submitted'],
  suspended: ['submitted', 'approved', 'rejected', 'expired'],
  expired: ['submitted', 'approved', 'rejected'],
};

it.each(approvalStates)('knows the moves from %s and no other', (from) => {
  expect(approvalStates.filter((to) => mayMove(from, to))).toEqual(
    approvalStates.filter((to) => moves[from].includes(to)),
  );
});

it('lets nothing be approved that was not submitted before', () => {
  expect(mayMove('draft', 'approved')).toBe(false);
  expect(mayMove('rejected', 'approved')).toBe(false);
});

it('has no move to where it is', () => {
  for (const state of approvalStates) expect(mayMove(state, state)).toBe(false);
});
