import { isChannelError } from '../channel/errors.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { createId } from '../runtime/ids.ts';
import { listingsInDoubt } from '../store/attempts.ts';
import { leaseListings, releaseListings } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { OpenAccount } from './open-account.ts';
import { resolveDoubts } from './resolve-doubts.ts';

/** Longer than the questions take, even at a channel that answers one every few seconds. */
const leaseMs = 10 * 60_000;

/**
 * Settles what is in doubt on an account with as few questions as the channel allows. A worker asks for its own product
 * alone: after an outage in the middle of 600 creates that would be 600 look-ups at 20 a minute instead of a dozen.
 * What cannot be settled now is left to the workers, which ask again.
 */
export async function settleDoubts(deps: SyncDependencies, account: OpenAccount): Promise<void> {
  const { accountId } = account.stored;
  const now = deps.clock.now();
  const doubts = await listingsInDoubt(deps.store, accountId, now);
  if (doubts.length === 0) return;
  const token = createId('lease', deps.clock);
  const listingIds = doubts.map((doubt) => doubt.listingId);
  const leased = await leaseListings(deps.store, {
    accountId,
    listingIds,
    process: deps.processNumber,
    token,
    until: new Date(now.getTime() + leaseMs),
    today: seoulDayOf(now),
    now,
  });
  try {
    await resolveDoubts(deps, account, leased, token);
  } catch (error) {
    if (!isChannelError(error)) throw error;
    account.context.log.warn({ kind: error.kind, code: error.code }, 'doubts could not be settled yet');
  } finally {
    await releaseListings(deps.store, listingIds, token);
  }
}
