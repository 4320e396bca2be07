import { z } from 'zod';
import { baseSettingsShape, baseSettingsWithoutUrlShape } from '../../src/channel/base-settings.ts';
import type { ChannelContext } from '../../src/channel/contract.ts';
import { isLoopback } from '../../src/channel/http.ts';
import type { InboundContext } from '../../src/channel/inbound.ts';
import { currencySchema } from '../../src/domain/money.ts';

/** The one place a listing of this channel appears on: the buyer's catalogue, or our punch-out pages. */
export const site = 'catalogue';

export const catalogueFormats = ['index', 'cif'] as const;
export type CatalogueFormat = (typeof catalogueFormats)[number];

/** A party as cXML names it: an identity and the domain in which it means something. */
const partySchema = z.strictObject({
  domain: z.string().min(1).max(100).default('NetworkId'),
  identity: z.string().min(1, '식별자를 적어 주십시오 / the identity is required').max(255),
});

const identitiesSchema = z
  .array(z.string().min(1).max(255))
  .min(1, '식별자가 하나는 있어야 합니다 / at least one identity');

const unspscSchema = z
  .string()
  .regex(/^\d{8}(?:\d{2})?$/, 'UNSPSC 코드는 숫자 8자리입니다 / a UNSPSC code has eight digits');

/** Enough for an account that only answers; who sends documents says who speaks to whom. */
const unnamed = 'unnamed';

export const settingsSchema = z
  .strictObject({
    ...baseSettingsWithoutUrlShape,
    /** Where the buyer or the network takes our documents, path included; without it the account is punch-out only. */
    baseUrl: baseSettingsShape.baseUrl
      .refine(
        // Our secret stands in every document.
        (url) => url.startsWith('https://') || isLoopback(url),
        'https 주소여야 합니다 / must be https, except on this machine',
      )
      .optional(),
    /** We, the supplier: `From` of what we send. */
    identity: partySchema.default({ domain: 'NetworkId', identity: unnamed }),
    /** The buyer or the network: `To` of what we send. */
    buyer: partySchema.default({ domain: 'NetworkId', identity: unnamed }),
    /** The domain that the Sender credential of the partner must carry; any when left out. */
    senderDomain: z.string().min(1).max(100).optional(),
    /** Whom `From` of what comes may name; anybody when left out. */
    fromIdentities: identitiesSchema.optional(),
    /** Whom `To` of what comes may name: us, under all our identities; anybody when left out. */
    toIdentities: identitiesSchema.optional(),
    currency: currencySchema.default('KRW'),
    catalogueFormat: z.enum(catalogueFormats, 'index 또는 cif / index or cif').default('index'),
    catalogueName: z
      .string()
      .regex(/^[^\p{Cc}]{1,100}$/u, '한 줄, 100자 이하입니다 / one line of at most 100 characters')
      .default('Green products'),
    /** The domain of our SupplierID in catalogues; that of `identity` when left out. */
    supplierIdDomain: z.string().min(1).max(100).optional(),
    unspsc: unspscSchema.optional(),
    unspscByGroup: z.record(z.string(), unspscSchema).default({}),
    language: z.enum(['ko', 'en'], 'ko 또는 en / ko or en').default('ko'),
    leadTimeDays: z.int().min(0).max(365).default(3),
    /**
     * How what we send is marked. Written out as `production` it also keeps messages marked `test` from being booked;
     * left out, whatever comes is booked, because many buyers never change the mark.
     */
    deploymentMode: z.enum(['production', 'test'], 'production 또는 test / production or test').optional(),
    /** Hosts a punch-out cart may be returned to; any when left out. */
    allowedReturnHosts: z
      .array(z.string().regex(/^[a-z0-9.-]+(?::\d+)?$/, '호스트 이름만 적습니다 / a host name in small letters'))
      .min(1, '호스트가 하나는 있어야 합니다 / at least one host')
      .optional(),
    contact: z.strictObject({ name: z.string().min(1).max(100), email: z.email() }).optional(),
  })
  .superRefine(({ baseUrl, identity, buyer }, context) => {
    for (const [path, party] of Object.entries({ identity, buyer })) {
      if (baseUrl === undefined || party.identity !== unnamed) continue;
      const message = 'baseUrl로 문서를 보내려면 필요합니다 / needed where documents are sent to a baseUrl';
      context.addIssue({ code: 'custom', path: [path], message });
    }
  });
export type CxmlSettings = z.output<typeof settingsSchema>;

const secretSchema = z
  .string()
  // Readers of XML trim texts, so an outer blank would never be found equal.
  .regex(/^\S(?:.*\S)?$/, '비밀값은 공백으로 시작하거나 끝날 수 없습니다 / no blank at either end');

export const credentialsSchema = z.strictObject({
  /** The identity of the Sender of what comes to our door. */
  identity: secretSchema,
  sharedSecret: secretSchema,
  /** Our secret towards the partner, where it is not the same. */
  outboundSecret: secretSchema.optional(),
});
export type CxmlCredentials = z.output<typeof credentialsSchema>;

export type CxmlContext = ChannelContext<CxmlSettings, CxmlCredentials>;
export type CxmlInboundContext = InboundContext<CxmlSettings, CxmlCredentials>;

/** Our SupplierID as catalogues carry it. */
export function supplierIdOf(settings: CxmlSettings): { domain: string; identity: string } {
  return { domain: settings.supplierIdDomain ?? settings.identity.domain, identity: settings.identity.identity };
}

/** The language of a text as cXML names it. */
export function xmlLanguage(language: CxmlSettings['language']): string {
  return language === 'ko' ? 'ko-KR' : 'en-US';
}
