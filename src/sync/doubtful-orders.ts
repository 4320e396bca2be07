import { formatMoney } from '../domain/money.ts';
import type { StoredAccount } from '../store/accounts.ts';
import { type OpenOrderLine, openOrderLines } from '../store/order-notices.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { DoctorFinding } from './doctor.ts';
import { offersOf } from './offers.ts';
import { openStoredAccount, whyClosed } from './open-account.ts';

const dayMs = 24 * 3_600_000;
/** Older orders are settled, whatever they said. */
const lookBackDays = 14;
/** Orders looked at for one account; nobody works through more findings than that. */
const mostLines = 500;
/** A price that is off by more than one part in this many is doubted: rebates and old price lists stay below. */
const doubtedPart = 5;

interface Doubt {
  ko: string;
  en: string;
}

/**
 * Orders that partners sent at terms of their own, that nobody has answered yet, and that do not fit what we offer now: one
 * finding for each. They are taken all the same, because only people may refuse an order.
 */
export async function examineOrders(deps: SyncDependencies, stored: StoredAccount): Promise<DoctorFinding[]> {
  if (!deps.registry.find(stored.adapterId)?.inbound?.priceOf) return [];
  // An account that cannot be opened is told of elsewhere.
  if (whyClosed(deps, stored)) return [];
  const account = openStoredAccount(deps, stored);
  const { accountId } = stored;
  const since = new Date(deps.clock.now().getTime() - lookBackDays * dayMs);
  const lines = await openOrderLines(deps.store, { accountId, since, limit: mostLines });
  const offers = await offersOf(deps, account, [...new Set(lines.map(({ sku }) => sku))], { withSoldOut: true });
  const prices = new Map(
    offers.map((offer) => [offer.sku, account.adapter.inbound?.priceOf?.(account.settings as never, offer) ?? null]),
  );
  const doubts = new Map<string, Doubt[]>();
  for (const line of lines) {
    const doubt = doubtOf(line, prices);
    if (doubt) doubts.set(line.orderId, [...(doubts.get(line.orderId) ?? []), doubt]);
  }
  return [...doubts].map(([orderId, found]) => ({
    severity: 'notice',
    code: 'order_doubtful',
    account: accountId,
    messageKo: `계정 ${accountId}, 주문 ${orderId}: ${found.map(({ ko }) => ko).join(', ')}. 발주 확인이나 발송 전에 구매자와 확인해 주십시오. 처리할 주문이면 \`naru orders acknowledge ${orderId} --account ${accountId} --by 이름\`으로 확인하고, 아니면 구매자에게 취소를 요청해 주십시오.`,
    messageEn: `Account ${accountId}, order ${orderId}: ${found.map(({ en }) => en).join('; ')}. Ask the buyer before you confirm or ship it. If it stands, run \`naru orders acknowledge ${orderId} --account ${accountId} --by NAME\`; else ask the buyer to cancel it.`,
  }));
}

function doubtOf(
  { sku, unitPrice }: OpenOrderLine,
  prices: ReadonlyMap<string, OpenOrderLine['unitPrice'] | null>,
): Doubt | null {
  const price = prices.get(sku);
  if (!price) {
    return { ko: `상품 ${sku}은(는) 지금 판매하지 않는 상품입니다`, en: `product ${sku} is not on sale now` };
  }
  const [asked, ours] = [formatMoney(unitPrice), formatMoney(price)];
  if (unitPrice.currency !== price.currency) {
    return {
      ko: `상품 ${sku}의 통화가 다릅니다(주문 ${asked}, 판매가 ${ours})`,
      en: `product ${sku} is ordered in another currency (${asked}, our price is ${ours})`,
    };
  }
  if (Math.abs(unitPrice.minor - price.minor) * doubtedPart <= price.minor) return null;
  return {
    ko: `상품 ${sku}의 단가가 판매가와 크게 다릅니다(주문 ${asked}, 판매가 ${ours})`,
    en: `product ${sku} is ordered at ${asked}, our price is ${ours}`,
  };
}
