import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type {
  BaseSettings,
  ListingChange,
  ListingOutcome,
  ListingsGroup,
  Rendering,
} from '../../src/channel/contract.ts';
import type { ListingsHarness, RenderingHarness } from '../../src/channel/harness.ts';
import type { SandboxListing } from '../../src/channel/sandbox.ts';
import type { DesiredListing, Discount, Json, ObservedListing, Operation } from '../../src/domain/listing.ts';
import { type Mappings, mappingsSchema } from '../../src/domain/mapping.ts';
import type { Product } from '../../src/domain/product.ts';
import { type ContextOptions, onStage, type Stage, type Subject } from './stage.ts';

/** What makes documents, however they travel. */
export function renderingOf({ adapter, harness }: Pick<Stage, 'adapter' | 'harness'>): {
  group: Rendering<BaseSettings>;
  brought: RenderingHarness;
} {
  const group = adapter.listings ?? adapter.batches;
  const brought = harness.listings ?? harness.batches;
  assert.ok(group && brought, 'the adapter or its harness lists nothing');
  return { group, brought };
}

/** The listings group of the adapter; the suite only asks for it where it is present. */
export function listingsOf({ adapter, harness }: Pick<Stage, 'adapter' | 'harness'>): {
  group: ListingsGroup<BaseSettings, unknown>;
  brought: ListingsHarness;
} {
  assert.ok(adapter.listings && harness.listings, 'the adapter or its harness has no listings');
  return { group: adapter.listings, brought: harness.listings };
}

const mappingsBySubject = new WeakMap<Subject, Mappings>();

/** Mappings under which the harness's products can be rendered. Looked up once: every sandbox has the same seed. */
export async function mappingsOf(subject: Subject): Promise<Mappings> {
  const known = mappingsBySubject.get(subject);
  if (known) return known;
  const { brought } = renderingOf(subject);
  const sample = brought.product('MAPPING-1');
  let mappings = mappingsSchema.parse({});
  await onStage(subject, async (stage) => {
    const words = { productGroups: [sample.group.ko], noticeTypes: [sample.noticeType] };
    mappings = (await stage.adapter.mappings?.defaults(stage.context(), words)) ?? mappings;
  });
  const complete = mappingsSchema.parse(brought.completeMappings(mappings));
  mappingsBySubject.set(subject, complete);
  return complete;
}

export interface ChangeOptions {
  product?: Product;
  /** Index into the harness's prices. */
  price?: 0 | 1;
  stock?: number;
  discount?: Discount | null;
  observed?: ObservedListing | null;
}

/** What the adapter makes of a product, which has to be something. */
export async function renderGood(stage: Stage, product: Product): Promise<{ document: Json; title: string | null }> {
  const { group, brought } = renderingOf(stage);
  const { settings } = stage.context().account;
  const mappings = await mappingsOf(stage.subject);
  const { document, title, findings } = group.render({ product, mappings, settings, imageUrls: brought.imageUrls });
  assert.ok(document !== null, `the harness's product cannot be rendered: ${JSON.stringify(findings)}`);
  return { document, title };
}

/** A change as the core would send it. */
export async function changeOf(
  stage: Stage,
  operation: Operation,
  sku: string,
  options: ChangeOptions = {},
): Promise<ListingChange> {
  const { brought } = listingsOf(stage);
  const { document } = await renderGood(stage, options.product ?? brought.product(sku));
  const onSale = operation !== 'stop' && operation !== 'remove';
  const desired: DesiredListing = {
    onSale,
    offReason: onSale ? null : 'conformance',
    document,
    contentHash: createHash('sha256').update(JSON.stringify(document)).digest('hex'),
    price: brought.prices[options.price ?? 0],
    stock: options.stock ?? 50,
    discount: options.discount ?? null,
  };
  const observed = options.observed ?? null;
  return { operation, sku, externalIds: observed?.externalIds ?? {}, desired, observed };
}

/** Pushes in batches of the size the adapter allows, as the core does. */
export async function pushAll(
  stage: Stage,
  changes: ListingChange[],
  options: ContextOptions = {},
): Promise<ListingOutcome[]> {
  const { group } = listingsOf(stage);
  const outcomes: ListingOutcome[] = [];
  for (let start = 0; start < changes.length; start += group.maxBatch) {
    outcomes.push(...(await group.push(stage.context(options), changes.slice(start, start + group.maxBatch))));
  }
  return outcomes;
}

/** Pushes one change and expects the channel's yes. */
export async function pushAccepted(
  stage: Stage,
  change: ListingChange,
): Promise<Extract<ListingOutcome, { status: 'accepted' }>> {
  const [outcome] = await pushAll(stage, [change]);
  assert.ok(outcome?.status === 'accepted', `${change.operation} of ${change.sku}: ${describe(outcome)}`);
  return outcome;
}

function describe(outcome: ListingOutcome | undefined): string {
  if (outcome?.status === 'failed') return `failed, ${outcome.error.message}`;
  return JSON.stringify(outcome);
}

/** What the channel shows under these SKUs now. */
export async function findAll(stage: Stage, skus: string[], options: ContextOptions = {}): Promise<ObservedListing[]> {
  const { group } = listingsOf(stage);
  assert.ok(group.find, 'the channel cannot be asked');
  const found: ObservedListing[] = [];
  for (let start = 0; start < skus.length; start += group.find.maxBatch) {
    found.push(...(await group.find.bySku(stage.context(options), skus.slice(start, start + group.find.maxBatch))));
  }
  return found;
}

/** The one listing under `sku`. */
export async function findOne(stage: Stage, sku: string): Promise<ObservedListing> {
  const found = await findAll(stage, [sku]);
  assert.equal(found.length, 1, `${sku} is found ${found.length} times`);
  return found[0] as ObservedListing;
}

/** Lets the channel's own time pass until no site of these listings is pending, or the adapter says to give up. */
export async function settle(stage: Stage, skus: string[]): Promise<ObservedListing[]> {
  const { firstMs, everyMs, giveUpMs } = listingsOf(stage).group.settle;
  await stage.clock.sleep(firstMs);
  for (let waitedMs = firstMs; ; waitedMs += everyMs) {
    const found = await findAll(stage, skus);
    const isPending = found.some((listing) => listing.sites.some((site) => site.state === 'pending'));
    if (!isPending) return found;
    assert.ok(waitedMs < giveUpMs, `still pending after ${waitedMs} ms`);
    await stage.clock.sleep(everyMs);
  }
}

/** Creates listings and waits until they are on sale. */
export async function putOnSale(stage: Stage, skus: string[], options: ChangeOptions = {}): Promise<ObservedListing[]> {
  for (const sku of skus) await pushAccepted(stage, await changeOf(stage, 'create', sku, options));
  if (!listingsOf(stage).group.find) return [];
  const found = await settle(stage, skus);
  assert.equal(found.length, skus.length, 'not every created listing is found');
  return found;
}

/** As `putOnSale`, for cases about what buyers do; a channel without listings has its products on sale already. */
export async function offer(stage: Stage, skus: string[], options: ChangeOptions = {}): Promise<void> {
  if (stage.adapter.listings) await putOnSale(stage, skus, options);
}

/** The books of the sandbox about one SKU, deleted entries left out. */
export function booksOf(stage: Stage, sku: string): SandboxListing[] {
  return stage.sandbox.ledger().listings.filter((listing) => listing.sku === sku && listing.state !== 'deleted');
}
