import type { Finding } from '../finding.ts';
import type { Product } from '../product.ts';
import { checkCertificates } from './certificate-rules.ts';
import { checkClaims } from './claim-rules.ts';
import type { ProductDraft } from './draft.ts';
import { createFindingList, type FindingList } from './findings-of-product.ts';
import { checkNotice } from './notice-rules.ts';
import { checkOffer } from './offer-rules.ts';
import type { RuleContext } from './rule-context.ts';
import { checkSeller } from './seller-rules.ts';
import { checkTexts } from './text-rules.ts';

/**
 * Every rule on a product that is already stored, asked at approval: what was right at import may have ended. Later on
 * only approval and certificate are asked again, at the moment of sending and each night.
 *
 * @param context the Seoul day to judge by, and the campaigns known.
 * @returns all findings, none hidden by another; empty when nothing is wrong.
 */
export function checkProduct(product: Product, context: RuleContext): Finding[] {
  const findings = createFindingList(product.sku);
  checkDraft(product, context, findings);
  return [...findings.all];
}

/** The same rules on a row that could be read only in part; adds to what reading it has already found. */
export function checkDraft(draft: ProductDraft, context: RuleContext, findings: FindingList): void {
  checkTexts(draft, findings);
  checkSeller(draft, findings);
  checkCertificates(draft, context, findings);
  checkOffer(draft, findings);
  checkNotice(draft, findings);
  checkClaims(draft, findings);
  if (draft.images.length === 0 && !findings.has('images')) {
    findings.block('image_missing', 'images', {
      ko: '이미지가 없습니다. 대표 이미지를 한 장 이상 입력해 주십시오.',
      en: 'there is no image. Give at least one.',
    });
  }
}
