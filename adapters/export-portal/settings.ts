import { posix } from 'node:path';
import { z } from 'zod';
import { baseSettingsWithoutUrlShape, buyerContactsShape } from '../../src/channel/base-settings.ts';
import type { ChannelContext } from '../../src/channel/contract.ts';
import { type ProfileId, profileIds, profiles } from './profiles/index.ts';
import { type ExportTemplate, templateSchema } from './template.ts';

/** The ways of paying that the portals' forms name. */
export const paymentTerms = ['T/T', 'L/C', 'D/A', 'D/P', 'Western Union', 'PayPal', 'Credit card'] as const;

const termsSchema = z
  .strictObject({
    portOfLoading: z.string().min(1).optional().describe('Port of loading, such as Busan, Korea'),
    paymentTerms: z.array(z.enum(paymentTerms)).default([]),
    supplyAbility: z.string().min(1).optional().describe('Quantity, unit and period, such as 10,000 pieces per month'),
    leadTimeDays: z.int().min(0).max(999).optional().describe('Days from the order to dispatch'),
    packaging: z.string().min(1).optional(),
    sampleTerms: z.string().min(1).optional().describe('Who pays for samples, and how many'),
    oem: z.boolean().optional().describe('Whether goods are made under the brand of a buyer'),
  })
  .prefault({});
export type Terms = z.output<typeof termsSchema>;

const hostKey = z
  .string()
  .regex(
    /^SHA256:[A-Za-z0-9+/]{43}$/,
    'ssh-keygen -lf가 보여 주는 SHA256:… 값입니다 / SHA256:… as ssh-keygen -lf prints it',
  );

const deliverySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('folder'),
    path: z.string().min(1).describe('An existing folder on the machine that runs Naru'),
  }),
  z.strictObject({
    kind: z.literal('sftp'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(22),
    username: z.string().min(1),
    path: z
      .string()
      .min(1)
      .transform((path) => posix.normalize(path))
      .describe('An existing folder on the server'),
    hostKeySha256: hostKey.describe('Fingerprint of the server, from its operator and not from the first connection'),
  }),
]);
export type Delivery = z.output<typeof deliverySchema>;

export const settingsSchema = z
  .strictObject({
    ...baseSettingsWithoutUrlShape,
    profile: z.enum(profileIds).optional().describe('One of the forms that come with Naru'),
    template: templateSchema.optional().describe("The portal's own form, instead of a profile"),
    delivery: deliverySchema
      .prefault({ kind: 'none' })
      .describe('Where finished batches are put; none: Naru keeps them'),
    keepBuyerContacts: buyerContactsShape.keepBuyerContacts.describe(
      'Keep names, e-mail addresses and telephone numbers of buyers, sealed. Off: they are dropped',
    ),
    contactDays: buyerContactsShape.contactDays.describe('Days after which kept contacts are erased'),
    staleDays: z
      .int()
      .min(1)
      .max(365)
      .default(7)
      .describe('Days without a receipt after which a batch is reported as forgotten'),
    terms: termsSchema.describe('Terms of trade that the catalogue does not hold, the same for all products'),
  })
  .refine((settings) => (settings.profile === undefined) !== (settings.template === undefined), {
    path: ['profile'],
    message: 'profile과 template 가운데 하나만 적어 주십시오 / give either a profile or a template',
  });
export type ExportPortalSettings = z.output<typeof settingsSchema>;

/** Empty where nothing is delivered by SFTP. */
export const credentialsSchema = z.strictObject({
  sftpPrivateKey: z.string().min(1).optional().describe('Private key in OpenSSH or PEM form'),
  sftpPassphrase: z.string().min(1).optional(),
});
export type ExportPortalCredentials = z.output<typeof credentialsSchema>;

export type ExportPortalContext = ChannelContext<ExportPortalSettings, ExportPortalCredentials>;

/** The form of an account: its own, or the one of its profile. */
export function templateOf(settings: Pick<ExportPortalSettings, 'profile' | 'template'>): ExportTemplate {
  if (settings.template) return settings.template;
  const id: ProfileId | undefined = settings.profile;
  if (id === undefined) throw new RangeError('settings with neither a profile nor a template');
  return profiles[id];
}
