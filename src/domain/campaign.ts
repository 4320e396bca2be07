import { z } from 'zod';
import { inBoth } from './field-faults.ts';
import { parseSeoulInstant } from './seoul-time.ts';

/** A 기획전: which products, at which price, on which accounts, in a half-open window `[startsAt, endsAt)`. */
export interface Campaign {
  id: string;
  name: string;
  startsAt: Date;
  endsAt: Date;
  accountIds: string[];
  members: CampaignMember[];
}

export interface CampaignMember {
  sku: string;
  /** Sale price during the campaign in won; null keeps the product's own price. */
  priceKrw: number | null;
}

const windowEdge = z
  .string()
  .refine((text) => parseSeoulInstant(text) !== null, inBoth('날짜나 ISO 시각이어야 합니다', 'a date or an ISO time'));

/**
 * A campaign as staff write it. A bare date as `end` means the whole of that day in Seoul; a time is the first instant
 * that no longer belongs to the campaign.
 */
export const campaignFileSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, inBoth('영문, 숫자, -, _로 64자 이내', 'letters, digits, - and _, at most 64')),
    name: z.string().min(1).max(100),
    start: windowEdge,
    end: windowEdge,
    accounts: z.array(z.string().min(1)).min(1),
    members: z.array(z.strictObject({ sku: z.string().min(1), price_krw: z.int().min(10).nullish() })),
  })
  .transform((file) => ({
    id: file.id,
    name: file.name,
    startsAt: parseSeoulInstant(file.start) as Date,
    endsAt: parseSeoulInstant(file.end, true) as Date,
    accountIds: [...new Set(file.accounts)],
    members: file.members.map((member) => ({ sku: member.sku, priceKrw: member.price_krw ?? null })),
  }))
  .refine((campaign) => campaign.startsAt < campaign.endsAt, {
    message: inBoth('끝이 시작보다 늦지 않습니다', 'the end is not after the start'),
    path: ['end'],
  });

/** True while the campaign is open: the start belongs to it, the end does not. */
export function isOpen(campaign: Pick<Campaign, 'startsAt' | 'endsAt'>, now: Date): boolean {
  return campaign.startsAt <= now && now < campaign.endsAt;
}
