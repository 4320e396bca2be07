/** The shipping block of a product: every number in it has to be one the look-ups gave. */

import { refuse } from './answers.ts';
import type { Site } from './goods.ts';
import { ADDRESSES, COURIERS, DISPATCH_POLICIES, SHIPPING_PLACES } from './seller-seed.ts';
import { integerAt, isObject, valueAt } from './wire-input.ts';

export function checkShipping(first: Site, shipping: unknown, sites: readonly Site[]): void {
  if (!isObject(shipping)) throw refuse(first, '배송정보(shipping)는 필수입니다.');
  const type = integerAt(shipping, 'type');
  if (type !== 1 && type !== 2) throw refuse(first, '배송방법(shipping.type)이 올바르지 않습니다.');
  const courier = integerAt(shipping, 'companyNo');
  if (!COURIERS.some((one) => one.deliveryCompCode === courier))
    throw refuse(first, '택배사 코드가 올바르지 않습니다.');
  const placeNo = integerAt(shipping, 'policy.placeNo');
  const place = SHIPPING_PLACES.find((one) => one.placeNo === placeNo);
  if (place === undefined) throw refuse(first, '출하지 번호가 올바르지 않습니다.');
  const feeType = integerAt(shipping, 'policy.feeType');
  if (feeType === 1) {
    // The template number of a product is the policy number of its place, written as text in the portal's sample.
    const template = String(valueAt(shipping, 'policy.bundle.deliveryTmplId') ?? '');
    if (!place.policies.some((policy) => String(policy.policyNo) === template)) {
      throw refuse(first, '묶음배송비 정책이 올바르지 않습니다.');
    }
  } else if (feeType === 2) {
    if (integerAt(shipping, 'policy.each.feeType') === undefined)
      throw refuse(first, '상품별 배송비 정보가 필요합니다.');
  } else {
    throw refuse(first, '배송비 유형(feeType)이 올바르지 않습니다.');
  }
  const addrNo = integerAt(shipping, 'returnAndExchange.addrNo');
  const fee = integerAt(shipping, 'returnAndExchange.fee');
  if (!ADDRESSES.some((address) => address.addrNo === addrNo))
    throw refuse(first, '반품/교환 주소가 올바르지 않습니다.');
  if (fee === undefined || fee < 0) throw refuse(first, '반품 배송비(편도)가 올바르지 않습니다.');
  for (const site of sites) {
    const number = integerAt(shipping, `dispatchPolicyNo.${site}`);
    if (!DISPATCH_POLICIES[site].some((policy) => policy.dispatchPolicyNo === number)) {
      throw refuse(site, '발송정책 번호가 올바르지 않습니다.');
    }
  }
}
