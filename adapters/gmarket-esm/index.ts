import { defineChannel, offerParts } from '../../src/channel/contract.ts';
import { maxClaimWindowMs, pullClaims } from './claims.ts';
import { checkAccount, mappingDefaults } from './defaults.ts';
import { limits } from './limits.ts';
import { findBySku, searchPageSize } from './listings-find.ts';
import { pushListings } from './listings-push.ts';
import { renderListing } from './mapping-listing.ts';
import { acknowledgeOrder, lookUpOrders, maxOrderWindowMs, pullOrders } from './orders.ts';
import { readSaleEnds, renewBeforeMs } from './sale-period.ts';
import { credentialsSchema, settingsSchema } from './settings.ts';
import { pullSettlements } from './settlements.ts';
import { ship } from './shipments.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Gmarket and Auction through the ESM Trading API: one account, one listing, up to two sites. */
export const gmarketEsm = defineChannel({
  id: 'gmarket-esm',
  kind: 'open-market',
  name: { ko: 'G마켓·옥션 (ESM)', en: 'Gmarket and Auction (ESM)' },
  apiVersion: 'ESM Trading API v1, as of 2026-05',
  documentation: 'https://etapi.gmarket.com',
  settings: settingsSchema,
  credentials: credentialsSchema,
  limits,
  check: checkAccount,
  mappings: { defaults: mappingDefaults },
  listings: {
    maxBatch: 1,
    parts: offerParts,
    sites: (settings) => [...settings.sites],
    settle: {
      // A new price or a stop shows at once, and staff wait for it; the pauses double from here.
      firstMs: 3_000,
      everyMs: minuteMs,
      // The feed to the sites takes two to three minutes (notes §2.3); this is ten times that.
      giveUpMs: 30 * minuteMs,
      // Our side ends a call after 20 s; three times that leaves theirs time to finish what it had begun.
      absenceMs: minuteMs,
    },
    render: renderListing,
    push: pushListings,
    find: {
      maxBatch: searchPageSize,
      bySku: findBySku,
      saleEnds: {
        renewBeforeMs,
        of: async (context, { goodsNo }) => (goodsNo ? readSaleEnds(context, goodsNo, 'lookups') : {}),
      },
    },
  },
  orders: {
    maxWindowMs: maxOrderWindowMs,
    overlapMs: 3 * dayMs,
    sweepMs: 30 * dayMs,
    settledAfterMs: 0,
    pull: pullOrders,
    lookUp: lookUpOrders,
  },
  claims: {
    maxWindowMs: maxClaimWindowMs,
    overlapMs: 3 * dayMs,
    sweepMs: 30 * dayMs,
    settledAfterMs: 0,
    pull: pullClaims,
  },
  settlements: {
    // Small windows: the back end answers large ones with its time-out (notes §4.1).
    maxWindowMs: 7 * dayMs,
    // "Next business day" can be ten days away around a holiday of the lunar calendar.
    overlapMs: 10 * dayMs,
    sweepMs: 30 * dayMs,
    settledAfterMs: dayMs,
    pull: pullSettlements,
  },
  shipments: { acknowledge: acknowledgeOrder, ship },
});
