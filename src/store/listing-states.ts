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
    // This is asked every minute; only what moves is written, so that "last changed" says when something changed.
    `update naru.listing l set updated_at = $5, state = n.state
     from (select o.listing_id, case
         when o.listing_id = any($2) then 'queued' when o.listing_id = any($3) then 'changed'
         when o.listing_id = any($4) then 'exported' when o.external_ids <> '{}' then 'on-sale' else 'planned' end as state
       from naru.listing o
       where o.account_id = $1 and (o.listing_id = any($2) or o.listing_id = any($3) or o.listing_id = any($4)
         or o.state in ('queued', 'changed', 'exported'))) n
     where l.listing_id = n.listing_id and l.state is distinct from n.state`,
    [accountId, states.queued, states.changed, states.exported, now],
  );
}
