/**
 * The seller that the sandbox holds: identity, addresses, places, policies. Every number is the seller's own and
 * differs from the portal's samples on purpose, so that a caller who skips the look-ups is refused.
 */

import type { Site } from './goods.ts';

export interface SellerIdentity {
  masterId: string;
  issuer: string;
  secretKey: string;
  sellerIds: Record<Site, string>;
}

export const DEFAULT_SELLER: SellerIdentity = {
  masterId: 'narumaster',
  issuer: 'www.green-seller.example',
  secretKey: 'c2FuZGJveC1zZWNyZXQtb2YtbmFydQ-7Qm2',
  sellerIds: { gmkt: 'narugreen_g', iac: 'narugreen_a' },
};

export const ADDRESSES = [
  { addrNo: 7410021, addrName: '출고지', zipCode: '00000', addr1: '서울특별시 가상로 1', isDefault: true },
  { addrNo: 7410022, addrName: '반품지', zipCode: '00000', addr1: '서울특별시 가상로 2', isDefault: false },
] as const;

export interface BundlePolicy {
  policyNo: number;
  feeType: number;
  fee: number;
  conditionAmount: number;
  isDefault: boolean;
}

export const SHIPPING_PLACES: ReadonlyArray<{
  placeNo: number;
  placeName: string;
  addrNo: number;
  isDefaultShippingPlace: boolean;
  policies: readonly BundlePolicy[];
}> = [
  {
    placeNo: 3308811,
    placeName: '본사 출고지',
    addrNo: 7410021,
    isDefaultShippingPlace: true,
    policies: [
      { policyNo: 5520901, feeType: 3, fee: 3000, conditionAmount: 30000, isDefault: true },
      { policyNo: 5520902, feeType: 1, fee: 0, conditionAmount: 0, isDefault: false },
    ],
  },
];

export interface DispatchPolicy {
  dispatchPolicyNo: number;
  policyName: string;
  dispatchType: string;
  isDefault: boolean;
}

/** Dispatch policies are kept per site: the number of one site means nothing on the other. */
export const DISPATCH_POLICIES: Record<Site, readonly DispatchPolicy[]> = {
  gmkt: [
    { dispatchPolicyNo: 90611, policyName: '순차발송 3일', dispatchType: 'B', isDefault: true },
    { dispatchPolicyNo: 90612, policyName: '당일발송', dispatchType: 'A', isDefault: false },
  ],
  iac: [{ dispatchPolicyNo: 80433, policyName: '순차발송 3일', dispatchType: 'B', isDefault: true }],
};

/** The couriers that the portal text names; the real list has about 190. */
export const COURIERS: ReadonlyArray<{ deliveryCompCode: number; deliveryCompName: string }> = [
  [10003, '로젠택배'],
  [10005, '우체국택배'],
  [10007, '한진택배'],
  [10008, '롯데택배'],
  [10013, 'CJ대한통운'],
  [10014, '대신택배'],
  [10015, '일양로지스'],
  [10016, '경동택배'],
  [10017, '천일택배'],
  [10022, 'DHL'],
  [10031, '자체배송'],
  [10034, '기타택배'],
  [10035, '방문수령'],
  [10036, 'EMS'],
  [10070, '기타'],
  [10143, '농협택배'],
].map(([code, name]) => ({ deliveryCompCode: code as number, deliveryCompName: name as string }));

export const ORIGIN_CODES = [
  { originCode: '10001', originName: '국산', isDomestic: true },
  { originCode: '20001', originName: '중국', isDomestic: false },
  { originCode: '20002', originName: '베트남', isDomestic: false },
] as const;

export const BRANDS = [
  { brandNo: 31001, brandName: '푸른종이(가상)' },
  { brandNo: 31002, brandName: '기타' },
] as const;
