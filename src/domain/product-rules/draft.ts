import type { Product } from '../product.ts';

/** A value of which any leaf may be missing: what could be read of a row that is not right yet. */
export type Draft<T> = T extends string | number | boolean | null
  ? T | undefined
  : T extends readonly (infer Item)[]
    ? Draft<Item>[]
    : { [Key in keyof T]: Draft<T[Key]> };

/**
 * A product as far as it could be read. Every rule works on this shape and stays silent about what is missing, so that
 * one unreadable cell does not hide the other faults of the row; a complete `Product` is one too.
 */
export type ProductDraft = Draft<Omit<Product, 'isFictional'>> & Pick<Product, 'isFictional'>;
export type CertificateDraft = ProductDraft['certificates'][number];
