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
     select $1, sku, "priceKrw" from jsonb_to_recordset($2::jsonb) as r(sku text, "priceKrw" bigint)`,
    [campaign.id, JSON.stringify(campaign.members)],
  );
  await tx.query('insert into naru.campaign_account (campaign_id, account_id) select $1, unnest($2::text[])', [
    campaign.id,
    campaign.accountIds,
  ]);
  return rows[0]?.added ? 'added' : 'changed';
}

/** All campaigns with members and accounts, by start; with `skus` only these among the members. */
export async function listCampaigns(store: Queryable, skus?: readonly string[]): Promise<Campaign[]> {
  const { rows } = await store.query<{
    campaign_id: string;
    name: string;
    starts_at: Date;
    ends_at: Date;
    account_ids: string[];
    members: Campaign['members'];
  }>(
    `select c.campaign_id, c.name, c.starts_at, c.ends_at,
       array(select a.account_id from naru.campaign_account a where a.campaign_id = c.campaign_id order by a.account_id)
         as account_ids,
       coalesce((select jsonb_agg(jsonb_build_object('sku', m.sku, 'priceKrw', m.price_krw) order by m.sku)
         from naru.campaign_member m where m.campaign_id = c.campaign_id ${skus ? 'and m.sku = any($1)' : ''}), '[]')
         as members
     from naru.campaign c order by c.starts_at, c.campaign_id`,
    skus ? [skus] : [],
  );
  return rows.map((row) => ({
    id: row.campaign_id,
    name: row.name,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    accountIds: row.account_ids,
    members: row.members,
  }));
}
