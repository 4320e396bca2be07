import { seoulDayOf } from '../domain/seoul-time.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import { listAccounts } from '../store/accounts.ts';
import { findCertificatesEnded, findCertificatesEnding } from '../store/approvals.ts';
import { listingsInDoubt } from '../store/attempts.ts';
import { ordersAwaited } from '../store/claims.ts';
import { listDeadLetters } from '../store/dead-letters.ts';
import { unmatchedLines } from '../store/orders.ts';
import { countProducts } from '../store/products.ts';
import type { SyncDependencies } from './dependencies.ts';
import { noticeUntil } from './desired.ts';
import { examineOrders } from './doubtful-orders.ts';
import { examineOpening } from './examine-accounts.ts';
import { examineBatches, examineInquiries } from './examine-batches.ts';
import { examineClock } from './examine-clock.ts';
import { examineListings } from './examine-listings.ts';
import { examineStreams } from './examine-streams.ts';

export interface DoctorFinding {
  severity: 'problem' | 'notice';
  code: string;
  account: string | null;
  messageKo: string;
  messageEn: string;
}

/** A job that waits this long has no worker. */
const stuckMs = 2 * 3_600_000;

/** Looks at everything people may have to act on; each finding says what to do. Calls no channel. */
export async function examine(deps: SyncDependencies, queues: JobQueues): Promise<DoctorFinding[]> {
  const findings: DoctorFinding[] = [];
  const accounts = await listAccounts(deps.store);
  for (const account of accounts) {
    const { accountId, state, pause } = account;
    const closed = examineOpening(deps, account);
    if (closed) findings.push(closed);
    else findings.push(...(await examineBatches(deps, account)), ...(await examineStreams(deps, queues, account)));
    findings.push(...(await examineOrders(deps, account)));
    if (state === 'paused' && pause) {
      const { messageKo, messageEn } = pause;
      findings.push({ severity: 'problem', code: 'account_paused', account: accountId, messageKo, messageEn });
    }
    for (const { sku } of await listingsInDoubt(deps.store, accountId, deps.clock.now()))
      findings.push(inDoubt(accountId, sku));
    findings.push(...(await examineListings(deps, accountId)));
    // Where partners send their orders nothing can be asked for, and a cancel of an order that never came cancels nothing.
    const asks = deps.registry.find(account.adapterId)?.orders !== undefined;
    const missing = asks ? await ordersAwaited(deps.store, accountId, 20) : [];
    for (const { orderId } of missing) findings.push(awaited(accountId, orderId));
    const { waiting, oldestMs } = await queues.depth(accountId);
    if (waiting > 0 && oldestMs > stuckMs) findings.push(stuckQueue(accountId, waiting));
  }
  for (const letter of await listDeadLetters(deps.store)) {
    findings.push({
      severity: 'problem',
      code: 'dead_letter',
      account: letter.accountId,
      messageKo: `[${letter.id}] ${letter.messageKo} (고친 뒤: naru dead-letters replay ${letter.id})`,
      messageEn: `[${letter.id}] ${letter.messageEn} (then: naru dead-letters replay ${letter.id})`,
    });
  }
  findings.push(...(await examineClock(deps)), ...(await catalogueFindings(deps)), ...(await examineInquiries(deps)));
  const unmatched = await unmatchedLines(deps.store);
  if (unmatched > 0) {
    findings.push({
      severity: 'problem',
      code: 'orders_unmatched',
      account: null,
      messageKo: `주문 ${unmatched}건의 상품을 알 수 없습니다. 매출에는 "(unknown)"으로 합산되어 있습니다. 해당 상품을 카탈로그로 가져오면 바로 연결됩니다.`,
      messageEn: `${unmatched} order lines belong to products we do not know. They are counted under "(unknown)". Import the products; they are connected at once.`,
    });
  }
  return findings;
}

function inDoubt(accountId: string, sku: string): DoctorFinding {
  return {
    severity: 'notice',
    code: 'listing_in_doubt',
    account: accountId,
    messageKo: `상품 ${sku}, 계정 ${accountId}: 등록 요청의 결과를 아직 모릅니다. 채널을 조회해 자동으로 확인합니다. 계속 남아 있으면 채널의 판매자 화면에서 이 SKU를 찾아 주십시오.`,
    messageEn: `Product ${sku}, account ${accountId}: the answer to a create is not known yet. The channel is asked by itself; if this stays, look for the SKU at the channel.`,
  };
}

function awaited(accountId: string, orderId: string): DoctorFinding {
  return {
    severity: 'notice',
    code: 'order_awaited',
    account: accountId,
    messageKo: `계정 ${accountId}: 클레임이나 정산에는 있지만 주문 내역이 오지 않은 주문 ${orderId}이(가) 있습니다. 다음 클레임 가져오기 때 다시 조회합니다.`,
    messageEn: `Account ${accountId}: order ${orderId} is named by a claim or settlement but has not come. It is asked for again with the next pull of claims.`,
  };
}

function stuckQueue(accountId: string, waiting: number): DoctorFinding {
  return {
    severity: 'problem',
    code: 'queue_stuck',
    account: accountId,
    messageKo: `계정 ${accountId}: 작업 ${waiting}개가 두 시간 넘게 기다리고 있습니다. 작업자(naru start 또는 naru worker)가 실행 중인지 확인해 주십시오.`,
    messageEn: `Account ${accountId}: ${waiting} jobs have waited for over two hours. Check that a worker runs (naru start or naru worker).`,
  };
}

async function catalogueFindings(deps: SyncDependencies): Promise<DoctorFinding[]> {
  const now = deps.clock.now();
  const findings: DoctorFinding[] = [];
  for (const { sku, nameKo, lastDay } of await findCertificatesEnding(deps.store, seoulDayOf(now), noticeUntil(now))) {
    findings.push({
      severity: 'notice',
      code: 'certificate_ending',
      account: null,
      messageKo: `상품 ${sku}(${nameKo})의 인증이 ${lastDay}에 끝납니다. 다음 날 0시에 판매가 중지되니 갱신된 인증서를 받아 카탈로그를 다시 가져와 주십시오.`,
      messageEn: `The certificate of product ${sku} ends on ${lastDay}; selling stops at the midnight after it. Ask for the renewed one and import the catalogue again.`,
    });
  }
  for (const { sku, nameKo, lastDay } of await findCertificatesEnded(deps.store, seoulDayOf(now))) {
    const since = lastDay
      ? { ko: ` 마지막 인증은 ${lastDay}에 끝났습니다.`, en: ` The last one ended on ${lastDay}.` }
      : null;
    findings.push({
      severity: 'notice',
      code: 'certificate_ended',
      account: null,
      messageKo: `상품 ${sku}(${nameKo})은(는) 유효한 인증이 없어 판매할 수 없습니다.${since?.ko ?? ''} 갱신된 인증서를 받아 카탈로그를 다시 가져오거나, 더 팔지 않으면 \`naru products reject ${sku}\`로 반려해 주십시오.`,
      messageEn: `Product ${sku} holds no certificate that is valid and may not be sold.${since?.en ?? ''} Ask for the renewed one and import the catalogue again; or, if it is not to be sold any more, reject it with \`naru products reject ${sku}\`.`,
    });
  }
  const { byState } = await countProducts(deps.store);
  const waiting = (byState.submitted ?? 0) + (byState.draft ?? 0);
  if (waiting > 0) {
    findings.push({
      severity: 'notice',
      code: 'approval_waiting',
      account: null,
      messageKo: `상품 ${waiting}개가 승인을 기다리고 있습니다. \`naru products list --state submitted\`(보류: draft)로 확인해 주십시오.`,
      messageEn: `${waiting} products wait for approval. See \`naru products list --state submitted\` (held ones: draft).`,
    });
  }
  return findings;
}
