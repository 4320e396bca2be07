import { z } from 'zod';
import type { CxmlSettings } from './settings.ts';

/** What a person on our pages may do. An inspecting one only looks. */
export const operations = ['create', 'edit', 'inspect'] as const;
export type PunchOutOperation = (typeof operations)[number];

/** What a punch-out visit knows between two requests. Prices and stock are not in it: they are asked for every time. */
export const visitDataSchema = z.object({
  /** The buyer's own mark of the visit, handed back unread. */
  buyerCookie: z.string(),
  /** Where the cart goes; null only for a visit that inspects. */
  browserFormPost: z.string().nullable(),
  operation: z.enum(operations),
  /** In the order in which it was filled. */
  cart: z.array(z.object({ sku: z.string(), quantity: z.int().positive() })),
  words: z.string(),
});
export type VisitData = z.infer<typeof visitDataSchema>;

export const maxCartItems = 200;
export const maxQuantity = 999_999;
/** Of what is searched for. */
export const maxWords = 100;

/**
 * The address of a `BrowserFormPost` as it may stand in a form, or null. It comes from outside: anything but http(s)
 * would run in the page, and with `allowedReturnHosts` a cart goes only where the account says.
 */
export function returnAddress(text: string, settings: Pick<CxmlSettings, 'allowedReturnHosts'>): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (url.username !== '' || url.password !== '') return null;
  const { allowedReturnHosts: hosts } = settings;
  // With a port in the setting that port alone; without one the whole host.
  if (hosts && !hosts.includes(url.host) && !hosts.includes(url.hostname)) return null;
  return url.href;
}
