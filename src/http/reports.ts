import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fieldFaults } from '../domain/field-faults.ts';
import { listingStates } from '../domain/listing.ts';
import { listListings } from '../store/listing-rows.ts';
import { salesGroupings } from '../store/sales.ts';
import { requireAccount } from '../sync/known-names.ts';
import { listingJson, salesAnswer } from '../sync/report.ts';
import type { ServedApp } from './served-app.ts';

/** The store holds no NUL in its texts, and calls one in a question a fault. */
const name = z.string().regex(/^[^\0]*$/);

const salesQuerySchema = z.object({
  campaign: name.optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  by: z.enum(salesGroupings).optional(),
  as_of: z.iso.datetime({ offset: true }).optional(),
});

const listingsQuerySchema = z.object({ account: name.optional(), state: z.enum(listingStates).optional() });

/** What dashboards read: sales facts and listings, as JSON. */
export function registerReports(server: FastifyInstance, app: ServedApp): void {
  server.get('/sales', async (request, reply) => {
    const query = salesQuerySchema.safeParse(request.query);
    if (!query.success) return reply.status(400).send(badQuery(salesQuerySchema, request.query));
    const { campaign, from, to, by, as_of: asOf } = query.data;
    return salesAnswer(app.deps, {
      campaignId: campaign,
      fromDay: from,
      toDay: to,
      by: by ?? null,
      asOf: asOf ? new Date(asOf) : null,
    });
  });
  server.get('/listings', async (request, reply) => {
    const query = listingsQuerySchema.safeParse(request.query);
    if (!query.success) return reply.status(400).send(badQuery(listingsQuerySchema, request.query));
    const { account, state } = query.data;
    await requireAccount(app.deps, account);
    const rows = await listListings(app.store, { accountId: account, state });
    return { listings: rows.map(listingJson) };
  });
}

function badQuery(schema: z.ZodType, query: unknown) {
  const places = fieldFaults(schema, query);
  return {
    error: {
      code: 'query_invalid',
      message_ko: `조회 조건을 읽을 수 없습니다: ${places.ko}`,
      message_en: `The query cannot be read: ${places.en}`,
    },
  };
}
