import { isChannelError } from '../channel/errors.ts';
import {
  isOnSaleEverywhere,
  isOnSaleSomewhere,
  type ListingState,
  type ObservedListing,
  type PushedListing,
} from '../domain/listing.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { closeDeadLetters, writeDeadLetter } from '../store/dead-letters.ts';
import { type DueListing, listingsToCheck, nextCheckAt, requestChecks } from '../store/listing-checks.ts';
import { changeListing, type ListingChanges, type ListingFacts, pageOfFacts, type Refusal } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { wantedHash } from './difference.ts';
import { type OpenAccount, openAccount } from './open-account.ts';
import { pauseForError } from './push-outcome.ts';
import { renderProducts } from './render-listing.ts';
import { lookUpBySku } from './resolve-doubts.ts';
import { actionFor } from './retry-policy.ts';

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
    const versions = new Map(due.map(({ sku, version }) => [sku, version]));
    for (const one of facts) {
      const version = versions.get(one.sku);
      const title = titles.get(one.sku)?.title ?? null;
      if (version !== undefined) await checkOne(deps, account, one, version, found.get(one.sku) ?? [], title);
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

async function checkOne(
  deps: SyncDependencies,
  account: OpenAccount,
  facts: ListingFacts,
  version: string,
  found: readonly ObservedListing[],
  title: string | null,
): Promise<void> {
  const { listing, sku } = facts;
  const { settle } = account.adapter.listings ?? {};
  if (!listing || !settle) return;
  const now = deps.clock.now();
  // What the channel said is as old as the call: what was pushed meanwhile is newer, and is read back in its turn.
  const target = { listingId: listing.listingId, version, now };
  if (found.length > 1) await tellDoubled(deps, account, sku, found);
  const observed = ownListing(listing.externalIds, found);
  const sites = account.adapter.listings?.sites(account.settings) ?? [];
  const verdict = judge(listing.pushed, observed, title, sites);
  // Only what we sent is waited for; what an audit finds is how things are now. But a listing that is not found at all is
  // looked for as long as a new one would be: believing too early that it is gone ends in a second one.
  const since = listing.acceptedAt ?? now;
  const pending = verdict.pending && (listing.acceptedAt !== null || observed === null);
  // Something that may not be on sale and still is gets its stop again after minutes, not after half an hour.
  const patienceMs = verdict.stillSelling ? Math.min(settle.giveUpMs, 2 * settle.everyMs) : settle.giveUpMs;
  const open = pending && now.getTime() - since.getTime() < patienceMs;
  const changes: ListingChanges = { observed, observedAt: now, checks: listing.checks + 1 };
  if (open) {
    const pauseMs = Math.min(settle.everyMs, settle.firstMs * 2 ** Math.min(listing.checks + 1, 10));
    await changeListing(deps.store, target, {
      ...changes,
      state: 'accepted',
      acceptedAt: since,
      checkAfter: new Date(now.getTime() + pauseMs),
    });
    return;
  }
  const refusal = verdict.pending ? null : verdict.refusal;
  const stuck = pending ? (verdict.refusal ?? stuckRefusal) : refusal;
  const gone = observed === null && pending;
  const isWritten = await changeListing(deps.store, target, {
    ...changes,
    state: gone ? 'planned' : verdict.state,
    // The channel deleted it, or never had it: it is listed anew when the product changes or a person replays it.
    ...(gone && { externalIds: {}, pushed: null }),
    // A stop that did not happen must be sent again, so it must not count as done.
    ...(verdict.stillSelling && listing.pushed && { pushed: { ...listing.pushed, onSale: true } }),
    ...(stuck && { refusal: stuck, refusedHash: refusedHashOf(listing.pushed) }),
    checkAfter: null,
    acceptedAt: null,
    failures: 0,
  });
  if (!isWritten) return;
  if (stuck) await tellStuck(deps, account, facts, stuck);
  else if (found.length <= 1) await closeDeadLetters(deps.store, { accountId: account.stored.accountId, sku, now });
}

const stuckRefusal: Refusal = { operation: 'create', code: 'STUCK', message: '', field: null, site: null };

function refusedHashOf(pushed: PushedListing | null): string | null {
  if (!pushed) return null;
  const { onSale, contentHash, price, stock, discount } = pushed;
  return wantedHash({ onSale, offReason: null, contentHash, price, stock, discount });
}

/** Of several listings under our SKU ours is the one whose numbers we were given. */
function ownListing(externalIds: Record<string, string>, found: readonly ObservedListing[]): ObservedListing | null {
  const values = new Set(Object.values(externalIds));
  return (
    found.find((candidate) => Object.values(candidate.externalIds).some((id) => values.has(id))) ?? found[0] ?? null
  );
}

interface Verdict {
  state: ListingState;
  /** What was accepted does not show yet. */
  pending: boolean;
  /** It was to be stopped and still sells. */
  stillSelling: boolean;
  refusal: Refusal | null;
}

/** @param sites where the account wants its products; what was pushed leaves out those that refused. */
function judge(
  pushed: PushedListing | null,
  observed: ObservedListing | null,
  title: string | null,
  sites: readonly string[],
): Verdict {
  const none = { stillSelling: false, refusal: null };
  if (!observed) return { state: 'planned', pending: true, ...none };
  // Adopted and not yet written to: the next push sets everything; until then it is what it is.
  if (!pushed) return { state: isOnSaleSomewhere(observed) ? 'on-sale' : 'stopped', pending: false, ...none };
  if (!pushed.onSale) {
    const selling = observed.sites.some((site) => site.state === 'on-sale' || site.state === 'pending');
    return { state: selling ? 'accepted' : 'stopped', pending: selling, stillSelling: selling, refusal: null };
  }
  const seen = observed.sites.filter((site) => pushed.sites.includes(site.site));
  const selling: ListingState = sites.every((site) => pushed.sites.includes(site)) ? 'on-sale' : 'partial';
  const blocked = seen.filter((site) => site.state === 'blocked');
  const firstBlocked = blocked[0];
  if (firstBlocked) {
    const refusal = {
      operation: 'create',
      code: 'BLOCKED_BY_CHANNEL',
      message: firstBlocked.note ?? '',
      field: null,
      site: firstBlocked.site,
    } as const;
    return {
      state: blocked.length === seen.length ? 'stopped' : 'partial',
      pending: false,
      stillSelling: false,
      refusal,
    };
  }
  if (!isOnSaleEverywhere(observed, pushed.sites)) {
    const waiting =
      seen.length < pushed.sites.length || seen.some((site) => site.state === 'pending' || site.state === 'stopped');
    const soldOut = !waiting;
    return {
      state: soldOut ? selling : isOnSaleSomewhere(observed) ? 'partial' : 'stopped',
      pending: waiting,
      ...none,
    };
  }
  const price = seen.find((site) => site.price !== null && site.price.minor !== pushed.price.minor);
  if (price)
    return {
      state: selling,
      pending: true,
      stillSelling: false,
      refusal: silent('price', price.site, pushed.price.minor, price.price?.minor),
    };
  if (title !== null && observed.title !== null && observed.title !== title) {
    return {
      state: selling,
      pending: true,
      stillSelling: false,
      refusal: silent('name', null, title, observed.title),
    };
  }
  return { state: selling, pending: false, ...none };
}

/** The channel answered "yes" and kept the old value. */
function silent(field: string, site: string | null, wanted: unknown, kept: unknown): Refusal {
  return { operation: 'update', code: 'SILENTLY_REFUSED', message: `${String(wanted)} → ${String(kept)}`, field, site };
}

async function tellStuck(
  deps: SyncDependencies,
  account: OpenAccount,
  facts: ListingFacts,
  refusal: Refusal,
): Promise<void> {
  const { accountId } = account.stored;
  const { sku } = facts;
  const site = refusal.site ? ` (${refusal.site})` : '';
  const sentences: Record<string, { ko: string; en: string }> = {
    SILENTLY_REFUSED: {
      ko: `상품 ${sku}, 계정 ${accountId}${site}: 채널이 변경을 받았다고 답했지만 ${refusal.field} 값이 그대로입니다(원하는 값 → 남은 값: ${refusal.message}). 채널의 판매자 화면에서 직접 고치거나 카탈로그를 채널 값에 맞춰 주십시오.`,
      en: `Product ${sku}, account ${accountId}${site}: the channel said yes but kept its ${refusal.field} (wanted → kept: ${refusal.message}). Change it by hand at the channel, or make the catalogue agree with the channel.`,
    },
    BLOCKED_BY_CHANNEL: {
      ko: `상품 ${sku}, 계정 ${accountId}${site}: 채널이 판매를 막았습니다. 채널의 판매자 화면에서 사유를 확인하고 해결한 뒤 \`naru dead-letters replay\`로 다시 확인해 주십시오. ${refusal.message}`,
      en: `Product ${sku}, account ${accountId}${site}: the channel stopped the sale. See the reason at the channel, settle it there, then have it looked at again with \`naru dead-letters replay\`. ${refusal.message}`,
    },
    STUCK: {
      ko: `상품 ${sku}, 계정 ${accountId}: 채널이 받았다고 답했지만 원하는 상태로 보이지 않습니다. 채널의 판매자 화면에서 상태를 확인한 뒤 \`naru dead-letters replay\`로 다시 보내 주십시오.`,
      en: `Product ${sku}, account ${accountId}: the channel accepted it but it does not show as wanted. See its state at the channel, then send it again with \`naru dead-letters replay\`.`,
    },
  };
  const sentence = sentences[refusal.code] ?? sentences.STUCK;
  account.context.log.warn({ sku, code: refusal.code, field: refusal.field }, 'a listing did not settle as wanted');
  await writeDeadLetter(deps.store, {
    jobName: 'push',
    payload: { accountId, listingIds: [facts.listing?.listingId ?? 0] },
    accountId,
    sku,
    kind: 'rejected',
    code: refusal.code,
    messageKo: sentence?.ko ?? '',
    messageEn: sentence?.en ?? '',
    attempts: 1,
    now: deps.clock.now(),
  });
}

/** Two listings of one product: which to keep is for people, since orders may hang on both. */
async function tellDoubled(
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

/** Has everything an account lists read back by the next check: the channel changes things on its own. */
export async function auditListings(deps: SyncDependencies, accountId: string): Promise<void> {
  await requestChecks(deps.store, accountId, deps.clock.now());
}
