import type { Queryable } from './database.ts';

interface StoredImage {
  sha256: string;
  contentType: string;
  width: number;
  height: number;
  bytes: Uint8Array;
}

/** Replaces the images of products, main image first. The same picture of two products is kept once. */
export async function saveProductImages(
  tx: Queryable,
  products: readonly { sku: string; images: readonly StoredImage[] }[],
): Promise<void> {
  for (const image of products.flatMap((product) => product.images)) {
    await tx.query(
      `insert into naru.image (sha256, content_type, width, height, bytes) values ($1, $2, $3, $4, $5)
       on conflict (sha256) do nothing`,
      [image.sha256, image.contentType, image.width, image.height, image.bytes],
    );
  }
  const places = products.flatMap(({ sku, images }) =>
    images.map(({ sha256 }, index) => ({ sku, position: index + 1, sha256 })),
  );
  await tx.query('delete from naru.product_image where sku = any($1)', [products.map((product) => product.sku)]);
  await tx.query(
    `insert into naru.product_image (sku, position, sha256)
     select sku, position, sha256 from jsonb_to_recordset($1::jsonb) as r(sku text, position int, sha256 text)`,
    [JSON.stringify(places)],
  );
}

/** The picture with this hash, or null. */
export async function findImage(store: Queryable, sha256: string): Promise<StoredImage | null> {
  const { rows } = await store.query<{
    sha256: string;
    content_type: string;
    width: number;
    height: number;
    bytes: Uint8Array;
  }>('select sha256, content_type, width, height, bytes from naru.image where sha256 = $1', [sha256]);
  const row = rows[0];
  return row
    ? { sha256: row.sha256, contentType: row.content_type, width: row.width, height: row.height, bytes: row.bytes }
    : null;
}

/** File name of the picture that is drawn for a demo product without one. */
export function placeholderName(sku: string): string {
  return `placeholder-${Buffer.from(sku).toString('hex')}.png`;
}

/** The SKU of a placeholder's file name; null for any other name. */
export function placeholderSku(name: string): string | null {
  // Without `00`: the store holds no NUL in its texts, and calls one in a question a fault.
  const [, hex] = /^placeholder-((?:(?!00)[0-9a-f]{2})+)\.png$/.exec(name) ?? [];
  return hex ? Buffer.from(hex, 'hex').toString() : null;
}

/** File names under which the api serves the images of these products, main image first. */
export async function imageNamesOf(store: Queryable, skus: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await store.query<{
    sku: string;
    sha256: string | null;
    content_type: string | null;
    fictional: boolean;
  }>(
    `select p.sku, i.sha256, i.content_type, coalesce((p.content ->> 'isFictional')::boolean, false) as fictional
     from naru.product p left join naru.product_image pi using (sku) left join naru.image i using (sha256)
     where p.sku = any($1) order by p.sku, pi.position`,
    [skus],
  );
  const names = new Map<string, string[]>();
  for (const { sku, sha256, content_type: type, fictional } of rows) {
    const own = names.get(sku) ?? [];
    if (sha256) own.push(`${sha256}.${type === 'image/png' ? 'png' : 'jpg'}`);
    else if (fictional) own.push(placeholderName(sku));
    names.set(sku, own);
  }
  return names;
}
