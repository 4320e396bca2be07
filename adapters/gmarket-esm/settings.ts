import { z } from 'zod';
import { baseSettingsShape, scheduleSchema } from '../../src/channel/base-settings.ts';
import type { ChannelContext } from '../../src/channel/contract.ts';
import { isLoopback } from '../../src/channel/http.ts';

/** The two storefronts of one ESM account, in the order in which everything here walks them. */
export const sites = ['gmkt', 'iac'] as const;
export type Site = (typeof sites)[number];

/** The letter of a site in tokens and in the settlement ledgers (notes §1, §4.1). */
export const siteLetters: Record<Site, 'G' | 'A'> = { gmkt: 'G', iac: 'A' };

/** The number of a site everywhere except the list of cancels, where Gmarket is 3 (notes §3.4). */
export const siteNumbers: Record<Site, 1 | 2> = { gmkt: 2, iac: 1 };

/** Names of the sites for people. */
export const siteNames: Record<Site, { ko: string; en: string }> = {
  gmkt: { ko: 'G마켓', en: 'Gmarket' },
  iac: { ko: '옥션', en: 'Auction' },
};

export type PerSite<Value> = Partial<Record<Site, Value>>;

/** One value per site, by the wire's lower-case site names. */
export function perSite<Value>(wanted: readonly Site[], value: (site: Site) => Value): PerSite<Value> {
  return Object.fromEntries(wanted.map((site) => [site, value(site)]));
}

/** True for a site name of this channel. */
export function isSite(text: string): text is Site {
  return (sites as readonly string[]).includes(text);
}

const sellerId = z
  .string()
  // The ids of both sites stand in one text, `A:…,G:…`: a comma or colon inside one would name another seller.
  .regex(
    /^[^\s,:]{1,50}$/,
    '판매자 ID에는 공백, 쉼표, 콜론을 쓸 수 없습니다 / no blank, comma or colon in a seller id',
  );

const sellingPeriods = [-1, 15, 30, 60, 90] as const;

export const settingsSchema = z
  .strictObject({
    ...baseSettingsShape,
    baseUrl: baseSettingsShape.baseUrl
      .refine(
        (url) => url.startsWith('https://') || isLoopback(url),
        'https 주소여야 합니다 / must be https, except on this machine',
      )
      .default('https://sa2.esmplus.com'),
    masterId: z.string().min(1, 'ESM+ 마스터 ID가 필요합니다 / the ESM+ master id is required'),
    issuer: z.string().min(1, '신청한 도메인을 적어 주십시오 / the domain you applied with is required'),
    sellerIds: z.strictObject({ gmkt: sellerId.optional(), iac: sellerId.optional() }),
    sites: z.array(z.enum(sites, 'gmkt 또는 iac / gmkt or iac')).optional(),
    siteDiscountConsent: z.boolean().default(true),
    sellingPeriodDays: z
      .literal(sellingPeriods, '판매기간은 -1, 15, 30, 60, 90 중 하나입니다 / one of -1, 15, 30, 60, 90')
      .default(90),
    returnFeeKrw: z.int().min(0).multipleOf(10, '반품 배송비는 10원 단위입니다 / in steps of 10 won').default(3000),
    sendIssuedAt: z.boolean().default(false),
    schedule: scheduleSchema,
  })
  .transform((file, context) => {
    const known: PerSite<string> = {};
    if (file.sellerIds.gmkt) known.gmkt = file.sellerIds.gmkt;
    if (file.sellerIds.iac) known.iac = file.sellerIds.iac;
    const refuse = (path: string, message: string) => {
      context.addIssue({ code: 'custom', path: [path], message });
      return z.NEVER;
    };
    if (Object.keys(known).length === 0) {
      return refuse(
        'sellerIds',
        'G마켓(gmkt)이나 옥션(iac) 판매자 ID가 필요합니다 / a gmkt or iac seller id is required',
      );
    }
    const wanted = file.sites ?? sites.filter((site) => known[site]);
    if (wanted.length === 0) return refuse('sites', '사이트가 하나는 있어야 합니다 / at least one site');
    const lacking = wanted.find((site) => !known[site]);
    if (lacking) return refuse('sites', `${lacking}의 판매자 ID가 없습니다 / there is no seller id for ${lacking}`);
    return { ...file, sellerIds: known, sites: sites.filter((site) => wanted.includes(site)) };
  });
export type EsmSettings = z.output<typeof settingsSchema>;

/** The issued secret key is used as it was mailed, as text; it is not base64 (notes §1). */
export const credentialsSchema = z.strictObject({
  secretKey: z.string().min(1, '발급받은 비밀키가 필요합니다 / the issued secret key is required'),
});
export type EsmCredentials = z.output<typeof credentialsSchema>;

export type EsmContext = ChannelContext<EsmSettings, EsmCredentials>;
