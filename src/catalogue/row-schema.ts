import { CERTIFICATE_KINDS } from '../domain/certificate.ts';
import { type Finding, isBlocked } from '../domain/finding.ts';
import {
  type Identity,
  NOTICE_KEYS,
  NOTICE_TYPES,
  type Product,
  productClaimSchema,
  productSchema,
} from '../domain/product.ts';
import { checkDraft } from '../domain/product-rules/check-product.ts';
import type { ProductDraft } from '../domain/product-rules/draft.ts';
import { createFindingList } from '../domain/product-rules/findings-of-product.ts';
import type { RuleContext } from '../domain/product-rules/rule-context.ts';
import { checkSku } from '../domain/product-rules/sku-rules.ts';
import { createFieldReader, type FieldReader } from './field-reader.ts';

export interface RowContext extends RuleContext {
  /** The product that holds the row's SKU in the store, if any. */
  existing: Identity | undefined;
  /** SKUs of the rows before this one; `checkRow` adds the row's own. */
  seenSkus: Set<string>;
  /** Accept a new Korean name for the same company and model under a known SKU. */
  allowRename: boolean;
}

export interface CheckedRow {
  /** The product, or null when a finding blocks it: then nothing of the row may be stored. */
  product: Product | null;
  findings: Finding[];
}

/** Every key that any notice type asks for; others are dropped. */
const KNOWN_NOTICE_KEYS: readonly string[] = [...new Set<string>(Object.values(NOTICE_KEYS).flat())];

/**
 * Reads and judges one raw row of a catalogue.
 *
 * All faults are reported, not only the first; keys that are not known are ignored. Never throws for what a row holds.
 *
 * @param value the row with the snake_case keys of the source file.
 */
export function checkRow(value: Record<string, unknown>, context: RowContext): CheckedRow {
  const sku = skuOf(value);
  const findings = createFindingList(sku);
  const draft = readDraft(createFieldReader(value, '', findings));
  checkSku(draft, context, findings);
  checkDraft(draft, context, findings);
  // A refused row takes its SKU too: which of two rows under one SKU is the right one is not ours to guess.
  if (sku !== undefined) context.seenSkus.add(sku);
  // What a row without a blocking finding lacks, the reader has forgotten to report: better loud than half a product.
  return { product: isBlocked(findings.all) ? null : productSchema.parse(draft), findings: [...findings.all] };
}

/** The SKU of a raw row as `checkRow` reads it, for looking up the product that already holds it. */
export function skuOf(value: Record<string, unknown>): string | undefined {
  return createFieldReader(value, '', createFindingList(undefined)).text('sku') || undefined;
}

function readDraft(row: FieldReader): ProductDraft {
  const size = row.object('package_mm');
  const kc = row.object('kc');
  const chemical = row.object('household_chemical');
  return {
    sku: row.text('sku'),
    name: { ko: row.text('name_ko'), en: row.text('name_en') },
    brand: { ko: row.text('brand_ko'), en: row.text('brand_en') },
    company: {
      businessNo: row.businessNumber('business_no'),
      nameKo: row.text('company_name_ko'),
      nameEn: row.text('company_name_en'),
      mailOrderReportNo: row.blankableText('mail_order_report_no'),
      addressKo: row.text('company_address_ko'),
      districtKo: row.text('company_district_ko'),
      phone: row.text('company_phone'),
    },
    // Two digits in the national system; a spreadsheet turns 01 into 1.
    category: { code: row.code('category_code', 2), ko: row.text('category_ko'), en: row.text('category_en') },
    group: {
      code: row.optionalText('product_group_code'),
      ko: row.text('product_group_ko'),
      en: row.text('product_group_en'),
    },
    modelName: row.text('model_name'),
    gtin: row.code('gtin'),
    certificates: row.objects('certificates').map(readCertificate),
    isStatutoryGreenProduct: row.boolean('is_statutory_green_product'),
    priceKrw: row.integer('price_krw', 'price_not_integer'),
    listPriceKrw: row.integer('list_price_krw', 'price_not_integer'),
    vatIncluded: row.boolean('vat_included'),
    stockQty: row.integer('stock_qty'),
    shippingFeeKrw: row.integer('shipping_fee_krw', 'price_not_integer'),
    moq: row.integer('moq'),
    moqUnit: row.text('moq_unit'),
    exportPriceUsd: row.usd('export_price_usd'),
    incoterm: row.text('incoterm'),
    hsCode: row.code('hs_code', 6),
    originCountry: row.text('origin_country'),
    weightG: row.integer('weight_g'),
    packageMm: { width: size.integer('width'), depth: size.integer('depth'), height: size.integer('height') },
    kc: { status: kc.choice('status', ['required', 'not_applicable']), number: kc.optionalText('number') },
    householdChemical: { applies: chemical.boolean('applies'), reportNo: chemical.optionalText('report_no') },
    noticeType: row.choice('notice_type', NOTICE_TYPES),
    notice: row.record('notice', KNOWN_NOTICE_KEYS),
    description: { ko: row.text('description_ko'), en: row.text('description_en') },
    claims: row.objects('claims').map((claim) => ({
      textKo: claim.text('text_ko'),
      basis: claim.choice('basis', productClaimSchema.shape.basis.options),
      evidenceRef: claim.optionalText('evidence_ref'),
    })),
    images: row.objects('images').map((image) => ({ file: image.text('file'), altKo: image.blankableText('alt_ko') })),
    ...(row.isMarked('is_fictional') ? { isFictional: true as const } : {}),
  };
}

function readCertificate(certificate: FieldReader): ProductDraft['certificates'][number] {
  return {
    kind: certificate.choice('kind', CERTIFICATE_KINDS),
    number: certificate.code('number'),
    issuerKo: certificate.text('issuer_ko'),
    validFrom: certificate.day('valid_from'),
    validTo: certificate.day('valid_to'),
    holderBusinessNo: certificate.businessNumber('holder_business_no'),
    coveredModels: certificate.texts('covered_models'),
    reasonsKo: certificate.texts('reasons_ko'),
  };
}
