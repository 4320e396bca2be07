import { z } from 'zod';

export const CERTIFICATE_KINDS = ['eco_label', 'gr', 'low_carbon', 'green_tech', 'epd'] as const;
export const certificateKindSchema = z.enum(CERTIFICATE_KINDS);
export type CertificateKind = z.infer<typeof certificateKindSchema>;

/** Names of the schemes as staff and buyers know them. */
export const CERTIFICATE_NAMES: Readonly<Record<CertificateKind, { ko: string; en: string }>> = {
  eco_label: { ko: '환경표지', en: 'Korea Eco-Label' },
  gr: { ko: '우수재활용제품(GR)', en: 'Good Recycled (GR)' },
  low_carbon: { ko: '저탄소제품', en: 'Low-Carbon Product' },
  green_tech: { ko: '녹색기술제품 확인', en: 'Green Technology Product' },
  epd: { ko: '환경성적표지', en: 'Environmental Product Declaration (EPD)' },
};

/**
 * Kinds that make a product a statutory green product (녹색제품 구매촉진법 Art. 2-2, text of 2025-10-01).
 * A green-technology confirmation and an EPD alone are not in that list.
 */
export const STATUTORY_KINDS: ReadonlySet<CertificateKind> = new Set(['eco_label', 'gr', 'low_carbon']);

/** A Seoul calendar day, `YYYY-MM-DD`, that exists. */
export const seoulDaySchema = z.iso.date();

/**
 * A certificate as printed. Both dates are Seoul days and both are included; the end is stored, never computed:
 * the length of validity has changed several times (eco-label 2 to 3 years, GR 3 to 4).
 */
export const certificateSchema = z.object({
  kind: certificateKindSchema,
  number: z.string().min(1),
  issuerKo: z.string().min(1),
  validFrom: seoulDaySchema,
  validTo: seoulDaySchema,
  holderBusinessNo: z.string().regex(/^\d{10}$/),
  coveredModels: z.array(z.string().min(1)),
  reasonsKo: z.array(z.string().min(1)),
});
export type Certificate = z.infer<typeof certificateSchema>;

/** True when the certificate is in force on the Seoul day `day` (`YYYY-MM-DD`); dates alone, nothing about its model. */
export function isValidOn(certificate: Pick<Certificate, 'validFrom' | 'validTo'>, day: string): boolean {
  // ISO days compare as text.
  return certificate.validFrom <= day && day <= certificate.validTo;
}

/** True when the certificate names the model; a certificate covers models, never a brand or a company. */
export function coversModel(certificate: Pick<Certificate, 'coveredModels'>, modelName: string): boolean {
  const wanted = modelKey(modelName);
  return certificate.coveredModels.some((model) => modelKey(model) === wanted);
}

/** What a certificate is told by: every scheme has numbers of its own. */
export function certificateKey({ kind, number }: Pick<Certificate, 'kind' | 'number'>): string {
  return `${kind} ${number}`;
}

/** Case and inner spaces differ between a certificate and a catalogue without meaning another model. */
function modelKey(model: string): string {
  return model.normalize('NFKC').replace(/\s+/g, '').toUpperCase();
}
