import type { ChannelError, ChannelErrorKind } from '../channel/errors.ts';
import { stoppedCode } from '../channel/http.ts';
import type { Operation } from '../domain/listing.ts';

/**
 * What is done about an error. One table, so that no place can have its own opinion.
 *
 * `later`: wait and try again. `give-up`: a dead letter at once, because repeating it unchanged is useless; one channel
 * cut whole applications to a call an hour for repeating a refused request. `pause-account`: people must act first;
 * going on would only make more errors, and some channels lock the account for them. `look`: ask the channel what it
 * holds before anything else.
 */
export type RetryAction = 'later' | 'give-up' | 'pause-account' | 'look';

const actions: Record<ChannelErrorKind, RetryAction> = {
  'rate-limited': 'later',
  unavailable: 'later',
  timeout: 'later',
  conflict: 'later',
  unauthorized: 'pause-account',
  forbidden: 'pause-account',
  'not-found': 'look',
  rejected: 'give-up',
  protocol: 'give-up',
  unsupported: 'give-up',
};

/** The action for an error kind. */
export function actionFor(kind: ChannelErrorKind): RetryAction {
  return actions[kind];
}

/**
 * The action for a failed push. `isWhole`: the adapter threw it for the call as a whole, not for one product. Then a 404
 * is about the address of the account, which people must mend. `canLook`: the channel can be asked what it holds of the
 * product; where it cannot, this is told to people, since no look will ever correct it.
 */
export function pushActionFor(kind: ChannelErrorKind, about: { isWhole: boolean; canLook: boolean }): RetryAction {
  const action = actionFor(kind);
  if (action !== 'look') return action;
  if (about.isWhole) return 'pause-account';
  return about.canLook ? 'look' : 'give-up';
}

/**
 * True for what our own stop cut off. The channel has no part in it: it is no failure to count or to tell, and is sent
 * again as soon as a process runs.
 */
export function isOwnStop(error: ChannelError): boolean {
  return error.kind === 'unavailable' && error.code === stoppedCode;
}

/**
 * True when the write may have happened although there was no good answer. Only a create is ever in doubt: all other
 * writes set a value and can simply be sent again. A wrong "true" costs one look at the channel, a wrong "false" a
 * doubled product.
 */
export function leavesDoubt(operation: Operation, error: ChannelError): boolean {
  if (operation !== 'create' || !error.sent) return false;
  return error.kind === 'timeout' || error.kind === 'unavailable' || error.kind === 'protocol';
}

/** Tries before a passing failure becomes a dead letter. */
export const maxFailures = 8;

/** Milliseconds until the next try after `failures` in a row: 2 s doubling to 5 min, and half of it at random. */
export function backoffMs(failures: number, random: () => number): number {
  const full = Math.min(300_000, 2_000 * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * random());
}
