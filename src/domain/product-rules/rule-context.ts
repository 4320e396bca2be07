import type { Campaign } from '../campaign.ts';
import type { SeoulDay } from '../seoul-time.ts';

/** A campaign as far as the certificate rules look at it. */
export type CampaignWindow = Pick<Campaign, 'id' | 'name' | 'startsAt' | 'endsAt'>;

/** What the rules must be told because they know no clock and no store. */
export interface RuleContext {
  today: SeoulDay;
  /** Campaigns that are open or still to come; one that is over finds nothing. */
  campaigns: readonly CampaignWindow[];
}
