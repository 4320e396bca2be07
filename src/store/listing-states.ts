import type { Queryable } from './database.ts';

/**
 * Sets the states of an account's listings that stand between us and a person who carries files. A listing that was
 * queued or changed and is named no more goes back to where it was: on sale where the channel knows it, else planned.
 */
export async function setListingStates(
  store: Queryable,
  accountId: string,
  now: Date,
  states: { queued: readonly number[]; changed: readonly number[]; exported: readonly number[] },
): Promise<void> {
  await store.query(
    `update naru.listing l set updated_at = $5, state = case
         when l.listing_id = any($2) then 'queued' when l.listing_id = any($3) then 'changed'
         when l.listing_id = any($4) then 'exported' when l.external_ids <> '{}' then 'on-sale' else 'planned' end
     where l.account_id = $1 and (l.listing_id = any($2) or l.listing_id = any($3) or l.listing_id = any($4)
       or l.state in ('queued', 'changed', 'exported'))`,
    [accountId, states.queued, states.changed, states.exported, now],
  );
}
