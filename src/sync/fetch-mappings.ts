import { type ChannelError, isChannelError } from '../channel/errors.ts';
import { type Mappings, mergeMappings } from '../domain/mapping.ts';
import { contentHash } from '../runtime/content-hash.ts';
import { changeMappings, findAccount, rememberAskedWords, type StoredAccount } from '../store/accounts.ts';
import { productWords } from '../store/products.ts';
import type { SyncDependencies } from './dependencies.ts';
import { pauseForError } from './note-failure.ts';
import { openStoredAccount } from './open-account.ts';
import { actionFor } from './retry-policy.ts';

/**
 * Fills in the mappings an account lacks from the channel's own look-ups, for the words of the catalogue as it is. What
 * people entered is never changed, and a word without a certain match stays unmapped: a wrong category is worse than a
 * sentence that asks for one. A channel that cannot be reached leaves everything as it is and is told to `onFailure`; one
 * that refuses the credentials pauses the account. Without either, people would be told of missing mappings alone.
 */
export async function fetchMissingMappings(
  deps: SyncDependencies,
  stored: StoredAccount,
  onFailure?: (error: ChannelError) => void,
): Promise<StoredAccount> {
  const account = openStoredAccount(deps, stored);
  if (!account.adapter.mappings) return stored;
  const words = await productWords(deps.store);
  const missing = missingWords(stored.mappings, words);
  if (!missing) return stored;
  const wordsHash = contentHash(missing);
  if (stored.askedWordsHash === wordsHash) return stored;
  let fetched: Mappings;
  try {
    fetched = await account.adapter.mappings.defaults(account.context, missing);
  } catch (error) {
    if (!isChannelError(error)) throw error;
    account.context.log.warn({ kind: error.kind, code: error.code }, 'mappings could not be fetched from the channel');
    if (actionFor(error.kind) !== 'pause-account') {
      onFailure?.(error);
      return stored;
    }
    await pauseForError(deps, account, error);
    return (await findAccount(deps.store, stored.accountId)) ?? stored;
  }
  await rememberAskedWords(deps.store, stored.accountId, wordsHash);
  // People may have imported mappings while the channel was asked: theirs, as they are now, come before what was found.
  await changeMappings(deps.store, stored.accountId, (current) => mergeMappings(fetched, current));
  return (await findAccount(deps.store, stored.accountId)) ?? stored;
}

/** What the catalogue needs and the mappings lack; null when nothing does. */
function missingWords(
  mappings: Mappings,
  words: { productGroups: string[]; noticeTypes: string[] },
): { productGroups: string[]; noticeTypes: string[] } | null {
  const productGroups = words.productGroups.filter((group) => !(group in mappings.categories));
  const noticeTypes = words.noticeTypes.filter((type) => !(type in mappings.notices));
  const shipping = Object.keys(mappings.shipping).length > 0;
  if (productGroups.length === 0 && noticeTypes.length === 0 && shipping) return null;
  return { productGroups, noticeTypes };
}
