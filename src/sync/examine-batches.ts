import { seoulDayOf } from '../domain/seoul-time.ts';
import type { StoredAccount } from '../store/accounts.ts';
import { listBatches } from '../store/batches.ts';
import { listInquiries } from '../store/inquiries.ts';
import { findBatchNeeds } from './batch-needs.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { DoctorFinding } from './doctor.ts';
import { openStoredAccount } from './open-account.ts';

const dayMs = 24 * 3_600_000;

/** What people have to carry, take down or answer, where a channel cannot do it by itself. Calls nobody. */
export async function examineBatches(deps: SyncDependencies, stored: StoredAccount): Promise<DoctorFinding[]> {
  const batches = deps.registry.find(stored.adapterId)?.batches;
  if (!batches) return [];
  const account = openStoredAccount(deps, stored);
  const { accountId } = stored;
  const findings: DoctorFinding[] = [];
  const found = await findBatchNeeds(deps, account, { dryRun: true });
  const toTakeDown = found.needs.filter((need) => need.action === 'delete').map((need) => need.sku);
  if (toTakeDown.length > 0) findings.push(takeDown(accountId, toTakeDown));
  for (const item of found.withdrawn) findings.push(leaveOut(accountId, item.sku));
  const rest = found.needs.length - toTakeDown.length;
  if (rest > 0) findings.push(buildNext(accountId, rest));
  const staleMs = batches.staleDays(account.settings) * dayMs;
  const now = deps.clock.now().getTime();
  for (const batch of await listBatches(deps.store, { accountId })) {
    if (batch.open === 0 || now - batch.builtAt.getTime() <= staleMs) continue;
    findings.push(stale(accountId, batch.batchId, batch.open, seoulDayOf(batch.builtAt)));
  }
  return findings;
}

/** Inquiries that nobody has answered; after some days a buyer has gone elsewhere. */
export async function examineInquiries(deps: SyncDependencies): Promise<DoctorFinding[]> {
  const open = await listInquiries(deps.store, { open: true });
  const [oldest] = open;
  if (!oldest) return [];
  const day = seoulDayOf(oldest.receivedAt);
  return [
    {
      severity: 'notice',
      code: 'inquiries_open',
      account: null,
      messageKo: `답하지 않은 바이어 문의가 ${open.length}건 있습니다(가장 오래된 것 ${day}). \`naru inquiries list --open\`으로 확인하고, 답한 뒤 \`naru inquiries answer\`로 적어 주십시오.`,
      messageEn: `${open.length} inquiries are not answered (the oldest of ${day}). See \`naru inquiries list --open\`; note an answer with \`naru inquiries answer\`.`,
    },
  ];
}

function takeDown(account: string, skus: readonly string[]): DoctorFinding {
  return {
    severity: 'problem',
    code: 'export_take_down',
    account,
    messageKo: `계정 ${account}: 상품 ${skus.join(', ')}은(는) 지금 판매할 수 없는데 포털에 올라 있습니다. 포털에서 바로 내리고, \`naru export build ${account}\`로 만든 배치의 접수 결과로 알려 주십시오.`,
    messageEn: `Account ${account}: products ${skus.join(', ')} may not be sold now but are on the portal. Take them down there, and report it with the receipt of the batch that \`naru export build ${account}\` makes.`,
  };
}

function leaveOut(account: string, sku: string): DoctorFinding {
  return {
    severity: 'problem',
    code: 'export_withdrawn',
    account,
    messageKo: `계정 ${account}: 아직 접수 결과가 없는 배치에 든 상품 ${sku}은(는) 지금 판매할 수 없습니다. 포털에 올리지 말고, 올렸다면 내려 주십시오.`,
    messageEn: `Account ${account}: product ${sku} is in a batch without a receipt and may not be sold now. Do not upload it; if it is up, take it down.`,
  };
}

function buildNext(account: string, products: number): DoctorFinding {
  return {
    severity: 'notice',
    code: 'export_waiting',
    account,
    messageKo: `계정 ${account}: 포털에 알릴 상품이 ${products}개 있습니다. \`naru export build ${account}\`로 배치를 만들어 주십시오.`,
    messageEn: `Account ${account}: the portal is to be told of ${products} products. Make the batch with \`naru export build ${account}\`.`,
  };
}

function stale(account: string, batchId: string, open: number, day: string): DoctorFinding {
  return {
    severity: 'problem',
    code: 'export_unconfirmed',
    account,
    messageKo: `계정 ${account}: ${day}에 만든 배치 ${batchId}의 상품 ${open}개에 접수 결과가 없습니다. 포털에 올린 뒤 receipt.xlsx를 채워 \`naru export receipt\`로 읽어 주십시오.`,
    messageEn: `Account ${account}: ${open} products of batch ${batchId}, built on ${day}, have no receipt. Upload it, fill in receipt.xlsx and read it with \`naru export receipt\`.`,
  };
}
