import { type OfferPart, offerParts } from '../channel/contract.ts';
import type { ApprovalState } from '../domain/approval.ts';
import { type Campaign, isOpen } from '../domain/campaign.ts';
import type { Finding } from '../domain/finding.ts';
import type { Discount } from '../domain/listing.ts';
import { won } from '../domain/money.ts';
import { addDays, formatSeoul, seoulDayOf } from '../domain/seoul-time.ts';
import type { WantedState } from '../store/attempts.ts';
import type { ListingFacts } from '../store/listings.ts';

/** The campaigns as one account sees them, ready to be asked per SKU. */
export interface CampaignView {
  /** What opens or keeps the product on this account now: the campaign and its price. */
  openFor(sku: string): { campaign: Campaign; priceKrw: number | null } | null;
  /** Any campaign the product is a member of, open or not, on whatever account. */
  anyFor(sku: string): Campaign | null;
}

/** Prepares `campaigns` for one account at one instant. Of two open campaigns the lower price counts: it was promised. */
export function viewCampaigns(campaigns: readonly Campaign[], accountId: string, now: Date): CampaignView {
  const open = new Map<string, { campaign: Campaign; priceKrw: number | null }>();
  const any = new Map<string, Campaign>();
  for (const campaign of campaigns) {
    const counts = campaign.accountIds.includes(accountId) && isOpen(campaign, now);
    for (const member of campaign.members) {
      const known = any.get(member.sku);
      // People are told of the campaign that comes next, or else of the latest one.
      if (!known || known.endsAt <= now) any.set(member.sku, campaign);
      if (!counts) continue;
      const best = open.get(member.sku);
      const cheaper = (member.priceKrw ?? Infinity) < (best?.priceKrw ?? Infinity);
      if (!best || cheaper) open.set(member.sku, { campaign, priceKrw: member.priceKrw });
    }
  }
  return { openFor: (sku) => open.get(sku) ?? null, anyFor: (sku) => any.get(sku) ?? null };
}

/** The wanted state of one listing, or why it is not to be on sale. */
export interface Desire {
  wanted: WantedState;
  /** Why not, for staff; null while it is to be on sale, or when nothing needs to be said. */
  obstacle: Finding | null;
}

/**
 * The one place that says whether a product may be on sale. It asks approval and certificate itself, at the instant of
 * the decision, instead of trusting that some job has already run.
 */
export function desire(
  facts: ListingFacts,
  view: CampaignView,
  accountId: string,
  now: Date,
  parts: readonly OfferPart[] = offerParts,
): Desire {
  const obstacle = obstacleOf(facts, view, accountId, now, parts);
  const unmade = facts.listing?.findings.find((finding) => finding.result === 'block') ?? null;
  const listed = Object.keys(facts.listing?.externalIds ?? {}).length > 0;
  const open = view.openFor(facts.sku);
  // A document that cannot be made, for want of a mapping say, keeps a product from being listed; one that is lawfully
  // on sale already goes on with what the channel has.
  const held = obstacle ?? (listed ? null : unmade);
  const discount = open ? discountOf(facts.priceKrw, open.campaign, open.priceKrw) : null;
  const hasDiscounts = parts.includes('discount');
  return {
    wanted: {
      onSale: held === null,
      offReason: held?.rule ?? null,
      contentHash: (unmade && listed ? facts.listing?.pushed?.contentHash : facts.listing?.contentHash) ?? '',
      // A channel that knows no discounts is given the lower price itself while the campaign is open.
      price: won(facts.priceKrw - (hasDiscounts ? 0 : (discount?.amount.minor ?? 0))),
      stock: facts.stock,
      discount: hasDiscounts ? discount : null,
    },
    obstacle: obstacle ?? unmade,
  };
}

/** What a product costs now where a channel knows no discounts: the campaign's price while it is open and lower. */
export function offerPriceOf(facts: { sku: string; priceKrw: number }, view: CampaignView): number {
  return Math.min(facts.priceKrw, view.openFor(facts.sku)?.priceKrw ?? facts.priceKrw);
}

/** The campaign price as a reduction of the product's own; null when the campaign does not lower it. */
function discountOf(priceKrw: number, campaign: Campaign, campaignPriceKrw: number | null): Discount | null {
  if (campaignPriceKrw === null || campaignPriceKrw >= priceKrw) return null;
  return {
    amount: won(priceKrw - campaignPriceKrw),
    firstDay: seoulDayOf(campaign.startsAt),
    // The window is half-open: a campaign that ends at midnight has its last day before it.
    lastDay: seoulDayOf(new Date(campaign.endsAt.getTime() - 1)),
  };
}

const approvalSentences: Record<Exclude<ApprovalState, 'approved'>, { ko: string; en: string }> = {
  draft: {
    ko: '확인할 사항이 있어 보류 중입니다. `naru products show`로 내용을 보고 사유와 함께 승인하거나 반려해 주십시오.',
    en: 'is held for a decision. Look at it with `naru products show`, then approve it with a reason or reject it.',
  },
  submitted: {
    ko: '아직 승인되지 않았습니다. `naru products approve`로 승인해 주십시오.',
    en: 'is not approved yet. Approve it with `naru products approve`.',
  },
  rejected: { ko: '반려되었습니다.', en: 'was rejected.' },
  suspended: {
    ko: '판매 중지 상태입니다. 다시 팔려면 `naru products approve`로 승인해 주십시오.',
    en: 'is suspended. Approve it again with `naru products approve` to resume.',
  },
  expired: {
    ko: '유효한 인증이 없습니다. 갱신된 인증서로 카탈로그를 다시 가져와 주십시오.',
    en: 'has no certificate that is valid now. Import the catalogue again with the renewed certificate.',
  },
};

function obstacleOf(
  facts: ListingFacts,
  view: CampaignView,
  accountId: string,
  now: Date,
  parts: readonly OfferPart[],
): Finding | null {
  const { sku } = facts;
  // Expired is what the end of the certificate made of the approval: the same reason, whether it was written down yet or not.
  const ended = facts.approvalState === 'expired' && !facts.certified;
  if (facts.approvalState !== 'approved' && !ended) {
    const sentence = approvalSentences[facts.approvalState];
    return block('not_approved', 'approval', `상품 ${sku}: ${sentence.ko}`, `Product ${sku} ${sentence.en}`);
  }
  if (!facts.certified) {
    const today = seoulDayOf(now);
    return block(
      'cert_not_valid_today',
      'certificates',
      `상품 ${sku}: 오늘(${today}) 유효한 인증이 없어 판매할 수 없습니다. 갱신된 인증서로 카탈로그를 다시 가져와 주십시오.`,
      `Product ${sku} has no certificate that is valid today (${today}) and may not be sold. Import the renewed certificate.`,
    );
  }
  const any = view.anyFor(sku);
  if (any && !view.openFor(sku)) return campaignObstacle(sku, any, accountId, now);
  if (facts.stock <= 0 && parts.includes('stock')) {
    return block(
      'sold_out',
      'stock_qty',
      `상품 ${sku}: 팔 수 있는 재고가 없습니다. 재고를 확인해 카탈로그를 다시 가져와 주십시오.`,
      `Product ${sku} has no stock left to sell. Check the stock and import the catalogue again.`,
    );
  }
  return null;
}

function campaignObstacle(sku: string, campaign: Campaign, accountId: string, now: Date): Finding {
  const window = `${formatSeoul(campaign.startsAt)} ~ ${formatSeoul(campaign.endsAt)}`;
  if (isOpen(campaign, now) && !campaign.accountIds.includes(accountId)) {
    return block(
      'campaign_other_account',
      'campaign',
      `상품 ${sku}: 기획전 ${campaign.id}의 대상 계정에 ${accountId}이(가) 없습니다. 이 계정에서도 팔려면 기획전에 계정을 추가해 주십시오.`,
      `Product ${sku} belongs to campaign ${campaign.id}, which does not name account ${accountId}. Add the account to the campaign to sell it there.`,
    );
  }
  return block(
    'campaign_not_open',
    'campaign',
    `상품 ${sku}: 기획전 ${campaign.id} 기간(${window}, 서울 시각)이 아닙니다. 기간 밖에서도 팔려면 기획전에서 이 상품을 빼 주십시오.`,
    `Product ${sku} belongs to campaign ${campaign.id}, which is open ${window} (Seoul) only. Take it out of the campaign to sell it at other times.`,
  );
}

function block(rule: string, field: string, messageKo: string, messageEn: string): Finding {
  return { rule, result: 'block', field, messageKo, messageEn };
}

/** Days of notice before a certificate ends, for warnings to staff. */
export function noticeUntil(now: Date): string {
  return addDays(seoulDayOf(now), 30);
}
