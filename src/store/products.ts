import type { ApprovalState } from '../domain/approval.ts';
import type { Finding } from '../domain/finding.ts';
import { type Identity, type Product, productSchema } from '../domain/product.ts';
import { contentHash } from '../runtime/content-hash.ts';
import type { Queryable } from './database.ts';

/** What the store knows of a product besides what its company wrote. */
export interface StoredProduct {
  product: Product;
  approvalState: ApprovalState;
  warnings: Finding[];
  contentHash: string;
  rowHash: string;
}

interface ProductRow {
  sku: string;
  content: unknown;
  approval_state: ApprovalState;
  warnings: Finding[];
  content_hash: string;
  row_hash: string;
}

const columns = 'sku, content, approval_state, warnings, content_hash, row_hash';

export interface ProductHashes {
  /** Of everything but price and stock, which have cheaper writes of their own. */
  contentHash: string;
  /** Of the whole row, to tell a change from a repeat. */
  rowHash: string;
}

/** Both hashes of a product, for one walk through its content. */
export function hashesOf(product: Product): ProductHashes {
  const { priceKrw, stockQty, ...content } = product;
  const hash = contentHash(content);
  return { contentHash: hash, rowHash: `${hash}.${priceKrw}.${stockQty}` };
}

/** Products by SKU; unknown SKUs are left out. */
export async function findProducts(store: Queryable, skus: readonly string[]): Promise<Map<string, StoredProduct>> {
  const { rows } = await store.query<ProductRow>(`select ${columns} from naru.product where sku = any($1)`, [skus]);
  return new Map(rows.map((row) => [row.sku, fromRow(row)]));
}

/** Up to `limit` products after `afterSku` in SKU order, in the given states (all when empty). */
export async function pageOfProducts(
  store: Queryable,
  options: { afterSku: string; limit: number; states?: readonly ApprovalState[] },
): Promise<StoredProduct[]> {
  const { rows } = await store.query<ProductRow>(
    `select ${columns} from naru.product
     where sku > $1 and ($2::text[] = '{}' or approval_state = any($2)) order by sku limit $3`,
    [options.afterSku, options.states ?? [], options.limit],
  );
  return rows.map(fromRow);
}

/** Who holds these SKUs already; what the duplicate rule compares. */
export async function findIdentities(
  store: Queryable,
  skus: readonly string[],
): Promise<Map<string, Identity & { rowHash: string }>> {
  const { rows } = await store.query<{
    sku: string;
    business_no: string;
    model_name: string;
    name_ko: string;
    row_hash: string;
  }>('select sku, business_no, model_name, name_ko, row_hash from naru.product where sku = any($1)', [skus]);
  return new Map(
    rows.map((row) => [
      row.sku,
      { businessNo: row.business_no, modelName: row.model_name, nameKo: row.name_ko, rowHash: row.row_hash },
    ]),
  );
}

export interface ProductWrite {
  product: Product;
  /** `hashesOf(product)`, which the caller has at hand. */
  hashes: ProductHashes;
  approvalState: ApprovalState;
  warnings: Finding[];
}

/**
 * Writes products with their companies, certificates and price history. The approval state is written for new products
 * only; an existing one moves through `moveApproval`, so that the history stays whole. A stock number that changed is a
 * fresh count from `now` on; the same number again is not.
 */
export async function writeProducts(tx: Queryable, writes: readonly ProductWrite[], now: Date): Promise<void> {
  if (writes.length === 0) return;
  const rows = writes.map(({ product, hashes, approvalState, warnings }) => ({
    sku: product.sku,
    business_no: product.company.businessNo,
    model_name: product.modelName,
    name_ko: product.name.ko,
    content: product,
    content_hash: hashes.contentHash,
    row_hash: hashes.rowHash,
    price_krw: product.priceKrw,
    stock_qty: product.stockQty,
    approval_state: approvalState,
    warnings,
  }));
  // Each statement is given only what it reads: the embedded engine takes longer to parse contents than to store them.
  const companies = writes.map(({ product: { company } }) => ({
    business_no: company.businessNo,
    company_ko: company.nameKo,
    company_en: company.nameEn,
  }));
  const prices = writes.map(({ product: { sku, priceKrw, listPriceKrw } }) => ({
    sku,
    price_krw: priceKrw,
    list_price_krw: listPriceKrw,
  }));
  await tx.query(
    `insert into naru.company as c (business_no, name_ko, name_en, updated_at)
     select distinct on (business_no) business_no, company_ko, company_en, $2::timestamptz
     from jsonb_to_recordset($1::jsonb) as r(business_no text, company_ko text, company_en text)
     on conflict (business_no) do update set name_ko = excluded.name_ko, name_en = excluded.name_en, updated_at = $2
     where (c.name_ko, c.name_en) is distinct from (excluded.name_ko, excluded.name_en)`,
    [JSON.stringify(companies), now],
  );
  await tx.query(
    `insert into naru.product as p (sku, business_no, model_name, name_ko, content, content_hash, row_hash, price_krw,
       stock_qty, stock_declared_at, approval_state, warnings, created_at, updated_at)
     select sku, business_no, model_name, name_ko, content, content_hash, row_hash, price_krw, stock_qty, $2,
       approval_state, warnings, $2, $2
     from jsonb_to_recordset($1::jsonb) as r(sku text, business_no text, model_name text, name_ko text, content jsonb,
       content_hash text, row_hash text, price_krw bigint, stock_qty bigint, approval_state text, warnings jsonb)
     on conflict (sku) do update set business_no = excluded.business_no, model_name = excluded.model_name,
       name_ko = excluded.name_ko, content = excluded.content, content_hash = excluded.content_hash,
       row_hash = excluded.row_hash, price_krw = excluded.price_krw, warnings = excluded.warnings, updated_at = $2,
       stock_declared_at = case when p.stock_qty = excluded.stock_qty then p.stock_declared_at else $2 end,
       sold_units = case when p.stock_qty = excluded.stock_qty then p.sold_units else 0 end,
       stock_qty = excluded.stock_qty`,
    [JSON.stringify(rows), now],
  );
  await tx.query(
    `insert into naru.price_history (sku, price_krw, list_price_krw, since)
     select r.sku, r.price_krw, r.list_price_krw, $2
     from jsonb_to_recordset($1::jsonb) as r(sku text, price_krw bigint, list_price_krw bigint)
     where not exists (select 1 from naru.price_history h where h.sku = r.sku and
       h.since = (select max(since) from naru.price_history l where l.sku = r.sku)
       and h.price_krw = r.price_krw and h.list_price_krw = r.list_price_krw)
     on conflict (sku, since) do update set price_krw = excluded.price_krw, list_price_krw = excluded.list_price_krw`,
    [JSON.stringify(prices), now],
  );
  await writeCertificates(tx, writes);
}

async function writeCertificates(tx: Queryable, writes: readonly ProductWrite[]): Promise<void> {
  const certificates = writes.flatMap(({ product }) =>
    product.certificates.map((certificate) => ({
      sku: product.sku,
      kind: certificate.kind,
      number: certificate.number,
      valid_from: certificate.validFrom,
      valid_to: certificate.validTo,
    })),
  );
  const json = JSON.stringify(certificates);
  const skus = writes.map(({ product }) => product.sku);
  // A certificate that is no longer in the row is gone. That it was cancelled is not undone by that: the word of the person
  // who recorded it stands apart, and holds for every product that brings the certificate later.
  await tx.query(
    `delete from naru.certificate c where c.sku = any($2) and not exists (
       select 1 from jsonb_to_recordset($1::jsonb) as r(sku text, kind text, number text)
       where r.sku = c.sku and r.kind = c.kind and r.number = c.number)`,
    [json, skus],
  );
  await tx.query(
    `insert into naru.certificate (sku, kind, number, valid_from, valid_to, withdrawn_on)
     select sku, kind, number, valid_from, valid_to, (select e.withdrawn_on from naru.certificate_event e
       where e.kind = r.kind and e.number = r.number order by e.event_id desc limit 1)
     from jsonb_to_recordset($1::jsonb) as r(sku text, kind text, number text, valid_from date, valid_to date)
     on conflict (sku, kind, number) do update set valid_from = excluded.valid_from, valid_to = excluded.valid_to`,
    [json],
  );
}

/** Counts for the doctor and the demo. */
export async function countProducts(
  store: Queryable,
): Promise<{ products: number; companies: number; byState: Record<string, number> }> {
  const { rows } = await store.query<{ approval_state: string; products: number }>(
    'select approval_state, count(*) as products from naru.product group by approval_state',
  );
  const companies = await store.query<{ companies: number }>(
    'select count(distinct business_no) as companies from naru.product',
  );
  return {
    products: rows.reduce((sum, row) => sum + row.products, 0),
    companies: companies.rows[0]?.companies ?? 0,
    byState: Object.fromEntries(rows.map((row) => [row.approval_state, row.products])),
  };
}

function fromRow(row: ProductRow): StoredProduct {
  return {
    product: productSchema.parse(row.content),
    approvalState: row.approval_state,
    warnings: row.warnings,
    contentHash: row.content_hash,
    rowHash: row.row_hash,
  };
}

/** Approved products whose SKU, names, model or company hold all the words, in SKU order after `after`. */
export async function searchProducts(
  store: Queryable,
  query: { words: readonly string[]; after: string; limit: number },
): Promise<string[]> {
  const patterns = query.words.map((word) => `%${word.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`);
  const { rows } = await store.query<{ sku: string }>(
    `select p.sku from naru.product p join naru.company c using (business_no)
     where p.sku > $1 and p.approval_state = 'approved' and ($2::text[] = '{}' or lower(concat_ws(' ', p.sku, p.name_ko,
       p.content -> 'name' ->> 'en', p.model_name, c.name_ko, c.name_en)) like all($2))
     order by p.sku limit $3`,
    [query.after, patterns, query.limit],
  );
  return rows.map((row) => row.sku);
}

/** The words of the catalogue that need a mapping on every account. */
export async function productWords(store: Queryable): Promise<{ productGroups: string[]; noticeTypes: string[] }> {
  const { rows } = await store.query<{ group_word: string; notice_type: string }>(
    'select distinct group_word, notice_type from naru.product order by group_word, notice_type',
  );
  return {
    productGroups: [...new Set(rows.map((row) => row.group_word))],
    noticeTypes: [...new Set(rows.map((row) => row.notice_type))].sort(),
  };
}
