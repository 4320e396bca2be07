import { createHash, randomBytes } from 'node:crypto';
import type {
  InboundAnswer,
  InboundContext,
  InboundGroup,
  InboundMessage,
  InboundOutcome,
  InboundResult,
  VisitAnswer,
} from '../channel/inbound.ts';
import type { Json } from '../domain/listing.ts';
import { contentHash } from '../runtime/content-hash.ts';
import { findAccount } from '../store/accounts.ts';
import { ordersGoneOn, ordersTakenBack } from '../store/cancelled-orders.ts';
import type { Queryable } from '../store/database.ts';
import { claimMessage, findVisit, moveVisit, openVisit } from '../store/inbound.ts';
import { lockAccountForCounting } from '../store/sales.ts';
import { commitPage } from './commit-page.ts';
import type { SyncDependencies } from './dependencies.ts';
import { keepInquiries } from './import-inquiries.ts';
import { createOffers } from './offers.ts';
import { type OpenAccount, openStoredAccount } from './open-account.ts';

/** A partner's cart is filled within a working day or not at all. */
const visitMs = 8 * 3_600_000;

interface OpenDoor {
  account: OpenAccount;
  inbound: InboundGroup<never, never>;
  context: InboundContext<never, never>;
}

/** The account's door; null when there is no such account or its channel does not call us. */
async function openDoor(deps: SyncDependencies, accountId: string): Promise<OpenDoor | null> {
  const stored = await findAccount(deps.store, accountId);
  if (!stored || !deps.registry.find(stored.adapterId)?.inbound) return null;
  const account = openStoredAccount(deps, stored);
  const { inbound } = account.adapter;
  if (!inbound) return null;
  const context = {
    ...account.context,
    url: doorUrl(deps, accountId),
    offers: createOffers(deps, account),
    visits: {
      open: async (data: Json) => {
        const token = randomBytes(32).toString('base64url');
        const expiresAt = new Date(deps.clock.now().getTime() + visitMs);
        await openVisit(deps.store, { tokenHash: hashOf(token), accountId, data, expiresAt });
        return visitUrl(deps, accountId, token);
      },
    },
  };
  return { account, inbound, context: context as unknown as InboundContext<never, never> };
}

function doorUrl(deps: SyncDependencies, accountId: string): string {
  return `${deps.publicUrl}/inbound/${encodeURIComponent(accountId)}`;
}

function visitUrl(deps: SyncDependencies, accountId: string, token: string): string {
  return `${doorUrl(deps, accountId)}/visits/${token}`;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Takes one message of a partner. What it says is committed together with its id before it is answered: an answer "taken"
 * is a promise, and the same message again, even a hundred times at once, changes nothing.
 *
 * Returns null when there is no such door.
 */
export async function receiveInbound(
  deps: SyncDependencies,
  accountId: string,
  message: InboundMessage,
): Promise<InboundAnswer | null> {
  const door = await openDoor(deps, accountId);
  if (!door) return null;
  const result = await door.inbound.receive(door.context, message);
  const outcome = result.messageId === null ? 'recorded' : await record(deps, door.account, result.messageId, result);
  door.account.context.log.info(
    { outcome, orders: result.orders.length, claims: result.claims.length, inquiries: result.inquiries.length },
    'a partner called',
  );
  return result.answer(outcome);
}

async function record(
  deps: SyncDependencies,
  account: OpenAccount,
  messageId: string,
  { says, orders, claims, inquiries }: InboundResult,
): Promise<InboundOutcome> {
  const { accountId } = account.stored;
  const now = deps.clock.now();
  const sha256 = contentHash(says);
  try {
    return await deps.store.transaction(async (tx): Promise<InboundOutcome> => {
      const claimed = await claimMessage(tx, { accountId, messageId, sha256, now });
      if (claimed !== 'new') return claimed === 'same' ? 'repeated' : 'conflicting';
      await refuseWhatCountsForNothing(tx, accountId, { orders, claims });
      const page = { account, runId: null, now };
      await commitPage(tx, { ...page, stream: 'orders', records: { orders, claims: [], settlements: [] } });
      await commitPage(tx, { ...page, stream: 'claims', records: { orders: [], claims, settlements: [] } });
      await keepInquiries(deps, tx, account, messageId, inquiries);
      return 'recorded';
    });
  } catch (error) {
    if (error instanceof CountsForNothing) return error.outcome;
    account.context.log.error({ err: error }, 'a message of a partner could not be stored');
    return 'failed';
  }
}

/** Ends the transaction of a message of which nothing may be kept, its id included. It never leaves this file. */
class CountsForNothing extends Error {
  readonly outcome: 'cancelled' | 'outdated';

  constructor(outcome: 'cancelled' | 'outdated') {
    super(outcome);
    this.name = 'CountsForNothing';
    this.outcome = outcome;
  }
}

/** "Taken" would be a lie where an order or a cancel changes nothing: the partner must hear of it. */
async function refuseWhatCountsForNothing(
  tx: Queryable,
  accountId: string,
  { orders, claims }: Pick<InboundResult, 'orders' | 'claims'>,
): Promise<void> {
  const cancels = claims.map(({ value }) => value).filter(({ kind }) => kind === 'cancel');
  if (orders.length === 0 && cancels.length === 0) return;
  // Before looking: of an update and a cancel that come at once, one must see what the other did.
  await lockAccountForCounting(tx, accountId);
  if ((await ordersTakenBack(tx, accountId, orders)).length > 0) throw new CountsForNothing('cancelled');
  if ((await ordersGoneOn(tx, accountId, cancels)).length > 0) throw new CountsForNothing('outdated');
}

/** The answer to a message that is longer than the account's channel allows; null when there is no such door. */
export async function refuseLongMessage(deps: SyncDependencies, accountId: string): Promise<InboundAnswer | null> {
  const stored = await findAccount(deps.store, accountId);
  return (stored && deps.registry.find(stored.adapterId)?.inbound?.tooLarge(deps.clock.now())) ?? null;
}

/** A step of a visit to our pages; null when the visit is over or never was. */
export async function continueVisit(
  deps: SyncDependencies,
  visit: { accountId: string; token: string; method: 'GET' | 'POST'; fields: Record<string, string> },
): Promise<VisitAnswer | null> {
  const door = await openDoor(deps, visit.accountId);
  if (!door?.inbound.visit) return null;
  const { accountId, token, method, fields } = visit;
  const tokenHash = hashOf(token);
  const url = visitUrl(deps, accountId, token);
  for (;;) {
    const known = await findVisit(deps.store, { tokenHash, accountId, now: deps.clock.now() });
    if (!known) return null;
    const answer = await door.inbound.visit(door.context, { method, fields, url, data: known.data });
    if (await moveVisit(deps.store, tokenHash, known.data, answer.ends ? null : answer.data)) return answer;
  }
}
