/** Paths that no buyer's system shows: they make the buyer act, and open its books. No secret is asked for. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SandboxFaults } from '../../../src/channel/sandbox.ts';
import type { Buyer } from './buyer.ts';
import { type Letters, NotPossible } from './sent-documents.ts';
import { shop } from './shopper.ts';

const url = z.url({ protocol: /^https?$/ });
const line = z.strictObject({
  sku: z.string().min(1),
  auxiliary: z.string().optional(),
  quantity: z.int().positive(),
  unitPrice: z.int().nonnegative().optional(),
  currency: z.string().length(3).optional(),
  description: z.string().optional(),
});
const profileBody = z.strictObject({ url });
const orderBody = z.strictObject({
  url,
  lines: z.array(line).min(1).optional(),
  cart: z.string().optional(),
  orderId: z.string().min(1).optional(),
  payloadId: z.string().min(1).optional(),
  type: z.enum(['new', 'update', 'delete']).optional(),
  orderVersion: z.int().positive().optional(),
});
const againBody = z.strictObject({ payloadId: z.string(), url: url.optional() });
const punchOutBody = z.strictObject({
  url,
  operation: z.enum(['create', 'edit', 'inspect', 'source']).optional(),
  selectedSku: z.string().optional(),
  cart: z.string().optional(),
});
const shopBody = z.strictObject({
  startPage: url,
  skus: z.array(z.string().min(1)).min(1).nullable().default(null),
  lines: z.int().positive().default(1),
  quantity: z.int().positive().default(1),
});
const quoteBody = z.strictObject({
  url,
  lines: z.array(line).min(1),
  requestId: z.string().regex(/^\d+$/).optional(),
  title: z.string().optional(),
  message: z.string().optional(),
  closesInDays: z.int().positive().optional(),
});
const faultsBody = z.strictObject({
  feedDelayMs: z.number().optional(),
  phoneDelayMs: z.number().optional(),
  rules: z
    .array(
      z.strictObject({
        match: z.string().regex(/^[A-Z]+ \//),
        fault: z.enum([
          'status',
          'business-error',
          'rate-limited',
          'timeout-before-commit',
          'timeout-after-commit',
          'reset-before-commit',
          'reset-after-commit',
          'cut-json',
          'ignore-silently',
        ]),
        status: z.int().optional(),
        times: z.int().optional(),
        after: z.int().optional(),
        probability: z.number().min(0).max(1).optional(),
        seed: z.int().optional(),
      }),
    )
    .optional(),
});

class ControlRefused extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.name = 'ControlRefused';
    this.statusCode = statusCode;
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  } catch (error) {
    throw new ControlRefused(400, error instanceof Error ? error.message : 'no JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ControlRefused(400, z.prettifyError(parsed.error));
  return parsed.data;
}

async function orConflict<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof NotPossible) throw new ControlRefused(409, error.message);
    throw error;
  }
}

export function addControlPaths(app: FastifyInstance, buyer: Buyer, letters: Letters): void {
  app.post('/_profile', (request) => letters.profile(read(profileBody, request.body).url));
  app.post('/_order', (request) => orConflict(letters.order(read(orderBody, request.body))));
  app.post('/_again', (request) => {
    const { payloadId, url: to } = read(againBody, request.body);
    return orConflict(letters.again(payloadId, to));
  });
  app.post('/_punchout', (request) => orConflict(letters.punchOut(read(punchOutBody, request.body))));
  app.post('/_shop', (request) => {
    const returnTo = `${new URL(buyer.door).origin}/_return`;
    return orConflict(shop({ ...read(shopBody, request.body), returnTo }));
  });
  app.post('/_quote', (request) => orConflict(letters.quote(read(quoteBody, request.body))));
  app.post('/_faults', (request) => {
    // Absent keys stay absent in what the schema gives back, which its types cannot say.
    buyer.troubles.replace(read(faultsBody, request.body) as SandboxFaults, buyer.seed);
    return { ok: true };
  });
  app.get('/_personal', () => ({ values: [...buyer.personal] }));
  app.get('/_ledger', () => buyer.ledger());
}
