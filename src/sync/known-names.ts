import { PeopleError } from '../domain/people-error.ts';
import { findAccount } from '../store/accounts.ts';
import { listCampaigns } from '../store/campaigns.ts';
import type { SyncDependencies } from './dependencies.ts';
import { unknownAccount } from './open-account.ts';

/** Throws PeopleError for a campaign that nobody applied: an empty answer would look like one without sales. */
export async function requireCampaign(deps: SyncDependencies, campaignId: string | undefined): Promise<void> {
  if (campaignId === undefined) return;
  if ((await listCampaigns(deps.store, [])).some((campaign) => campaign.id === campaignId)) return;
  throw new PeopleError(
    'campaign_unknown',
    `기획전 ${campaignId}이(가) 없습니다. \`naru campaigns list\`로 이름을 확인해 주십시오.`,
    `There is no campaign ${campaignId}. See \`naru campaigns list\`.`,
  );
}

/** Throws PeopleError for an account that nobody added: an empty answer would look like one without work. */
export async function requireAccount(deps: SyncDependencies, accountId: string | undefined): Promise<void> {
  if (accountId !== undefined && !(await findAccount(deps.store, accountId))) throw unknownAccount(accountId);
}

/** Throws PeopleError for a span of Seoul days that ends before it begins. */
export function requireOrder(fromDay: string | undefined, toDay: string | undefined): void {
  if (fromDay === undefined || toDay === undefined || fromDay <= toDay) return;
  throw new PeopleError(
    'window_invalid',
    `시작일 ${fromDay}이(가) 종료일 ${toDay}보다 늦습니다. 두 날짜를 바꿔 주십시오.`,
    `The first day ${fromDay} is after the last day ${toDay}. Swap the two.`,
  );
}
