import type { RenderInput } from '../../src/channel/contract.ts';
import { CERTIFICATE_NAMES, type Certificate, type CertificateKind } from '../../src/domain/certificate.ts';
import type { Product } from '../../src/domain/product.ts';
import { describedHtml } from './description-html.ts';
import type { ExportPortalSettings, Terms } from './settings.ts';
import type { SourceName } from './sources.ts';

/** The eleven terms of Incoterms 2020. */
export const incoterms = ['EXW', 'FCA', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP', 'FAS', 'FOB', 'CFR', 'CIF'] as const;
/** Terms whose place is where the goods go aboard, and not where they arrive. */
const placeIsPortOfLoading: readonly string[] = ['FAS', 'FOB'];

/** More than three keywords are refused by the one portal whose rule is published. */
const mostKeywords = 3;

/** An Incoterm and its place, of `FOB Busan`; null where it is no term of Incoterms 2020. */
export function splitIncoterm(text: string): { term: string; place: string } | null {
  const match = /^([A-Z]{3})(?:\s+(\S.*))?$/.exec(text.trim());
  const term = incoterms.find((known) => known === match?.[1]);
  return term ? { term, place: match?.[2] ?? '' } : null;
}

/** The parts of a category path as the operator wrote it: `Office > Paper > Copy paper`. */
export function categoryParts(path: string): string[] {
  return path
    .split('>')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** What the mappings say about the product's category at the portal; empty where they say nothing. */
export function categoryOf(
  input: Pick<RenderInput<ExportPortalSettings>, 'product' | 'mappings'>,
  portal: string,
): string {
  return categoryParts(input.mappings.categories[input.product.group.ko]?.[portal] ?? '').join(' > ');
}

/** All source values of a product as text; empty where there is none. Images get their names when a batch is built. */
export function sourceValues(product: Product, terms: Terms, category: string): Record<SourceName, string> {
  const parts = categoryParts(category);
  const incoterm = splitIncoterm(product.incoterm);
  const { certificates } = product;
  const numbers = (kind: CertificateKind) =>
    certificates
      .filter((certificate) => certificate.kind === kind)
      .map((certificate) => certificate.number)
      .join(', ');
  const { width, depth, height } = product.packageMm;
  const certificatesEn = certificates.map(certificateEn);
  return {
    sku: product.sku,
    modelNo: product.modelName,
    gtin: product.gtin,
    nameEn: product.name.en,
    nameKo: product.name.ko,
    brandEn: product.brand.en,
    brandKo: product.brand.ko,
    companyEn: product.company.nameEn,
    companyKo: product.company.nameKo,
    companyPhone: product.company.phone,
    keywordsEn: keywords(product, certificates).join(', '),
    category,
    category1: parts[0] ?? '',
    category2: parts[1] ?? '',
    category3: parts.slice(2).join(' > '),
    hsCode: product.hsCode,
    originCountry: product.originCountry,
    originKo: product.originCountry === '' ? '' : product.originCountry === 'KR' ? '국산' : '수입산',
    priceUsd: product.exportPriceUsd,
    priceBasis: incoterm?.term ?? '',
    priceTerm: incoterm ? [incoterm.term, incoterm.place].filter(Boolean).join(' ') : '',
    priceKrw: String(product.priceKrw),
    moq: String(product.moq),
    moqUnit: product.moqUnit,
    stock: String(product.stockQty),
    shippingFeeKrw: String(product.shippingFeeKrw),
    shippingKindKo: product.shippingFeeKrw === 0 ? '무료' : '유료',
    portOfLoading:
      terms.portOfLoading ?? (incoterm && placeIsPortOfLoading.includes(incoterm.term) ? incoterm.place : ''),
    paymentTerms: terms.paymentTerms.join(', '),
    supplyAbility: terms.supplyAbility ?? '',
    leadTimeDays: terms.leadTimeDays === undefined ? '' : String(terms.leadTimeDays),
    packaging: terms.packaging ?? '',
    sampleTerms: terms.sampleTerms ?? '',
    oem: terms.oem === undefined ? '' : terms.oem ? 'yes' : 'no',
    certificatesEn: certificatesEn.join('; '),
    ecoLabelNo: numbers('eco_label'),
    recycledNo: numbers('gr'),
    lowCarbonNo: numbers('low_carbon'),
    greenTechNo: numbers('green_tech'),
    kcNo: product.kc.number ?? '',
    weightKg: product.weightG > 0 ? kilograms(product.weightG) : '',
    packageSize: width > 0 && depth > 0 && height > 0 ? `${width} x ${depth} x ${height} mm` : '',
    specificationEn: specification(product),
    specificationKo: product.notice.size ?? product.notice.specifications ?? '',
    materialKo: product.notice.material ?? '',
    manufacturerKo: product.notice.manufacturer ?? '',
    warrantyKo: product.notice.warranty ?? '',
    descriptionEn: product.description.en,
    descriptionEnHtml: describedHtml(product.description.en, certificatesEn),
    descriptionKoHtml: describedHtml(product.description.ko, certificates.map(certificateKo)),
    images: '',
    image1: '',
    image2: '',
    image3: '',
    image4: '',
    image5: '',
  };
}

/** `EL-no.` and KEITI belong to the Korean eco-label; the number of every other scheme is only called that. */
function certificateEn({ kind, number, validTo }: Certificate): string {
  const scheme =
    kind === 'eco_label' ? `${CERTIFICATE_NAMES.eco_label.en} (KEITI) EL-no.` : `${CERTIFICATE_NAMES[kind].en} no.`;
  return `${scheme} ${number} (valid to ${validTo})`;
}

function certificateKo({ kind, number, validTo }: Certificate): string {
  return `${CERTIFICATE_NAMES[kind].ko} 인증번호 ${number} (유효기간 ${validTo}까지)`;
}

/** Words that are already said of the product elsewhere: nobody has checked any other. */
function keywords(product: Product, certificates: readonly Certificate[]): string[] {
  const schemes = certificates.map(({ kind }) => CERTIFICATE_NAMES[kind].en);
  const words = [product.group.en, ...schemes, product.brand.en].filter((word) => word !== '' && !word.includes(','));
  return [...new Set(words)].slice(0, mostKeywords);
}

function specification(product: Product): string {
  const { width, depth, height } = product.packageMm;
  return [
    ...(product.weightG > 0 ? [`Gross weight ${kilograms(product.weightG)} kg`] : []),
    ...(width > 0 && depth > 0 && height > 0 ? [`Package ${width} x ${depth} x ${height} mm`] : []),
  ].join('; ');
}

/** Grams as kilograms in decimal text, without a float in between: 12500 is `12.5`. */
function kilograms(grams: number): string {
  const digits = String(grams).padStart(4, '0');
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`.replace(/\.?0+$/, '');
}
