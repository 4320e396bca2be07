import type { Campaign } from '../domain/campaign.ts';
import type { Queryable } from './database.ts';

/** Writes a campaign with its members and accounts; what is no longer named is taken out. */
export async function saveCampaign(tx: Queryable, campaign: Campaign, now: Date): Promise<'added' | 'changed'> {
  const { rows } = await tx.query<{ added: boolean }>(
    `insert into naru.campaign (campaign_id, name, starts_at, ends_at, updated_at) values ($1, $2, $3, $4, $5)
     on conflict (campaign_id) do update set name = $2, starts_at = $3, ends_at = $4, updated_at = $5
     returning (xmax = 0) as added`,
    [campaign.id, campaign.name, campaign.startsAt, campaign.endsAt, now],
  );
  await tx.query('delete from naru.campaign_member where campaign_id = $1', [campaign.id]);
  await tx.query('delete from naru.campaign_account where campaign_id = $1', [campaign.id]);
  await tx.query(
    `insert into naru.campaign_member (campaign_id, sku, price_krw)
     select distinct on (sku) $1, sku, "priceKrw" from jsonb_to_recordset($2::jsonb) as r(sku text, "priceKrw" bigint)`,
    [campaign.id, JSON.stringify(campaign.members)],
  );
  await tx.query('insert into naru.campaign_account (campaign_id, account_id) select $1, unnest($2::text[])', [
    campaign.id,
    campaign.accountIds,
  ]);
  return rows[0]?.added ? 'added' : 'changed';
}

/** All campaigns with members and accounts, by start. */
export async function listCampaigns(store: Queryable): Promise<Campaign[]> {
  const campaigns = await store.query<{ campaign_id: string; name: string; starts_at: Date; ends_at: Date }>(
    'select campaign_id, name, starts_at, ends_at from naru.campaign order by starts_at, campaign_id',
  );
  const members = await store.query<{ campaign_id: string; sku: string; price_krw: number | null }>(
    'select campaign_id, sku, price_krw from naru.campaign_member order by sku',
  );
  const accounts = await store.query<{ campaign_id: string; account_id: string }>(
    'select campaign_id, account_id from naru.campaign_account order by account_id',
  );
  const byId = new Map<string, Campaign>();
  for (const row of campaigns.rows) {
    byId.set(row.campaign_id, {
      id: row.campaign_id,
      name: row.name,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      accountIds: [],
      members: [],
    });
  }
  for (const row of members.rows) byId.get(row.campaign_id)?.members.push({ sku: row.sku, priceKrw: row.price_krw });
  for (const row of accounts.rows) byId.get(row.campaign_id)?.accountIds.push(row.account_id);
  return [...byId.values()];
}
