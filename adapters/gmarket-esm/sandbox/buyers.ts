/**
 * Personal data of invented buyers: one set per order, made from the order's serial so that nothing has to be kept.
 * Every value is easy to search for, so that a test can prove that none of it was stored anywhere.
 */

export interface Buyer {
  buyerName: string;
  /** The channel itself masks ids after three characters. */
  buyerId: string;
  receiverName: string;
  phone: string;
  zipCode: string;
  frontAddress: string;
  backAddress: string;
  memo: string;
  customsId: string;
}

export function buyerOf(serial: number): Buyer {
  const number = String(serial).padStart(4, '0');
  const high = String(Math.floor(serial / 10_000)).padStart(4, '0');
  const low = String(serial % 10_000).padStart(4, '0');
  return {
    buyerName: `가상구매자-${number}`,
    buyerId: 'gas*****',
    receiverName: `가상구매자-${number}-수령`,
    phone: `050-${high}-${low}`,
    zipCode: '00000',
    frontAddress: `가상시 가상구 가상로 ${number}`,
    backAddress: `가상아파트 ${number}호`,
    memo: `가상메모-${number} 문 앞`,
    customsId: `P00000${high}${low}`,
  };
}

/** The values of a buyer that identify somebody: what must never be found in a store, a log or an error. */
export function personalValues(serial: number): string[] {
  const buyer = buyerOf(serial);
  return [
    buyer.buyerName,
    buyer.receiverName,
    buyer.phone,
    buyer.frontAddress,
    buyer.backAddress,
    buyer.memo,
    buyer.customsId,
  ];
}
