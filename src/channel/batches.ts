import type { Json } from '../domain/listing.ts';
import type { ChannelContext, Rendering } from './contract.ts';
import type { RowFault } from './inquiries.ts';

export const batchActions = ['add', 'update', 'delete'] as const;
export type BatchAction = (typeof batchActions)[number];

/** A checked image of a product, read only when its turn comes: 600 products hold more pictures than memory should. */
export interface BatchImage {
  contentType: string;
  bytes(): Promise<Uint8Array>;
}

/** One product of a batch. */
export interface BatchItem {
  action: BatchAction;
  sku: string;
  /** What `render` made of it now; for a delete, what the last batch that told of it held. */
  document: Json;
  /** As the operator returned them with an earlier receipt; empty for an add. */
  externalIds: Record<string, string>;
  /** Main image first; empty for a delete. */
  images: BatchImage[];
}

/** Everything a batch is made of. The same rows on the same Seoul day give the same bytes. */
export interface Batch<Settings> {
  /** Unique among all accounts and ASCII: it names the file and comes back with the receipt. */
  batchId: string;
  accountId: string;
  /** Of which the file may tell the Seoul day, and no more. */
  builtAt: Date;
  settings: Settings;
  items: readonly BatchItem[];
}

export interface BatchFile {
  /** ASCII, with its extension. */
  name: string;
  /** The file in pieces, so that nobody needs to hold all of it. */
  content: AsyncIterable<Uint8Array>;
}

/** One line of what a person reports back. `open`: nothing was filled in yet. */
export interface ReceiptRow {
  /** As the operator's program counts rows. */
  row: number;
  sku: string;
  /** What the row says was to be done; null where it says nothing. The core compares it with what was asked for. */
  action: BatchAction | null;
  outcome: 'confirmed' | 'refused' | 'open';
  externalIds: Record<string, string>;
  url: string | null;
  /** The operator's words; the reason of a refusal. */
  note: string | null;
}

export interface Receipt {
  batchId: string;
  rows: ReceiptRow[];
  /** Rows that cannot be used, with the reason; the others count. */
  faults: RowFault[];
}

/**
 * Listing through a person: the channel has no API, so a batch is made as a file, somebody uploads it, and brings a
 * receipt back. Nothing counts as on sale before the receipt says so.
 */
export interface BatchesGroup<Settings, Credentials> extends Rendering<Settings> {
  /** Most products in one batch. */
  maxItems: number;
  /** Days after which a batch without a receipt is worth a word to people. */
  staleDays(settings: Settings): number;
  /** Makes the file. Deterministic: same batch on the same Seoul day, same bytes. Needs no network. */
  build(batch: Batch<Settings>): BatchFile;
  /**
   * Reads the receipt that the operator filled in.
   * @throws PeopleError when it is no receipt of this channel.
   */
  readReceipt(file: NamedFile): Promise<Receipt>;
  /**
   * Puts the finished file where the settings say. Doing it again replaces it. Absent or null-returning where nothing is
   * set: then the caller keeps the file. Returns the place, for people.
   */
  deliver?(
    context: ChannelContext<Settings, Credentials>,
    file: { name: string; path: string },
  ): Promise<string | null>;
}

/** A file that a person gave us. */
export interface NamedFile {
  name: string;
  bytes: Uint8Array;
}
