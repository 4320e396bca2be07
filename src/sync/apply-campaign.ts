import { campaignFileSchema } from '../domain/campaign.ts';
import { fieldFaults } from '../domain/field-faults.ts';
import { PeopleError } from '../domain/people-error.ts';
import { listAccounts } from '../store/accounts.ts';
import { saveCampaign } from '../store/campaigns.ts';
import { attributeInquiries } from '../store/inquiries.ts';
import { findIdentities } from '../store/products.ts';
import { attributeOrders, countFacts, lockAccountsForCounting } from '../store/sales.ts';
import type { SyncDependencies } from './dependencies.ts';

export interface CampaignResult {
  campaign: string;
  result: 'added' | 'changed';
  startsAt: Date;
  endsAt: Date;
  accounts: string[];
  members: number;
  /** Members that no catalogue has brought yet; they join when they come. */
  unknownSkus: string[];
}

/** Texts that stand more than once, each once. */
function repeated(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) !== index))];
}

/**
 * Creates or updates a campaign from a file. Orders and inquiries that fall into its window are counted under it from then
 * on, also those that came before; so a campaign may be written down late without a wrong figure.
 */
export async function applyCampaign(deps: SyncDependencies, file: unknown): Promise<CampaignResult> {
  const parsed = campaignFileSchema.safeParse(file);
  if (!parsed.success) {
    const places = fieldFaults(campaignFileSchema, file);
    throw new PeopleError(
      'campaign_invalid',
      `기획전 파일을 쓸 수 없습니다. 다음 항목을 고쳐 주십시오: ${places.ko}. README의 "기획전" 예시를 참고해 주십시오.`,
      `The campaign file cannot be used. Correct: ${places.en}. See the example under "Campaigns" in the README.`,
    );
  }
  const campaign = parsed.data;
  const doubled = repeated(campaign.members.map((member) => member.sku));
  if (doubled.length > 0) {
    throw new PeopleError(
      'campaign_sku_repeated',
      `기획전 ${campaign.id}의 파일에 상품 ${doubled.join(', ')}이(가) 두 번 이상 있어 어느 가격이 맞는지 알 수 없습니다. 상품마다 한 줄만 남겨 주십시오.`,
      `The file of campaign ${campaign.id} names ${doubled.join(', ')} more than once, so which price is meant is not known. Keep one entry per product.`,
    );
  }
  const accounts = new Set((await listAccounts(deps.store)).map((account) => account.accountId));
  const strangers = campaign.accountIds.filter((accountId) => !accounts.has(accountId));
  if (strangers.length > 0) {
    throw new PeopleError(
      'campaign_account_unknown',
      `기획전 ${campaign.id}의 대상 계정 ${strangers.join(', ')}이(가) 없습니다. \`naru accounts list\`로 이름을 확인해 주십시오.`,
      `Campaign ${campaign.id} names accounts that do not exist: ${strangers.join(', ')}. See \`naru accounts list\`.`,
    );
  }
  const known = await findIdentities(
    deps.store,
    campaign.members.map((member) => member.sku),
  );
  const now = deps.clock.now();
  const result = await deps.store.transaction(async (tx) => {
    await lockAccountsForCounting(tx);
    const saved = await saveCampaign(tx, campaign, now);
    await countFacts(tx, await attributeOrders(tx, campaign.id), now);
    await attributeInquiries(tx, campaign.id);
    return saved;
  });
  return {
    campaign: campaign.id,
    result,
    startsAt: campaign.startsAt,
    endsAt: campaign.endsAt,
    accounts: campaign.accountIds,
    members: campaign.members.length,
    unknownSkus: campaign.members.map((member) => member.sku).filter((sku) => !known.has(sku)),
  };
}
