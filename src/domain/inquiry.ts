import { z } from 'zod';
import { moneySchema } from './money.ts';

/** What a buyer asks for. A buying lead is open to every seller of a portal; the others were sent to us. */
export const inquiryKinds = ['inquiry', 'rfq', 'buying-lead', 'sample-order'] as const;

/**
 * What a possible buyer wrote to a seller, before there is any order: a lead. Who the person is stands apart, in
 * `BuyerContact`, because it is kept only where the account says so.
 */
export const inquirySchema = z.object({
  /** The channel's own number; null where it gives none, then the key of the record is made from the content. */
  channelNumber: z.string().nullable(),
  kind: z.enum(inquiryKinds),
  receivedAt: z.date(),
  /** Our SKU or model number, or the product's title, as the buyer or the portal wrote it; the core finds the product. */
  productWords: z.string().nullable(),
  buyerCompany: z.string().nullable(),
  /** ISO 3166-1 alpha-2 where the country could be recognised, else the word as written. */
  buyerCountry: z.string().nullable(),
  quantity: z.int().positive().nullable(),
  unit: z.string().nullable(),
  targetPrice: moneySchema.nullable(),
  incoterm: z.string().nullable(),
  port: z.string().nullable(),
  /** Free text with e-mail addresses and telephone numbers taken out. */
  message: z.string(),
  expiresAt: z.date().nullable(),
});
export type Inquiry = z.infer<typeof inquirySchema>;

/** Personal data: sealed where it is kept at all, masked wherever it is shown, erased when its time is over. */
export const buyerContactSchema = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
});
export type BuyerContact = z.infer<typeof buyerContactSchema>;
