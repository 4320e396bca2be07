import { listListings } from '../store/listing-rows.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { DoctorFinding } from './doctor.ts';
import { remarkSentence } from './listing-sentences.ts';

/** Listings that were changed or stopped at the channel, as the last read-back found them. */
export async function examineListings(deps: SyncDependencies, accountId: string): Promise<DoctorFinding[]> {
  const rows = await listListings(deps.store, { accountId, remarked: true });
  return rows.flatMap(({ sku, remarks }) =>
    remarks.map((remark): DoctorFinding => {
      const { ko, en } = remarkSentence(sku, accountId, remark);
      const isStop = remark.code === 'STOPPED_AT_CHANNEL';
      return {
        // A stop may be what the seller wants; another price than was approved is nobody's.
        severity: isStop ? 'notice' : 'problem',
        code: isStop ? 'listing_stopped_at_channel' : 'listing_changed_at_channel',
        account: accountId,
        messageKo: ko,
        messageEn: en,
      };
    }),
  );
}
