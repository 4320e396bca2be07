import type { Finding } from '../../src/domain/finding.ts';
import type { Json } from '../../src/domain/listing.ts';
import type { Mappings } from '../../src/domain/mapping.ts';
import type { Product } from '../../src/domain/product.ts';
import { createFindingList } from '../../src/domain/product-rules/findings-of-product.ts';
import { importMappings } from './next-steps.ts';
import { type EsmSettings, perSite } from './settings.ts';

/** What the mappings' `shipping` holds for this channel: the seller's own numbers, by the wire's names. */
export const shippingKeys = ['companyNo', 'placeNo', 'deliveryTmplId', 'addrNo'] as const;

function numberOf(value: unknown): number | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/**
 * The shipping block: courier, ship-from place, bundle-fee policy, return address and the dispatch policy of each site.
 * The fee a buyer pays is the bundle policy's (`feeType` 1); the fields of the per-item fee are not documented well
 * enough to promise anybody an amount.
 */
export function renderShipping(
  product: Product,
  mappings: Mappings,
  settings: EsmSettings,
): { block: Json; findings: readonly Finding[] } {
  const given = mappings.shipping;
  const findings = createFindingList(product.sku);
  const take = (key: string, value: unknown): number => {
    const number = numberOf(value);
    if (number === null) {
      findings.block('mapping_shipping_missing', `mappings.shipping.${key}`, {
        ko: `배송 정보 ${key}의 번호가 없습니다. 매핑 파일의 shipping에 판매자의 번호를 적어 ${importMappings.ko}`,
        en: `the shipping number ${key} is missing. Enter the seller's own number under shipping in the mappings file and ${importMappings.en}`,
      });
    }
    return number ?? 0;
  };
  const [companyNo = 0, placeNo = 0, deliveryTmplId = 0, addrNo = 0] = shippingKeys.map((key) => take(key, given[key]));
  const policies = given.dispatchPolicyNo;
  const bySite = typeof policies === 'object' && policies !== null && !Array.isArray(policies) ? policies : {};
  const dispatchPolicyNo = perSite(settings.sites, (site) => take(`dispatchPolicyNo.${site}`, bySite[site]));
  const block: Json = {
    type: 1,
    companyNo,
    policy: { placeNo, feeType: 1, bundle: { deliveryTmplId: String(deliveryTmplId) } },
    returnAndExchange: { addrNo, fee: settings.returnFeeKrw },
    dispatchPolicyNo: dispatchPolicyNo as Json,
  };
  return { block, findings: findings.all };
}
