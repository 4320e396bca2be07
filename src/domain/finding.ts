import { z } from 'zod';

/** `block`: the row or product must not go live. `warn`: a person decides. */
export const findingResultSchema = z.enum(['block', 'warn']);
export type FindingResult = z.infer<typeof findingResultSchema>;

/**
 * One thing that is wrong, or doubtful, about a product.
 *
 * `field` is the path as the seller's file spells it (`certificates[0].valid_to`), because staff look for it there.
 * The sentences name the product and say what to do next; they never repeat personal data or unsafe characters.
 */
export const findingSchema = z.object({
  rule: z.string().min(1),
  result: findingResultSchema,
  field: z.string(),
  messageKo: z.string().min(1),
  messageEn: z.string().min(1),
});
export type Finding = z.infer<typeof findingSchema>;

/** True when at least one of the findings keeps the product from going live. */
export function isBlocked(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.result === 'block');
}
