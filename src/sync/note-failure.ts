import type { ChannelError } from '../channel/errors.ts';
import type { Operation } from '../domain/listing.ts';
import { pauseAccount } from '../store/accounts.ts';
import type { Queryable } from '../store/database.ts';
import { writeDeadLetter } from '../store/dead-letters.ts';
import { changeListing, type ListingRecord } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { sentenceFor } from './error-sentences.ts';
import type { OpenAccount } from './open-account.ts';
import { isAboutAnother } from './refused.ts';
import { backoffMs, maxFailures } from './retry-policy.ts';

/**
 * A passing failure of one listing: tried again after a growing pause, for as long as it takes, since the channel will
 * come back. People are told once it has lasted. Returns the milliseconds until the next try.
 */
export async function noteFailure(
  deps: SyncDependencies,
  tx: Queryable,
  account: OpenAccount,
  work: { operation: Operation; sku: string; listing: ListingRecord },
  error: ChannelError,
  context: { token: string },
): Promise<number> {
  const now = deps.clock.now();
  const { accountId } = account.stored;
  const { kind, code, channelMessage } = error;
  // The channel's pace is no failure: waiting for it must never end in a dead letter.
  const failures = work.listing.failures + (kind === 'rate-limited' ? 0 : 1);
  const waitMs = error.retryAfterMs ?? backoffMs(failures, Math.random);
  await changeListing(
    tx,
    { listingId: work.listing.listingId, leaseToken: context.token, now },
    {
      retryAfter: new Date(now.getTime() + waitMs),
      failures,
      // It must not hide a refusal that people have to act on; but a stop that fails is told before all else.
      ...(!(isAboutAnother(work.listing, work.operation) && work.operation !== 'stop') && {
        refusal: {
          operation: work.operation,
          passing: kind,
          code,
          message: channelMessage ?? '',
          field: null,
          site: null,
        },
      }),
    },
  );
  if (failures !== maxFailures) return waitMs;
  const { sku, operation } = work;
  const sentence = sentenceFor({ sku, accountId, operation, kind, code, channelMessage });
  await writeDeadLetter(tx, {
    jobName: 'push',
    payload: { accountId, listingIds: [work.listing.listingId] },
    accountId,
    sku,
    kind,
    code,
    messageKo: sentence.ko,
    messageEn: sentence.en,
    attempts: failures,
    now,
  });
  return waitMs;
}

/** Stops the account and says why; every further call would fail the same way, and some channels count them. */
export async function pauseForError(deps: SyncDependencies, account: OpenAccount, error: ChannelError): Promise<void> {
  const { accountId } = account.stored;
  const { kind, code, channelMessage } = error;
  const sentence = sentenceFor({ sku: null, accountId, operation: null, kind, code, channelMessage });
  account.context.log.error({ kind, code }, 'the account is paused until people act');
  await pauseAccount(deps.store, {
    accountId,
    kind,
    messageKo: sentence.ko,
    messageEn: sentence.en,
    now: deps.clock.now(),
  });
}
