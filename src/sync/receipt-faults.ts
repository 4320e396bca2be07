import type { ReceiptRow } from '../channel/batches.ts';
import type { RowFault } from '../channel/inquiries.ts';
import { groupBy } from '../domain/group-by.ts';
import { quotable } from '../domain/text-safety.ts';
import type { StoredBatch, StoredBatchItem } from '../store/batches.ts';
import type { Queryable } from '../store/database.ts';
import { type KnownNumber, listingsWithNumbers } from '../store/listing-rows.ts';

/**
 * Rows of a receipt that contradict what the batch asked for, or each other, or what is known of other products. What the
 * batch asked for is ours to know: a cell that somebody altered must not decide what a confirmation means.
 */
export async function unusableRows(
  store: Queryable,
  batch: Pick<StoredBatch, 'batchId' | 'accountId'>,
  items: ReadonlyMap<string, StoredBatchItem>,
  rows: readonly ReceiptRow[],
): Promise<Map<ReceiptRow, RowFault>> {
  const found = new Map<ReceiptRow, RowFault>();
  const entered: ReceiptRow[] = [];
  for (const row of rows) {
    const item = items.get(row.sku);
    if (!item || row.outcome === 'open') continue;
    if (row.action !== null && row.action !== item.action) found.set(row, actionDiffers(row, item, batch.batchId));
    else if (row.outcome !== 'confirmed' || item.action === 'delete') continue;
    else if (numbersOf(row).length === 0) found.set(row, numberMissing(row));
    else entered.push(row);
  }
  const known = await listingsWithNumbers(store, batch.accountId, entered.flatMap(numbersOf));
  const holds = (sku: string, row: ReceiptRow) => {
    const keys = new Set(numbersOf(row).map(keyOf));
    return known.some((one) => one.sku === sku && keys.has(keyOf(one)));
  };
  const claims = groupBy(
    entered.flatMap((row) => numbersOf(row).map((one) => ({ row, key: keyOf(one) }))),
    (claim) => claim.key,
  );
  for (const claimed of claims.values()) {
    for (const { row } of claimed) {
      const other = claimed.find((one) => one.row.sku !== row.sku);
      // Where nobody holds it yet, nobody can tell here whose it is: none of the rows that claim it counts.
      if (other && !holds(row.sku, row)) found.set(row, numberTwice(row, other.row.sku));
    }
  }
  // A product of this receipt gives up its number with it, or claims it above.
  const told = new Set(rows.filter((row) => row.outcome === 'confirmed' && !found.has(row)).map((row) => row.sku));
  for (const row of entered) {
    const owner = known.find((one) => one.sku !== row.sku && !told.has(one.sku) && holds(one.sku, row));
    if (owner && !found.has(row)) found.set(row, numberTwice(row, owner.sku));
  }
  return found;
}

function numbersOf(row: ReceiptRow): KnownNumber[] {
  return Object.entries(row.externalIds).map(([kind, number]) => ({ kind, number }));
}

function keyOf({ kind, number }: KnownNumber): string {
  return JSON.stringify([kind, number]);
}

/** A row about a product that the batch does not hold. */
export function unknownRow(row: ReceiptRow, batchId: string): RowFault {
  return {
    row: row.row,
    code: 'sku_not_in_batch',
    field: 'SKU',
    messageKo: `${row.row}행: 상품 ${row.sku}은(는) 배치 ${batchId}에 없습니다. SKU 칸을 고치지 않았는지 확인해 주십시오.`,
    messageEn: `Row ${row.row}: product ${row.sku} is not part of batch ${batchId}. Check that the SKU was not altered.`,
  };
}

function actionDiffers(row: ReceiptRow, item: StoredBatchItem, batchId: string): RowFault {
  const asked = item.action.toUpperCase();
  return {
    row: row.row,
    code: 'action_differs',
    field: 'Action',
    messageKo: `${row.row}행: 배치 ${batchId}이(가) 상품 ${quotable(row.sku)}에 대해 맡긴 작업은 ${asked}입니다. 작업 칸을 ${asked}(으)로 되돌리고, 그대로 한 결과를 적어 다시 올려 주십시오.`,
    messageEn: `Row ${row.row}: batch ${batchId} asked for ${asked} of product ${quotable(row.sku)}. Put ${asked} back into the action column, enter what came of it, and bring the file again.`,
  };
}

function numberMissing(row: ReceiptRow): RowFault {
  return {
    row: row.row,
    code: 'portal_id_missing',
    field: 'Portal ID',
    messageKo: `${row.row}행: 상품 ${quotable(row.sku)}의 결과는 OK인데 상품번호가 없습니다. 판매처가 준 상품번호를 적어 다시 올려 주십시오.`,
    messageEn: `Row ${row.row}: the result of product ${quotable(row.sku)} is OK but there is no id. Enter the id that the channel gave and bring the file again.`,
  };
}

function numberTwice(row: ReceiptRow, otherSku: string): RowFault {
  return {
    row: row.row,
    code: 'portal_id_twice',
    field: 'Portal ID',
    messageKo: `${row.row}행: 상품 ${quotable(row.sku)}의 상품번호를 상품 ${quotable(otherSku)}도 쓰고 있어 쓰지 않았습니다. 판매처에서 두 상품의 번호를 확인해 고쳐 다시 올려 주십시오.`,
    messageEn: `Row ${row.row}: product ${quotable(row.sku)} has the same id as product ${quotable(otherSku)}, so it was not used. Look up both ids at the channel, correct them, and bring the file again.`,
  };
}
