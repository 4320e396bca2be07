import { dropOldVisits } from '../store/inbound.ts';
import { eraseOldContacts } from '../store/inquiries.ts';
import { dropOldTraces } from '../store/runs.ts';
import type { SyncDependencies } from './dependencies.ts';

const dayMs = 24 * 3_600_000;

/**
 * Keeps the store from growing for years: what only helps to look back goes after its time. Orders, claims, settlements,
 * approvals and price history stay; they are records a seller must keep for up to five years (e-commerce decree, Art. 6), and
 * so is what was told about an order. What partners sent and which inquiry files were read is kept for good as well: by it
 * a repeat is known, and a file that is read again would bring back contacts that were erased.
 */
export async function dropTraces(deps: SyncDependencies): Promise<void> {
  const now = deps.clock.now().getTime();
  const dropped = await dropOldTraces(deps.store, {
    runs: new Date(now - 180 * dayMs),
    attempts: new Date(now - 180 * dayMs),
    // Closed ones only: an open one waits for people, however long.
    deadLetters: new Date(now - 180 * dayMs),
    // Display and advertising must be provable for six months; a superseded answer of a channel for less.
    rawRecords: new Date(now - 90 * dayMs),
  });
  const contacts = await eraseOldContacts(deps.store, deps.clock.now());
  const visits = await dropOldVisits(deps.store, deps.clock.now());
  deps.log.info({ ...dropped, contacts, visits }, 'old traces dropped');
}
