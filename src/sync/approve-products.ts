import type { ApprovalState } from '../domain/approval.ts';
import type { Finding } from '../domain/finding.ts';
import { checkProduct } from '../domain/product-rules/check-product.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { findCertificateMismatches, moveApproval } from '../store/approvals.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { findProducts, pageOfProducts, type StoredProduct } from '../store/products.ts';
import type { SyncDependencies } from './dependencies.ts';

interface ApprovalRefusal {
  sku: string;
  rule: string;
  messageKo: string;
  messageEn: string;
}

export interface ApprovalResult {
  approved: string[];
  refused: ApprovalRefusal[];
}

interface ApprovalRequest {
  /** Null approves everything that waits and has no finding. */
  skus: readonly string[] | null;
  by: string;
  /** A person's reason for approving in spite of warnings; blocking findings cannot be overruled. */
  acceptWarnings: string | null;
}

/**
 * Approves products after judging each by every rule again, as of today: what was right at import may have ended since.
 * Each product is decided by itself; one refusal never holds up the others.
 */
export async function approveProducts(deps: SyncDependencies, request: ApprovalRequest): Promise<ApprovalResult> {
  const now = deps.clock.now();
  const campaigns = (await listCampaigns(deps.store)).filter((campaign) => campaign.endsAt > now);
  const rules = { today: seoulDayOf(now), campaigns };
  const result: ApprovalResult = { approved: [], refused: [] };
  for await (const { sku, stored } of candidates(deps, request)) {
    if (!stored) {
      result.refused.push(unknownProduct(sku));
      continue;
    }
    const findings = checkProduct(stored.product, rules);
    const standing = findings.filter((finding) => finding.result === 'block' || request.acceptWarnings === null);
    if (standing.length > 0) {
      result.refused.push(...standing.map((finding) => refusalOf(sku, finding)));
      continue;
    }
    const refusal = await approveOne(deps, stored, request, now);
    if (refusal) result.refused.push(refusal);
    else result.approved.push(sku);
  }
  return result;
}

async function* candidates(
  deps: SyncDependencies,
  request: ApprovalRequest,
): AsyncGenerator<{ sku: string; stored: StoredProduct | null }> {
  if (request.skus) {
    const found = await findProducts(deps.store, request.skus);
    for (const sku of new Set(request.skus)) yield { sku, stored: found.get(sku) ?? null };
    return;
  }
  for (let afterSku = ''; ; ) {
    const page = await pageOfProducts(deps.store, { afterSku, limit: 500, states: ['submitted', 'draft'] });
    for (const stored of page) yield { sku: stored.product.sku, stored };
    const last = page.at(-1);
    if (!last) return;
    afterSku = last.product.sku;
  }
}

function refusalOf(sku: string, finding: Finding): ApprovalRefusal {
  const { rule, messageKo, messageEn } = finding;
  if (finding.result === 'block') return { sku, rule, messageKo, messageEn };
  return {
    sku,
    rule,
    messageKo: `${messageKo} 확인한 뒤에도 승인하려면 --accept-warnings "사유"를 붙여 주십시오.`,
    messageEn: `${messageEn} To approve it all the same after looking, add --accept-warnings "reason".`,
  };
}

/** The steps to `approved`; null when it is there. */
async function approveOne(
  deps: SyncDependencies,
  stored: StoredProduct,
  request: ApprovalRequest,
  now: Date,
): Promise<ApprovalRefusal | null> {
  const { sku } = stored.product;
  const move = (to: ApprovalState) => ({ sku, to, by: request.by, reason: request.acceptWarnings, at: now });
  return deps.store.transaction(async (tx) => {
    if (stored.approvalState === 'approved') return null;
    if (stored.approvalState === 'draft' || stored.approvalState === 'rejected')
      await moveApproval(tx, move('submitted'));
    const { moved, from } = await moveApproval(tx, move('approved'));
    if (moved || from === 'approved') return null;
    return impossibleMove(sku, from, 'approved');
  });
}

function unknownProduct(sku: string): ApprovalRefusal {
  return {
    sku,
    rule: 'product_unknown',
    messageKo: `상품 ${sku}이(가) 없습니다. SKU를 확인하거나 카탈로그를 먼저 가져와 주십시오.`,
    messageEn: `There is no product ${sku}. Check the SKU, or import the catalogue first.`,
  };
}

function impossibleMove(sku: string, from: ApprovalState | null, to: ApprovalState): ApprovalRefusal {
  return {
    sku,
    rule: 'approval_step_unknown',
    messageKo: `상품 ${sku}: 지금 상태(${from ?? '없음'})에서 ${to}(으)로 바꿀 수 없습니다. \`naru products show ${sku}\`로 이력을 확인해 주십시오.`,
    messageEn: `Product ${sku} cannot go from ${from ?? 'nothing'} to ${to}. See its history with \`naru products show ${sku}\`.`,
  };
}

/** Rejects or suspends products by a person's word; a suspended product stops selling at the next sweep, within a minute. */
export async function decideProducts(
  deps: SyncDependencies,
  request: { skus: readonly string[]; to: 'rejected' | 'suspended'; by: string; reason: string },
): Promise<{ moved: string[]; refused: ApprovalRefusal[] }> {
  const now = deps.clock.now();
  const result: { moved: string[]; refused: ApprovalRefusal[] } = { moved: [], refused: [] };
  for (const sku of new Set(request.skus)) {
    const { moved, from } = await deps.store.transaction((tx) =>
      moveApproval(tx, { sku, to: request.to, by: request.by, reason: request.reason, at: now }),
    );
    if (moved || from === request.to) result.moved.push(sku);
    else if (from === null) result.refused.push(unknownProduct(sku));
    else result.refused.push(impossibleMove(sku, from, request.to));
  }
  return result;
}

/**
 * Lets approvals follow their certificates: ended today, expired today; renewed, approved again. Selling does not wait
 * for this job, which only writes down what the sale rule already acts on.
 */
export async function followCertificates(deps: SyncDependencies): Promise<{ ended: string[]; renewed: string[] }> {
  const now = deps.clock.now();
  const mismatches = await findCertificateMismatches(deps.store, seoulDayOf(now));
  const move = async (sku: string, to: ApprovalState, reason: string) => {
    await deps.store.transaction((tx) => moveApproval(tx, { sku, to, by: 'naru', reason, at: now }));
  };
  for (const sku of mismatches.ended) await move(sku, 'expired', 'no certificate is valid any more');
  for (const sku of mismatches.renewed) await move(sku, 'approved', 'a certificate is valid again');
  return mismatches;
}
