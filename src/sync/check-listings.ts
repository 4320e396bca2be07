import { isChannelError } from '../channel/errors.ts';
import type { ObservedListing, PushedListing } from '../domain/listing.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { closeDeadLetters } from '../store/dead-letters.ts';
import { type DueListing, listingsToCheck, nextCheckAt, requestChecks } from '../store/listing-checks.ts';
import {
  changeListing,
  type ListingChanges,
  type ListingFacts,
  type ListingRecord,
  pageOfFacts,
} from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { desire, viewCampaigns } from './desired.ts';
import { judge, ownListing, refusalInForce, remarksBeside, stuckRefusal, type Verdict } from './judge-listing.ts';
import { pauseForError } from './note-failure.ts';
import { type OpenAccount, openAccount } from './open-account.ts';
import { wantedHash } from './refused.ts';
import { renderProducts } from './render-listing.ts';
import { lookUpBySku } from './resolve-doubts.ts';
import { actionFor } from './retry-policy.ts';
import { type EndQuestions, endQuestions, isEnding, withSaleEnds } from './sale-ends.ts';
import { tellDoubled, tellStuck } from './tell-listing.ts';

/** Longest pause between two looks while anything is open; looking into our own store costs nothing. */
const longestPauseMs = 5_000;

/**
 * Reads back what was accepted, until it shows. An "accepted" is the channel's word; a listing counts as on sale, changed
 * or stopped only when the channel shows it so, because refusals come without an error too.
 *
 * Returns after how many milliseconds to look again; null when nothing of the account is open.
 */
export async function checkListings(
  deps: SyncDependencies,
  accountId: string,
): Promise<{ againAfterMs: number | null }> {
  const account = await openAccount(deps, accountId);
  const find = account.adapter.listings?.find;
  if (!find || account.stored.state === 'paused') return { againAfterMs: null };
  const asked = new Set<string>();
  const questions = endQuestions();
  for (;;) {
    const now = deps.clock.now();
    // Once in a run: what could not be written is due still, and would be asked for again and again.
    const due = (await dueWithCompany(deps, account, now, find.maxBatch)).filter(({ sku }) => !asked.has(sku));
    if (due.length === 0) break;
    for (const { sku } of due) asked.add(sku);
    const skus = due.map((listing) => listing.sku);
    const found = await askQuietly(deps, account, skus);
    // A channel that is away is not asked every few seconds.
    if (!found) return { againAfterMs: account.adapter.listings?.settle.everyMs ?? 60_000 };
    const facts = await pageOfFacts(deps.store, {
      accountId,
      afterSku: '',
      limit: skus.length,
      today: seoulDayOf(now),
      now,
      skus,
    });
    const titles = await renderProducts(deps, account, skus);
    const campaigns = viewCampaigns(await listCampaigns(deps.store, skus), accountId, now);
    const parts = account.adapter.listings?.parts ?? [];
    const versions = new Map(due.map(({ sku, version }) => [sku, version]));
    for (const one of facts) {
      const { sku, listing } = one;
      const version = versions.get(sku);
      const title = titles.get(sku)?.title ?? null;
      if (!listing || version === undefined) continue;
      const { wanted } = desire(one, campaigns, accountId, now, parts);
      const isWanted = wanted.onSale;
      const check = { facts: one, listing, version, isWanted, found: found.get(sku) ?? [], title, questions };
      await checkOne(deps, account, check);
    }
  }
  const next = await nextCheckAt(deps.store, accountId);
  if (!next) return { againAfterMs: null };
  const untilNextMs = next.getTime() - deps.clock.now().getTime();
  // Due and left alone: a worker is at it, or was a moment ago.
  return { againAfterMs: untilNextMs <= 0 ? longestPauseMs : Math.min(longestPauseMs, Math.max(100, untilNextMs)) };
}

/** When anything is due, what is due soon comes along: one question for fifty listings instead of fifty. */
async function dueWithCompany(
  deps: SyncDependencies,
  account: OpenAccount,
  now: Date,
  limit: number,
): Promise<DueListing[]> {
  const { accountId } = account.stored;
  const due = await listingsToCheck(deps.store, accountId, { now, due: now, limit: 1 });
  if (due.length === 0) return [];
  const soon = new Date(now.getTime() + (account.adapter.listings?.settle.firstMs ?? 0));
  return listingsToCheck(deps.store, accountId, { now, due: soon, limit });
}

async function askQuietly(
  deps: SyncDependencies,
  account: OpenAccount,
  skus: string[],
): Promise<Map<string, ObservedListing[]> | null> {
  try {
    return await lookUpBySku(account, skus);
  } catch (error) {
    if (!isChannelError(error)) throw error;
    const { kind, code } = error;
    account.context.log.warn({ kind, code }, 'listings could not be read back yet');
    if (actionFor(kind) === 'pause-account') await pauseForError(deps, account, error);
    return null;
  }
}

/** What there is to judge one listing by. */
interface OneCheck {
  facts: ListingFacts;
  listing: ListingRecord;
  version: string;
  /** It should be on sale by what is decided now. */
  isWanted: boolean;
  found: readonly ObservedListing[];
  title: string | null;
  questions: EndQuestions;
}

async function checkOne(deps: SyncDependencies, account: OpenAccount, check: OneCheck): Promise<void> {
  const { facts, listing, version, isWanted, found, title, questions } = check;
  const { settle, sites } = account.adapter.listings ?? {};
  if (!settle || !sites) return;
  const now = deps.clock.now();
  // What the channel said is as old as the call: what was pushed meanwhile is newer, and is read back in its turn.
  const target = { listingId: listing.listingId, version, now };
  if (found.length > 1) await tellDoubled(deps, account, facts.sku, found);
  const own = ownListing(listing.externalIds, found);
  const asked = own && isWanted ? await withSaleEnds(deps, account, { listing, observed: own }, questions) : null;
  const soon = new Date(now.getTime() + settle.everyMs);
  if (asked?.isComplete === false && own?.sites.some((site) => site.state === 'stopped')) {
    // Whether it was stopped or has ended by itself is not known yet, and one of the two is to be undone.
    await changeListing(deps.store, target, { checkAfter: soon });
    return;
  }
  const observed = asked?.observed ?? own;
  const verdict = judge({ listing, observed, title, sites: sites(account.settings) });
  // Only what we sent is waited for; what an audit finds is how things are now. But a listing that is not found at all is
  // looked for as long as a new one would be: believing too early that it is gone ends in a second one.
  // A time in the future, from a clock that ran ahead, would make it be waited for until then.
  const since = listing.acceptedAt && listing.acceptedAt < now ? listing.acceptedAt : now;
  const pending = verdict.pending && (listing.acceptedAt !== null || observed === null);
  // Something that may not be on sale and still is gets its stop again after minutes, not after half an hour.
  const patienceMs = verdict.stillSelling ? Math.min(settle.giveUpMs, 2 * settle.everyMs) : settle.giveUpMs;
  const changes: ListingChanges = { observed, observedAt: now, checks: listing.checks + 1 };
  if (pending && now.getTime() - since.getTime() < patienceMs) {
    const pauseMs = Math.min(settle.everyMs, settle.firstMs * 2 ** Math.min(listing.checks + 1, 10));
    const checkAfter = new Date(now.getTime() + pauseMs);
    await changeListing(deps.store, target, { ...changes, state: 'accepted', acceptedAt: since, checkAfter });
    return;
  }
  const stuck = pending ? (verdict.refusal ?? stuckRefusal) : verdict.pending ? null : verdict.refusal;
  const refusal = stuck ?? refusalInForce(listing.refusal, verdict, observed);
  const isWritten = await changeListing(deps.store, target, {
    ...changes,
    ...stateAfter(verdict, observed === null && pending),
    refusal,
    ...(stuck && { refusedHash: refusedHashOf(facts, listing, verdict.pushed) }),
    // Carrying the sale on is no repetition of what was refused.
    ...((refusal === null || isEnding(observed)) && { refusedHash: null }),
    remarks: isWanted && !(stuck && pending) ? remarksBeside(refusal, verdict) : [],
    checkAfter: asked?.isComplete === false ? soon : null,
    acceptedAt: null,
  });
  if (!isWritten) return;
  const { accountId } = account.stored;
  if (stuck) await tellStuck(deps, account, facts, stuck);
  // A letter says what a refusal says, so it stays for as long as the refusal does.
  else if (!refusal) await closeDeadLetters(deps.store, { accountId, sku: facts.sku, jobName: 'push', now });
  if (found.length === 1) await closeDeadLetters(deps.store, { accountId, sku: facts.sku, jobName: 'check', now });
}

function stateAfter(verdict: Verdict, isGone: boolean): ListingChanges {
  const { state, pushed } = verdict;
  // The channel deleted it, or never had it: it is listed anew when the product changes or a person replays it.
  if (isGone) return { state: 'planned', externalIds: {}, pushed: null };
  // A stop that did not happen must be sent again, so it must not count as done.
  return { state, pushed: verdict.stillSelling && pushed ? { ...pushed, onSale: true } : pushed };
}

function refusedHashOf(facts: ListingFacts, listing: ListingRecord, pushed: PushedListing | null): string | null {
  if (!pushed) return null;
  const { onSale, contentHash, price, discount } = pushed;
  // Units sold since the write are no change of what is wanted.
  const isCounted = pushed.sites.every((site) => pushed.stock - (listing.soldSincePush[site] ?? 0) === facts.stock);
  const stock = isCounted ? facts.stock : pushed.stock;
  return wantedHash({ onSale, offReason: null, contentHash, price, stock, discount });
}

/** Has everything an account lists read back by the next check: the channel changes things on its own. */
export async function auditListings(deps: SyncDependencies, accountId: string): Promise<void> {
  await requestChecks(deps.store, accountId, deps.clock.now());
}
