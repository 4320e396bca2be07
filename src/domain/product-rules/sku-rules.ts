import type { Identity } from '../product.ts';
import { quotable } from '../text-safety.ts';
import type { ProductDraft } from './draft.ts';
import type { FindingList } from './findings-of-product.ts';

/** What is known about a SKU before its row is looked at. */
export interface SkuContext {
  /** The product that holds this SKU in the store, if any. */
  existing: Identity | undefined;
  /** SKUs of the rows before this one. */
  seenSkus: ReadonlySet<string>;
  /** Staff say that a changed Korean name under the same company and model is meant. */
  allowRename: boolean;
}

/**
 * One SKU, one product: orders and listings are found by it, so a second product under it would inherit both.
 * The same identity with other fields changed is an ordinary change.
 */
export function checkSku(draft: ProductDraft, context: SkuContext, findings: FindingList): void {
  const { sku } = draft;
  if (sku === undefined) return;
  if (context.seenSkus.has(sku)) {
    findings.block('sku_duplicate', 'sku', {
      ko: '같은 상품코드(SKU)가 이 파일에서 이미 사용되었습니다. 다른 상품이면 새 상품코드를 쓰고, 같은 상품이면 한 행만 남겨 주십시오.',
      en: 'the same SKU stands earlier in this file. Give another product a SKU of its own; for the same product keep one row.',
    });
    return;
  }
  const { existing } = context;
  if (!existing) return;
  const isSameSellerAndModel =
    isSame(draft.company.businessNo, existing.businessNo) && isSame(draft.modelName, existing.modelName);
  const isSameName = isSame(draft.name.ko, existing.nameKo);
  if (isSameSellerAndModel && (isSameName || context.allowRename)) return;
  const holder = `${quotable(existing.nameKo)}, ${quotable(existing.modelName)}`;
  findings.block(
    'sku_duplicate',
    'sku',
    isSameSellerAndModel
      ? {
          ko: `이 상품코드(SKU)는 이미 등록된 상품(${holder})이 쓰고 있습니다. 다른 상품이면 새 상품코드를 쓰고, 같은 상품의 이름만 바뀌었으면 --rename 옵션으로 다시 가져와 주십시오.`,
          en: `this SKU is in use by a registered product (${holder}). Use another SKU for another product; if it is the same product with a new name, import again with --rename.`,
        }
      : {
          ko: `이 상품코드(SKU)는 업체나 모델이 다른 상품(${holder})이 이미 쓰고 있습니다. 새 상품코드를 써 주십시오.`,
          en: `this SKU is in use by a product of another company or model (${holder}). Use another SKU.`,
        },
  );
}

/** An unreadable cell proves nothing; it has a finding of its own. */
function isSame(value: string | undefined, existing: string): boolean {
  return value === undefined || value === existing;
}
