import type { Json } from '../domain/listing.ts';
import type { Money } from '../domain/money.ts';
import { PeopleError } from '../domain/people-error.ts';
import { searchProducts } from '../store/products.ts';
import type { SyncDependencies } from './dependencies.ts';
import { offersOf } from './offers.ts';
import { openAccount } from './open-account.ts';
import { nameDraft, writeDraft } from './written-place.ts';

/** Products read at a time: enough to be fast, few enough for a small machine. */
const pageSize = 500;

/**
 * Writes everything that may be sold on an account now as one file. The file appears under its name when it is complete.
 *
 * @throws PeopleError `catalogue_unsupported` when the account's channel takes no such file, `place_unusable`, and what
 * the channel says of a format or an item it cannot write.
 */
export async function writeCatalogue(
  deps: SyncDependencies,
  request: { accountId: string; format: string; path: string; onProgress?: (items: number) => void },
): Promise<{ items: number }> {
  const account = await openAccount(deps, request.accountId);
  const { catalogue } = account.adapter;
  if (!catalogue) {
    throw new PeopleError(
      'catalogue_unsupported',
      `계정 ${request.accountId}의 채널(${account.adapter.id})은 카탈로그 파일을 받지 않습니다.`,
      `The channel of account ${request.accountId} (${account.adapter.id}) takes no catalogue file.`,
    );
  }
  // Once to count them and once to write them: formats that tell the number at the top need it first.
  let count = 0;
  for await (const page of pages(deps, account)) count += page.length;
  let written = 0;
  const items = async function* (): AsyncIterable<{ sku: string; document: Json; price: Money }> {
    for await (const page of pages(deps, account)) {
      yield* page;
      written += page.length;
      request.onProgress?.(written);
    }
  };
  const at = deps.clock.now();
  const settings = account.settings as never;
  const content = catalogue.write({ settings, format: request.format, count, items: items(), at });
  const draft = `${request.path}.unfinished`;
  await writeDraft(content, { draft, path: request.path, signal: deps.signal });
  await nameDraft(draft, request.path);
  return { items: written };
}

async function* pages(deps: SyncDependencies, account: Awaited<ReturnType<typeof openAccount>>) {
  let after = '';
  for (;;) {
    const skus = await searchProducts(deps.store, { words: [], after, limit: pageSize });
    const last = skus.at(-1);
    if (last === undefined) return;
    yield await offersOf(deps, account, skus);
    after = last;
  }
}
