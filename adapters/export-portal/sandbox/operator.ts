/**
 * The person between us and a portal without an API, as a program: looks the batch over, uploads what is in it, and
 * fills in the receipt. The portal's products are its own books.
 */

import type { SandboxLedger, SandboxListing } from '../../../src/channel/sandbox.ts';
import { openBatch } from './batch-check.ts';
import { type InquiryFacts, type InquiryFormat, inquiryFile } from './inquiry-files.ts';
import type { Outcome, ReceiptLine } from './receipt-form.ts';

export interface PortalOperatorOptions {
  /** The operator's clock, ms since 1970. */
  now: () => number;
  /** Where the portal's numbers begin. */
  seed?: number;
  /** SKUs the portal does not take, with its reason. */
  refuse?: Readonly<Record<string, string>>;
  /** SKUs the operator has not got round to: their lines stay open. */
  leaveOpen?: readonly string[];
}

export interface PortalProduct {
  sku: string;
  portal: string;
  /** A number with leading zeros: whoever reads it as one loses them. */
  portalId: string;
  url: string;
  state: 'on-sale' | 'deleted';
  /** Cells of Products by heading, as last uploaded. */
  fields: Record<string, string>;
  batchIds: string[];
}

export interface BatchTaken {
  batchId: string;
  portal: string;
  /** Why nothing was uploaded; empty when all is well. */
  faults: string[];
  /** The filled form; null when nothing was uploaded. */
  receipt: { name: string; bytes: Buffer } | null;
}

export interface PortalOperator {
  /**
   * Takes a batch by its bytes or its path.
   * @throws NotABatch when it cannot be opened as one.
   */
  takeBatch(zip: Uint8Array | string): Promise<BatchTaken>;
  products(): PortalProduct[];
  ledger(): SandboxLedger;
  /** From now on the portal takes the SKU no more; null lifts that. */
  refuse(sku: string, reason: string | null): void;
  /** A file as a portal gives it out, or the mail it sends. */
  inquiryFile(format: InquiryFormat, facts: readonly InquiryFacts[]): Promise<{ name: string; bytes: Buffer }>;
}

/** Portals number all their products in one row, so two of ours are never neighbours. */
const NUMBER_STEP = 7;

function firstField(fields: Record<string, string>, heading: RegExp): string {
  return Object.entries(fields).find(([name, text]) => heading.test(name) && text !== '')?.[1] ?? '';
}

/** Minor units of the first amount in a text such as `12.50` or `12.50 - 14.00`; 0 when there is none. */
function minorOf(text: string, currency: string): number {
  const [, whole, fraction = ''] = /(\d[\d,]*)(?:\.(\d+))?/.exec(text) ?? [];
  if (whole === undefined) return 0;
  const places = currency === 'KRW' ? 0 : 2;
  return Number(`${whole.replaceAll(',', '')}${fraction.slice(0, places).padEnd(places, '0')}`);
}

function listingOf(product: PortalProduct): SandboxListing {
  const price = firstField(product.fields, /price|가격|단가/i);
  const currency =
    /[A-Z]{3}/.exec(firstField(product.fields, /currency|통화/i))?.[0] ?? /[A-Z]{3}/.exec(price)?.[0] ?? 'USD';
  return {
    sku: product.sku,
    site: product.portal.toLowerCase(),
    externalId: product.portalId,
    state: product.state,
    name: firstField(product.fields, /product.*name|상품명|제품명|품명/i),
    price: minorOf(price, currency),
    currency,
    stock: 0,
  };
}

export function createPortalOperator(options: PortalOperatorOptions): PortalOperator {
  const products = new Map<string, PortalProduct>();
  const refusals = new Map(Object.entries(options.refuse ?? {}));
  const open = new Set(options.leaveOpen ?? []);
  const done = new Map<string, BatchTaken>();
  let nextNumber = 4_801_330 + (options.seed ?? 1) * 1000;
  let batches = 0;

  const key = (portal: string, sku: string): string => `${portal}/${sku}`;

  function register(portal: string, sku: string): PortalProduct {
    nextNumber += NUMBER_STEP;
    const portalId = String(nextNumber).padStart(10, '0');
    const url = `https://${portal.toLowerCase()}.example/product/${portalId}`;
    const product: PortalProduct = { sku, portal, portalId, url, state: 'on-sale', fields: {}, batchIds: [] };
    products.set(key(portal, sku), product);
    return product;
  }

  function carryOut(portal: string, batchId: string, line: ReceiptLine, fields: Record<string, string>): Outcome {
    const known = products.get(key(portal, line.sku));
    const refused = (note: string): Outcome => ({ portalId: line.portalId, url: '', result: 'REFUSED', note });
    const reason = refusals.get(line.sku);
    if (reason !== undefined) return refused(reason);
    if (line.action !== 'ADD') {
      if (known?.state !== 'on-sale') return refused(`${line.sku} is not on ${portal}`);
      if (line.portalId !== '' && line.portalId !== known.portalId)
        return refused(`${line.portalId} is another product; ${line.sku} is ${known.portalId}`);
    }
    const standing = known?.state === 'on-sale' ? known : null;
    const product = standing ?? register(portal, line.sku);
    product.batchIds.push(batchId);
    if (line.action === 'DELETE') product.state = 'deleted';
    else product.fields = fields;
    const note = line.action === 'ADD' && standing ? 'was there already' : '';
    return { portalId: product.portalId, url: product.url, result: 'OK', note };
  }

  return {
    async takeBatch(zip) {
      const batch = await openBatch(zip);
      const { batchId, portal, faults, receipt, headings } = batch;
      if (faults.length > 0) return { batchId, portal, faults, receipt: null };
      const before = done.get(batchId);
      if (before) return before;
      for (const line of receipt.lines) {
        if (open.has(line.sku)) continue;
        const cells = batch.products.get(line.sku) ?? [];
        const fields = Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? '']));
        receipt.fill(line, carryOut(portal, batchId, line, fields));
      }
      batches += 1;
      const taken = { batchId, portal, faults, receipt: { name: 'receipt.xlsx', bytes: await receipt.bytes() } };
      done.set(batchId, taken);
      return taken;
    },
    products: () => [...products.values()].map((product) => ({ ...product })),
    ledger: () => ({
      channel: 'export-portal',
      listings: [...products.values()].map(listingOf),
      // Portals bring inquiries, not orders.
      orders: [],
      sales: [],
      traffic: {
        calls: batches,
        byEndpoint: { 'POST /_batch': batches },
        rateErrors: 0,
        smallestOrderQueryGapMs: null,
      },
    }),
    refuse: (sku, reason) => {
      if (reason === null) refusals.delete(sku);
      else refusals.set(sku, reason);
    },
    inquiryFile: (format, facts) => inquiryFile(format, facts, options.now()),
  };
}
