/** The counterpart of a portal without an API: the person who carries the files, as a program and behind a small server. */

import fastify from 'fastify';
import { z } from 'zod';
import type { RunningSandbox, SandboxOptions, StartSandbox } from '../../../src/channel/sandbox.ts';
import { type InquiryFacts, type InquiryFormat, inquiryFormats } from './inquiry-files.ts';
import { createPortalOperator, type PortalOperator } from './operator.ts';
import { sampleInquiries } from './sample-inquiries.ts';
import { NotABatch } from './zip-reading.ts';

export type { InquiryFacts, InquiryFormat } from './inquiry-files.ts';
export { inquiryFormats } from './inquiry-files.ts';
export type { BatchTaken, PortalOperator, PortalOperatorOptions, PortalProduct } from './operator.ts';
export { createPortalOperator } from './operator.ts';
export { sampleInquiries } from './sample-inquiries.ts';
export { NotABatch } from './zip-reading.ts';

export interface PortalSandbox extends RunningSandbox {
  operator: PortalOperator;
  setInquiries(facts: readonly InquiryFacts[]): void;
}

const inquirySchema = z.strictObject({
  number: z.string().nullable(),
  title: z.string(),
  product: z.string(),
  company: z.string(),
  country: z.string(),
  website: z.string(),
  contactName: z.string(),
  email: z.string(),
  phone: z.string(),
  quantity: z.int().positive().nullable(),
  unit: z.string(),
  importCountries: z.string(),
  message: z.string(),
  postedFrom: z.iso.date(),
  postedTo: z.iso.date(),
  masked: z.boolean(),
});
const inquiriesBody = z.strictObject({ inquiries: z.array(inquirySchema) });
const refuseBody = z.strictObject({ sku: z.string(), reason: z.string().nullable() });

/** Batches carry images of hundreds of products. */
const BODY_LIMIT = 512 * 1024 * 1024;

const mediaTypes: Record<InquiryFormat, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  xls: 'application/vnd.ms-excel',
  eml: 'message/rfc822',
};

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

/** A file travels without a wire, so nothing on a wire can go wrong. @throws RangeError when rules are given. */
function noFaults(rules: readonly unknown[] | undefined): void {
  if (rules !== undefined && rules.length > 0) throw new RangeError('a portal of files has no calls to spoil');
}

/**
 * Starts the operator behind a server on 127.0.0.1: `POST /_batch` with the ZIP answers the filled receipt,
 * `GET /_inquiries/{xlsx|csv|xls|eml}` a file as the portal gives it out (`?n=1` the second mail), `POST /_inquiries`
 * says which there are, `POST /_refuse` which SKU the portal does not take, `GET /_ledger` and `GET /_personal` the books.
 *
 * @throws when the port is taken, or faults are asked for.
 */
export async function startPortalOperator(options: SandboxOptions): Promise<PortalSandbox> {
  noFaults(options.faults?.rules);
  const operator = createPortalOperator({ now: options.now, seed: options.seed ?? 1 });
  let inquiries: readonly InquiryFacts[] = sampleInquiries;
  const personal = new Set<string>();
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT, exposeHeadRoutes: false, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.post('/_batch', async (request, reply) => {
    try {
      const taken = await operator.takeBatch(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      if (taken.receipt === null) return reply.code(422).send({ batchId: taken.batchId, faults: taken.faults });
      return reply
        .type(mediaTypes.xlsx)
        .header('content-disposition', `attachment; filename="${taken.receipt.name}"`)
        .send(taken.receipt.bytes);
    } catch (error) {
      if (error instanceof NotABatch) return reply.code(422).send({ batchId: null, faults: [error.message] });
      throw error;
    }
  });

  app.get<{ Params: { format: string }; Querystring: { n?: string } }>(
    '/_inquiries/:format',
    async (request, reply) => {
      const format = inquiryFormats.find((one) => one === request.params.format);
      if (!format)
        throw new ControlRefused(404, `no format ${request.params.format}; there are ${inquiryFormats.join(', ')}`);
      const number = Number(request.query.n ?? 0);
      const shown = format === 'eml' ? inquiries.slice(number, number + 1) : inquiries;
      if (format === 'eml' && shown.length === 0) throw new ControlRefused(404, `no inquiry ${number}`);
      for (const { contactName, email, phone } of shown)
        for (const text of [contactName, email, phone]) personal.add(text);
      const file = await operator.inquiryFile(format, shown);
      return reply
        .type(mediaTypes[format])
        .header('content-disposition', `attachment; filename="${file.name}"`)
        .send(file.bytes);
    },
  );
  app.post('/_inquiries', (request) => {
    ({ inquiries } = read(inquiriesBody, request.body));
    return { inquiries: inquiries.length };
  });
  app.post('/_refuse', (request) => {
    const { sku, reason } = read(refuseBody, request.body);
    operator.refuse(sku, reason);
    return { ok: true };
  });
  app.get('/_personal', () => ({ values: [...personal] }));
  app.get('/_ledger', () => ({ ...operator.ledger(), products: operator.products() }));

  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  return {
    url,
    operator,
    accountConfig: () => ({ settings: { profile: 'ec21', delivery: { kind: 'none' } }, credentials: {} }),
    ledger: () => operator.ledger(),
    setFaults: (faults) => noFaults(faults.rules),
    setInquiries: (facts) => {
      inquiries = facts;
    },
    close: () => app.close(),
  };
}

export const startPortalSandbox: StartSandbox = startPortalOperator;
