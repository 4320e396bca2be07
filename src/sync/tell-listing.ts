import type { ObservedListing } from '../domain/listing.ts';
import { writeDeadLetter } from '../store/dead-letters.ts';
import type { ListingFacts, Refusal } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { refusalSentence } from './listing-sentences.ts';
import type { OpenAccount } from './open-account.ts';

/** Tells people of a listing that did not become, or is no more, what was pushed: one open letter for each listing. */
export async function tellStuck(
  deps: SyncDependencies,
  account: OpenAccount,
  facts: ListingFacts,
  refusal: Refusal,
): Promise<void> {
  const { accountId } = account.stored;
  const { sku } = facts;
  const sentence = refusalSentence(sku, accountId, refusal);
  account.context.log.warn({ sku, code: refusal.code, field: refusal.field }, 'a listing did not settle as wanted');
  await writeDeadLetter(deps.store, {
    jobName: 'push',
    payload: { accountId, listingIds: [facts.listing?.listingId ?? 0] },
    accountId,
    sku,
    kind: 'rejected',
    code: refusal.code,
    messageKo: sentence.ko,
    messageEn: sentence.en,
    attempts: 1,
    now: deps.clock.now(),
  });
}

/** Two listings of one product: which to keep is for people, since orders may hang on both. */
export async function tellDoubled(
  deps: SyncDependencies,
  account: OpenAccount,
  sku: string,
  found: readonly ObservedListing[],
): Promise<void> {
  const { accountId } = account.stored;
  const numbers = found.map((listing) => Object.values(listing.externalIds).join('/')).join(', ');
  account.context.log.error({ sku, count: found.length }, 'the channel holds a product more than once');
  await writeDeadLetter(deps.store, {
    jobName: 'check',
    payload: { accountId, sku },
    accountId,
    sku,
    kind: 'conflict',
    code: 'DOUBLED',
    messageKo: `상품 ${sku}: 계정 ${accountId}의 채널에 같은 상품이 ${found.length}개 있습니다(${numbers}). 채널의 판매자 화면에서 하나만 남기고 삭제해 주십시오.`,
    messageEn: `Product ${sku}: the channel of account ${accountId} holds it ${found.length} times (${numbers}). Delete all but one at the channel.`,
    attempts: 1,
    now: deps.clock.now(),
  });
}
