import { z } from 'zod';
import { decimal, localTime } from './wire.ts';

/**
 * Rows of orders, claims and settlements. These schemas only check; they change nothing, because what they let through is
 * also the raw record that is kept. None of them names a personal field (see wire.ts).
 */

const idNumber = z.union([z.int(), z.string().regex(/^\d+$/)]);
const count = z.int().min(0);
/** Numbers today; a new one, or a word, is a status we do not know yet and no reason to drop the record. */
const statusWord = z.union([z.int(), z.string()]).nullish();

export const orderRow = z.object({
  orderno: idNumber,
  payno: idNumber.nullish(),
  groupno: idNumber.nullish(),
  orderstatus: statusWord,
  orderdate: localTime,
  paydate: localTime.nullish(),
  orderconfirmdate: localTime.nullish(),
  transdate: localTime.nullish(),
  transduedate: localTime.nullish(),
  transcompletedate: localTime.nullish(),
  buydecisiondate: localTime.nullish(),
  sitegoodsno: z.union([z.string(), z.int()]).nullish(),
  outgoodsno: z.string().nullish(),
  goodsname: z.string().nullish(),
  contramount: z.int().positive(),
  saleprice: decimal,
  orderamount: decimal.nullish(),
  acntmoney: decimal.nullish(),
  sellerdiscountprice: decimal.nullish(),
  sellerdiscountprice1: decimal.nullish(),
  sellerdiscountprice2: decimal.nullish(),
  directdiscountprice: decimal.nullish(),
  sellercashbackmoney: decimal.nullish(),
  shippingfee: decimal.nullish(),
  deliveryfeecondition: z.string().nullish(),
  settlementprice: decimal.nullish(),
  servicefee: decimal.nullish(),
  optselprice: decimal.nullish(),
  optaddprice: decimal.nullish(),
  outorderno: z.union([z.string(), z.int()]).nullish(),
});
export type OrderRow = z.output<typeof orderRow>;

export const orderPage = z.object({
  data: z
    .object({
      totalcount: count.nullish(),
      pagesize: z.int().nullish(),
      requestorders: z.array(orderRow).nullish(),
    })
    .nullish(),
});

/** Reasons are codes; anything else in such a field is free text, which may hold a person's name, and is dropped. */
const reasonNumber = z
  .union([z.int(), z.string().regex(/^\d{1,3}$/)])
  .nullish()
  .catch(null);

export const claimRow = z.object({
  orderno: idNumber,
  payno: idNumber.nullish(),
  sitegoodsno: z.union([z.string(), z.int()]).nullish(),
  cancelstatus: statusWord,
  returnstatus: statusWord,
  exchangestatus: statusWord,
  requestdate: localTime,
  withdrawdate: localTime.nullish(),
  approvedate: localTime.nullish(),
  completedate: localTime.nullish(),
  reason: reasonNumber,
  reasoncode: reasonNumber,
});
export type ClaimRow = z.output<typeof claimRow>;

export const claimList = z.object({ data: z.array(claimRow).nullish() });

/** A row of the sales ledger (etapi/41). The amounts are required: one that is left out is never taken for nought. */
export const settlementRow = z.object({
  contrno: idNumber,
  packno: idNumber.nullish(),
  kind: z.union([z.string(), z.int()]),
  sitegoodsno: z.union([z.string(), z.int()]).nullish(),
  sellorderprice: decimal,
  optionprice: decimal,
  totcommission: decimal,
  deductnontaxprice: decimal,
  settlementprice: decimal,
  remitdate: localTime.nullish(),
  settleexpectdate: localTime.nullish(),
  refunddate: localTime.nullish(),
  settleexceptname: z.string().nullish(),
  taxyn: z.union([z.string(), z.int()]).nullish(),
});
export type SettlementRow = z.output<typeof settlementRow>;

/** A row of the delivery-fee ledger (etapi/42). */
export const deliveryFeeRow = z.object({
  packno: idNumber,
  kind: z.union([z.string(), z.int()]),
  delfeeno: idNumber,
  delfeetype: z.union([z.string(), z.int()]).nullish(),
  deliverygroupno: idNumber.nullish(),
  refcontrno: idNumber.nullish(),
  delfeeamt: decimal,
  delfeecommission: decimal,
  remitdate: localTime.nullish(),
  refunddate: localTime.nullish(),
});
export type DeliveryFeeRow = z.output<typeof deliveryFeeRow>;

export const settlementPage = z.object({ totalcount: count.nullish(), data: z.array(settlementRow).nullish() });
export const deliveryFeePage = z.object({ totalcount: count.nullish(), data: z.array(deliveryFeeRow).nullish() });
