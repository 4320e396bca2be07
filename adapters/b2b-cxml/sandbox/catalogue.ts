/** The supplier's products as the buyer knows them. */

import type { SandboxListing } from '../../../src/channel/sandbox.ts';
import type { PartyIdentity } from './parties.ts';
import { Refused } from './refusal.ts';

export interface CatalogueItem {
  sku: string;
  /** In a flat file every row names its supplier. */
  supplier: string;
  deleted: boolean;
  name: string;
  /** Minor units. */
  price: number;
  currency: string;
  /** Null where the file does not say. */
  stock: number | null;
}

export interface CatalogueFile {
  form: 'Index' | 'CIF';
  /** A full load takes everything away that it does not hold. */
  full: boolean;
  suppliers: PartyIdentity[];
  items: CatalogueItem[];
}

/** One catalogue that was taken. */
export interface CatalogueLoad {
  form: 'Index' | 'CIF';
  catalogueName: string | null;
  full: boolean;
  items: number;
}

export class Catalogue {
  readonly #listings = new Map<string, SandboxListing>();
  readonly loads: CatalogueLoad[] = [];

  /** @throws Refused, before anything is changed, when the file is another supplier's or names an item twice. */
  take(file: CatalogueFile, supplier: PartyIdentity, catalogueName: string | null): void {
    const own = ({ domain, identity }: PartyIdentity) => domain === supplier.domain && identity === supplier.identity;
    if (file.form === 'CIF' ? !file.suppliers.every(own) : !file.suppliers.some(own))
      throw new Refused(400, `the catalogue is not that of supplier ${supplier.domain} ${supplier.identity}`);
    const seen = new Set<string>();
    for (const { sku } of file.items) {
      if (seen.has(sku)) throw new Refused(400, `item ${sku} is there twice`);
      seen.add(sku);
    }
    if (file.full) for (const listing of this.#listings.values()) listing.state = 'deleted';
    for (const item of file.items) this.#put(item);
    this.loads.push({ form: file.form, catalogueName, full: file.full, items: file.items.length });
  }

  #put(item: CatalogueItem): void {
    const { sku, deleted, name, price, currency, stock } = item;
    if (deleted) {
      const gone = this.#listings.get(sku);
      if (gone) gone.state = 'deleted';
      return;
    }
    const state = 'on-sale';
    this.#listings.set(sku, {
      sku,
      site: 'catalogue',
      externalId: sku,
      state,
      name,
      price,
      currency,
      stock: stock ?? 0,
    });
  }

  get(sku: string): SandboxListing | undefined {
    return this.#listings.get(sku);
  }

  listings(): SandboxListing[] {
    return [...this.#listings.values()].map((listing) => ({ ...listing }));
  }
}
