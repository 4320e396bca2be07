/** One kind of thing we pull. */
export const streams = ['orders', 'claims', 'settlements'] as const;
export type Stream = (typeof streams)[number];
