import { defineChannel } from '../../src/channel/contract.ts';
import { catalogueFiles } from './catalogue-documents.ts';
import { pushCatalogue } from './catalogue-upload.ts';
import { checkAccount } from './check.ts';
import { inbound } from './inbound.ts';
import { limits } from './limits.ts';
import { renderItem } from './mapping-listing.ts';
import { credentialsSchema, settingsSchema, site } from './settings.ts';
import { acknowledgeOrder, shipOrder } from './shipments.ts';

const minuteMs = 60_000;

/** Corporate procurement and B2B marketplaces that speak cXML: we are the supplier, and much of the traffic calls us. */
export const b2bCxml = defineChannel({
  id: 'b2b-cxml',
  kind: 'b2b',
  name: { ko: '기업 구매 (cXML)', en: 'Corporate procurement (cXML)' },
  apiVersion: 'cXML 1.2.063',
  documentation: 'https://cxml.org',
  settings: settingsSchema,
  credentials: credentialsSchema,
  limits,
  check: checkAccount,
  listings: {
    maxBatch: 200,
    // A buyer's catalogue has no stock; our punch-out pages look it up themselves.
    parts: ['price'],
    sites: () => [site],
    settle: {
      // There is nothing to read back: the group has no `find`. The numbers keep their meaning should it get one.
      firstMs: 10 * minuteMs,
      everyMs: 10 * minuteMs,
      giveUpMs: 24 * 60 * minuteMs,
      // An upload may take a minute, and is tried three times.
      absenceMs: 5 * minuteMs,
    },
    keyedBySku:
      'an Index item is keyed by SupplierPartID within the SupplierID (cXML 1.2.063, ItemID), a CIF row by Supplier Part ID: adding again replaces',
    render: renderItem,
    push: pushCatalogue,
  },
  shipments: { acknowledge: acknowledgeOrder, ship: shipOrder },
  inbound,
  catalogue: catalogueFiles,
});
