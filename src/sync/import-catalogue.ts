import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { CatalogueRow } from '../catalogue/catalogue-row.ts';
import { type CheckedImage, loadCatalogueImages } from '../catalogue/images.ts';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import { checkRow, skuOf } from '../catalogue/row-schema.ts';
import type { ApprovalEvent, ApprovalState } from '../domain/approval.ts';
import { type Finding, isBlocked } from '../domain/finding.ts';
import type { Product } from '../domain/product.ts';
import type { RuleContext } from '../domain/product-rules/rule-context.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { isStorable } from '../domain/text-safety.ts';
import { contentHash } from '../runtime/content-hash.ts';
import { type ApprovalMove, moveApproval, writeEvents } from '../store/approvals.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { saveProductImages } from '../store/images.ts';
import {
  findIdentities,
  findProducts,
  hashesOf,
  type ProductHashes,
  type ProductWrite,
  type StoredProduct,
  writeProducts,
} from '../store/products.ts';
import type { SyncDependencies } from './dependencies.ts';
import { matchProducts } from './match-products.ts';

/** A row that was kept out, or held for a person's decision. */
export interface RefusedRow extends Finding {
  row: number;
  sku: string | null;
}

export interface ImportResult {
  /** Rows that are new in the store. */
  accepted: number;
  changed: number;
  unchanged: number;
  refused: RefusedRow[];
}

export interface ImportOptions {
  path: string;
  allowRename: boolean;
  onProgress?: ((rows: number) => void) | undefined;
}

/** Rows per transaction: large enough to be fast, small enough that a failure costs little. */
const batchRows = 500;

/**
 * Reads a catalogue file into the store. Good rows go in whatever the others are like; every refused row is told with
 * all its findings. A row with a warning is kept as a draft that only a person can approve. The same file again changes
 * nothing.
 *
 * Throws CatalogueFileError when the file as a whole cannot be read; batches before the broken place stay.
 */
export async function importCatalogue(deps: SyncDependencies, options: ImportOptions): Promise<ImportResult> {
  const now = deps.clock.now();
  const campaigns = (await listCampaigns(deps.store)).filter((campaign) => campaign.endsAt > now);
  const rules: RuleContext = { today: seoulDayOf(now), campaigns };
  const result: ImportResult = { accepted: 0, changed: 0, unchanged: 0, refused: [] };
  const seenSkus = new Set<string>();
  const folder = dirname(resolve(options.path));
  // A folder that cannot be read holds no pictures; reading the catalogue itself tells what is wrong with it.
  const filesBeside = new Set(await readdir(folder).catch(() => []));
  let read = 0;
  const flush = async (batch: CatalogueRow[]) => {
    await importBatch(deps, batch, { rules, seenSkus, result, folder, filesBeside, ...options });
    read += batch.length;
    options.onProgress?.(read);
  };
  let batch: CatalogueRow[] = [];
  try {
    for await (const row of readCatalogue(options.path)) {
      batch.push(row);
      if (batch.length < batchRows) continue;
      await flush(batch);
      batch = [];
    }
    await flush(batch);
  } finally {
    // Also when the file breaks off: what came before the broken place is in the store.
    await matchProducts(deps);
  }
  deps.log.info(
    { accepted: result.accepted, changed: result.changed, unchanged: result.unchanged, refused: result.refused.length },
    'catalogue imported',
  );
  return result;
}

interface BatchContext {
  rules: RuleContext;
  seenSkus: Set<string>;
  result: ImportResult;
  folder: string;
  /** Names in the catalogue's folder: read once, since demo rows name thousands of pictures that are not there. */
  filesBeside: ReadonlySet<string>;
  allowRename: boolean;
}

interface CheckedProduct {
  row: number;
  product: Product;
  hashes: ProductHashes;
  warnings: Finding[];
  images: CheckedImage[];
}

async function importBatch(
  deps: SyncDependencies,
  batch: readonly CatalogueRow[],
  context: BatchContext,
): Promise<void> {
  // A SKU that no store keeps is held by no product; asking for it would fail the whole batch instead of its row.
  const skus = batch.flatMap((row) => ('value' in row ? (skuOf(row.value) ?? []) : [])).filter(isStorable);
  const identities = await findIdentities(deps.store, skus);
  const checked: CheckedProduct[] = [];
  for (const row of batch) {
    if ('refusal' in row) {
      context.result.refused.push({ row: row.row, sku: null, ...row.refusal });
      continue;
    }
    const one = await checkOne(deps, row, identities, context);
    if (one) checked.push(one);
  }
  const repeats = checked.filter(({ product, hashes }) => identities.get(product.sku)?.rowHash === hashes.rowHash);
  context.result.unchanged += repeats.filter(({ warnings }) => warnings.length === 0).length;
  await store(
    deps,
    checked.filter((one) => !repeats.includes(one)),
    context,
  );
}

async function checkOne(
  deps: SyncDependencies,
  row: Extract<CatalogueRow, { value: unknown }>,
  identities: Awaited<ReturnType<typeof findIdentities>>,
  context: BatchContext,
): Promise<CheckedProduct | null> {
  const sku = skuOf(row.value) ?? null;
  const { product, findings } = checkRow(row.value, {
    ...context.rules,
    existing: sku === null ? undefined : identities.get(sku),
    seenSkus: context.seenSkus,
    allowRename: context.allowRename,
  });
  let images: CheckedImage[] = [];
  const hashes = product && hashesOf(product);
  // A repeat has been looked at before; its pictures are in the store.
  if (hashes && identities.get(product.sku)?.rowHash !== hashes.rowHash && hasPictures(product, context)) {
    const loaded = await loadCatalogueImages(product, { folder: context.folder, fetch, signal: deps.signal });
    images = loaded.images;
    findings.push(...loaded.findings.filter((finding) => !(product.isFictional && finding.rule === 'image_missing')));
  }
  context.result.refused.push(...findings.map((finding) => ({ row: row.row, sku, ...finding })));
  if (!hashes || isBlocked(findings)) return null;
  return { row: row.row, product, hashes, warnings: findings, images };
}

/** Pictures of real goods are always looked for, so that a missing one is told; those of demo goods only if one is there. */
function hasPictures(product: Product, context: BatchContext): boolean {
  return !product.isFictional || product.images.some(({ file }) => file.includes('/') || context.filesBeside.has(file));
}

async function store(
  deps: SyncDependencies,
  products: readonly CheckedProduct[],
  context: BatchContext,
): Promise<void> {
  if (products.length === 0) return;
  const now = deps.clock.now();
  const before = await findProducts(
    deps.store,
    products.map(({ product }) => product.sku),
  );
  const writes: ProductWrite[] = [];
  const events: ApprovalEvent[] = [];
  const moves: ApprovalMove[] = [];
  const counts = { accepted: 0, changed: 0 };
  for (const { product, warnings, hashes } of products) {
    const old = before.get(product.sku);
    const held = warnings.length > 0;
    const state = old ? stateAfterChange(old, product, held) : held ? 'draft' : 'submitted';
    writes.push({ product, hashes, warnings, approvalState: state });
    if (!old) events.push({ sku: product.sku, from: null, to: state, by: 'naru', reason: 'catalogue import', at: now });
    else if (state !== old.approvalState) {
      moves.push({ sku: product.sku, to: state, by: 'naru', reason: 'catalogue changed', at: now });
    }
    if (!held) counts[old ? 'changed' : 'accepted'] += 1;
  }
  await deps.store.transaction(async (tx) => {
    await writeProducts(tx, writes, now);
    await writeEvents(tx, events);
    for (const move of moves) await moveApproval(tx, move);
    await saveProductImages(
      tx,
      products.map(({ product, images }) => ({ sku: product.sku, images })),
    );
  });
  context.result.accepted += counts.accepted;
  context.result.changed += counts.changed;
}

/**
 * What a changed row does to an approval. Price, stock, pictures and descriptions were judged again by every rule and
 * keep it. What a person looked at when approving — certificates, claims, what the product is — needs that person again;
 * a certificate that only got a later end is a renewal. A warning alone takes no approval away: a month before its
 * certificate ends every product has one, and a new count of its stock must not end its sale.
 */
function stateAfterChange(old: StoredProduct, product: Product, held: boolean): ApprovalState {
  const state = old.approvalState;
  if (state === 'draft' || state === 'submitted') return held ? 'draft' : 'submitted';
  if (state === 'rejected') return 'submitted';
  if (state !== 'approved' && state !== 'expired') return state;
  return approvedParts(old.product) === approvedParts(product) ? state : 'submitted';
}

function approvedParts(product: Product): string {
  const { name, company, modelName, householdChemical, noticeType, claims, kc } = product;
  const certificates = product.certificates.map(({ kind, number, holderBusinessNo, coveredModels }) => ({
    kind,
    number,
    holderBusinessNo,
    coveredModels,
  }));
  return contentHash({
    name,
    businessNo: company.businessNo,
    modelName,
    householdChemical,
    noticeType,
    claims,
    kc,
    certificates,
  });
}
