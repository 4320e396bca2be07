import { z } from 'zod';
import type { Json } from '../../src/domain/listing.ts';
import { PeopleError } from '../../src/domain/people-error.ts';
import { quotable } from '../../src/domain/text-safety.ts';

/** What `render` makes of a product: one row, by the keys of the columns, in the portal's words. */
const documentSchema = z.object({
  portal: z.string(),
  templateVersion: z.string(),
  modelNo: z.string(),
  name: z.string(),
  values: z.record(z.string(), z.string()),
  /** Names of the pictures, which are hashes of their bytes: a new picture makes the row a changed one. */
  pictures: z.array(z.string()),
});
export type PortalDocument = z.output<typeof documentSchema>;

/**
 * The row that `render` made, read back from the store.
 * @throws PeopleError when it is none, as a row from another version of this adapter may be.
 */
export function readDocument(document: Json, sku: string): PortalDocument {
  const parsed = documentSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const shown = quotable(sku);
  throw new PeopleError(
    'batch_document_unreadable',
    `상품 ${shown}: 저장된 내용을 읽을 수 없어 배치를 만들지 못했습니다. 상품을 다시 가져온 뒤 배치를 다시 만들어 주십시오.`,
    `Product ${shown}: what was stored of it cannot be read, so no batch was made. Import the product and build the batch again.`,
  );
}
