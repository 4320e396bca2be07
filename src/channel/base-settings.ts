import { z } from 'zod';

/** When an account is read by itself; cron in Asia/Seoul, seconds first. Staff may change it per account. */
export const scheduleSchema = z
  .strictObject({
    ordersMinutes: z.int().min(1).max(1440).default(5),
    claimsMinutes: z.int().min(1).max(1440).default(15),
    settlementsMinutes: z.int().min(1).max(1440).default(360),
    /** The daily look further back that proves completeness. */
    sweepCron: z.string().default('0 20 4 * * *'),
    /** The daily look at what the channel shows. */
    auditCron: z.string().default('0 50 4 * * *'),
  })
  .prefault({});

/** Settings every account has; adapters spread this into their own schema. */
export const baseSettingsShape = {
  /** Where the channel listens; every account may point elsewhere, a sandbox for instance. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  schedule: scheduleSchema,
};

/** The same for a channel that we never call: one that calls us, or one to which a person carries files. */
export const baseSettingsWithoutUrlShape = { schedule: scheduleSchema };

/** For channels that bring inquiries: who asks is personal data, and kept only where an account says so. */
export const buyerContactsShape = {
  keepBuyerContacts: z.boolean().default(false),
  /** Days until a kept contact is erased. */
  contactDays: z.int().min(1).max(1_825).default(90),
};

export const baseSettingsSchema = z.object({
  ...baseSettingsShape,
  baseUrl: baseSettingsShape.baseUrl.optional(),
  keepBuyerContacts: z.boolean().optional(),
  contactDays: z.int().optional(),
});
export type BaseSettings = z.infer<typeof baseSettingsSchema>;
