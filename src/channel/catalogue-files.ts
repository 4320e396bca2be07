import type { Json } from '../domain/listing.ts';
import type { Money } from '../domain/money.ts';

/** The whole catalogue of an account as one file, for a partner who loads files instead of taking our uploads. */
export interface CatalogueFilesGroup<Settings> {
  /** By the names that staff choose them with. */
  formats: readonly string[];
  /**
   * The file in pieces: a catalogue of twenty thousand products need not fit in memory.
   * @throws PeopleError when the format is none of these, or an item cannot be written.
   */
  write(input: {
    settings: Settings;
    format: string;
    /** How many items will come; formats that tell it at the top need it before the first. */
    count: number;
    items: AsyncIterable<{ sku: string; document: Json; price: Money }>;
    at: Date;
  }): AsyncIterable<string>;
}
