import type { PulledInquiry } from '../channel/inquiries.ts';
import type { Queryable } from '../store/database.ts';
import { inquiryIdsOf, renameInquiry } from '../store/inquiries.ts';
import type { SyncDependencies } from './dependencies.ts';

/**
 * The ids under which inquiries are kept, in their order. Where the channel gives no number, the content alone does not
 * make an inquiry itself: two buyers send the same words on the same day, and each is a lead. So the id is the content's
 * hash and a mark of the sender.
 *
 * An inquiry that was kept before its sender was known (masked then, or by an earlier version of Naru) has the content's
 * hash alone. The first sender of that content takes it over, so that nothing is counted twice.
 */
export async function inquiryIds(
  deps: SyncDependencies,
  tx: Queryable,
  accountId: string,
  inquiries: readonly PulledInquiry[],
): Promise<string[]> {
  const unnumbered = inquiries.filter((one) => one.value.channelNumber === null).map((one) => one.externalId);
  const held = new Set(await inquiryIdsOf(tx, accountId, unnumbered));
  const ids: string[] = [];
  for (const { externalId, value, sender } of inquiries) {
    let id = externalId;
    if (value.channelNumber === null && sender) {
      id = `${externalId}-${deps.secrets.mark(sender, `${accountId} inquiry`)}`;
      if (held.has(externalId) && !held.has(id)) {
        await renameInquiry(tx, accountId, externalId, id);
        held.delete(externalId);
        for (const [index, before] of ids.entries()) if (before === externalId) ids[index] = id;
      }
    } else if (value.channelNumber === null && !held.has(id)) {
      // Who it was is hidden this time; it is not one more for that.
      id = [...held].find((known) => known.startsWith(`${externalId}-`)) ?? id;
    }
    held.add(id);
    ids.push(id);
  }
  return ids;
}
