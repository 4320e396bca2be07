import type { BaseSettings } from '../channel/base-settings.ts';
import type { KnownOrder, ShipmentsGroup } from '../channel/contract.ts';
import { isChannelError } from '../channel/errors.ts';
import { PeopleError } from '../domain/people-error.ts';
import { contentHash } from '../runtime/content-hash.ts';
import {
  closeNotice,
  findOrders,
  isWhollyCancelled,
  type OrderNoticeKind,
  openNotice,
} from '../store/order-notices.ts';
import type { SyncDependencies } from './dependencies.ts';
import { noticeSentence } from './notice-sentences.ts';
import { type OpenAccount, openAccount } from './open-account.ts';

export interface OrderRequest {
  accountId: string;
  orderId: string;
  /** Needed where two sites of the account have given this number, each to an order of its own. */
  site?: string | undefined;
  by: string;
}

/**
 * Tells the channel that an order was seen and will be delivered. Written down before it is sent; the same again is sent
 * again word for word, which no channel minds.
 *
 * @throws PeopleError when there is no such order or it is cancelled, the channel cannot be told, or it refuses.
 */
export async function acknowledgeOrder(deps: SyncDependencies, request: OrderRequest): Promise<KnownOrder> {
  return tell(deps, request, 'acknowledge', {}, (group, account, order, toldAt) => {
    if (!group.acknowledge) throw cannotBeTold(request, account.adapter.id);
    return group.acknowledge(account.context, order, toldAt);
  });
}

/** Tells the channel that an order is on its way, by the channel's courier code and the invoice number. */
export async function shipOrder(
  deps: SyncDependencies,
  request: OrderRequest & { courierCode: string; invoiceNo: string },
): Promise<KnownOrder> {
  const { courierCode, invoiceNo } = request;
  return tell(deps, request, 'ship', { courierCode, invoiceNo }, (group, account, order, shippedAt) =>
    group.ship(account.context, order, { courierCode, invoiceNo, shippedAt }),
  );
}

async function tell(
  deps: SyncDependencies,
  request: OrderRequest,
  kind: OrderNoticeKind,
  content: Record<string, string>,
  send: (
    group: ShipmentsGroup<BaseSettings, unknown>,
    account: OpenAccount,
    order: KnownOrder,
    toldAt: Date,
  ) => Promise<void>,
): Promise<KnownOrder> {
  const account = await openAccount(deps, request.accountId);
  const { shipments } = account.adapter;
  if (!shipments) throw cannotBeTold(request, account.adapter.id);
  const [order, ...others] = await findOrders(deps.store, request);
  if (!order) throw unknownOrder(request);
  // Never one of them by guess: the courier's number of one buyer would be told to another.
  if (others.length > 0) throw onSeveralSites(request, [order, ...others]);
  const { site, orderId } = order;
  const { accountId, by } = request;
  if (await isWhollyCancelled(deps.store, { accountId, site, orderId })) throw cancelledOrder(request);
  // An order that has changed since is another thing to tell of.
  const told = { ...content, order: contentHash([order.lines, order.raw]) };
  const notice = { accountId, site, orderId, kind, content: told, by, now: deps.clock.now() };
  const { noticeId, toldAt } = await openNotice(deps.store, notice);
  try {
    await send(shipments, account, order, toldAt);
    await closeNotice(deps.store, { noticeId, outcome: 'accepted', code: null, now: deps.clock.now() });
    return order;
  } catch (error) {
    if (!isChannelError(error)) throw error;
    const { code } = error;
    await closeNotice(deps.store, { noticeId, outcome: 'failed', code, now: deps.clock.now() });
    const sentence = noticeSentence({ accountId, orderId, notice: kind }, error);
    throw new PeopleError(code, sentence.ko, sentence.en);
  }
}

function cannotBeTold({ accountId, orderId }: OrderRequest, adapterId: string): PeopleError {
  return new PeopleError(
    'shipments_unsupported',
    `주문 ${orderId}: 계정 ${accountId}의 채널(${adapterId})에는 이 처리를 알릴 수 없습니다. 채널의 판매자 화면에서 처리해 주십시오.`,
    `Order ${orderId}: the channel of account ${accountId} (${adapterId}) cannot be told of this. Do it at the channel.`,
  );
}

function onSeveralSites({ accountId, orderId }: OrderRequest, orders: readonly KnownOrder[]): PeopleError {
  const sites = orders.map(({ site }) => site);
  const options = sites.map((site) => `--site ${site}`);
  return new PeopleError(
    'order_on_several_sites',
    `계정 ${accountId}의 사이트 ${sites.join(', ')}에 같은 번호의 주문 ${orderId}이(가) 있어 아무것도 알리지 않았습니다. ${options.join(' 또는 ')}을(를) 붙여 다시 실행해 주십시오.`,
    `Account ${accountId} has an order ${orderId} on each of the sites ${sites.join(', ')}; nothing was told. Say which one: ${options.join(' or ')}.`,
  );
}

function unknownOrder({ accountId, orderId }: OrderRequest): PeopleError {
  return new PeopleError(
    'order_unknown',
    `계정 ${accountId}에 주문 ${orderId}이(가) 없습니다. \`naru orders list --account ${accountId}\`로 번호를 확인해 주십시오.`,
    `Account ${accountId} has no order ${orderId}. See \`naru orders list --account ${accountId}\`.`,
  );
}

function cancelledOrder({ accountId, orderId }: OrderRequest): PeopleError {
  return new PeopleError(
    'order_cancelled',
    `주문 ${orderId}, 계정 ${accountId}: 구매자가 취소한 주문이라 알리지 않았습니다. 이미 보낸 물건이 있으면 구매자와 직접 협의해 주십시오.`,
    `Order ${orderId}, account ${accountId}: the buyer has cancelled it, so nothing was told. If goods have left already, settle it with the buyer.`,
  );
}
