import { z } from 'zod';

/**
 * How our words become one account's words: data that staff edit and import, never code. A product that needs an entry
 * which is not there is blocked with a sentence naming the entry.
 */
export const noticeMappingSchema = z.strictObject({
  /** The channel's notice group for our notice type. */
  group: z.string().min(1),
  /** Our notice key (or `=fixed text` as the source) for each of the channel's item codes. */
  items: z.record(z.string(), z.string()),
});

export const mappingsSchema = z.strictObject({
  /** Product group in Korean -> the channel's leaf category, per site: `{ "사무용지": { "gmkt": "300009483" } }`. */
  categories: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** Our notice type -> the channel's notice group and item codes. */
  notices: z.record(z.string(), noticeMappingSchema).default({}),
  /** Shipping places, policies, return addresses: names and shapes are the adapter's. */
  shipping: z.record(z.string(), z.json()).default({}),
});
export type Mappings = z.infer<typeof mappingsSchema>;

/** Both together; where both have an entry of one name, the one of `over` counts. */
export function mergeMappings(under: Mappings, over: Mappings): Mappings {
  return {
    categories: { ...under.categories, ...over.categories },
    notices: { ...under.notices, ...over.notices },
    shipping: { ...under.shipping, ...over.shipping },
  };
}
