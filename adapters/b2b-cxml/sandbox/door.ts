/** The buyer's own door on the wire: documents by POST, and the browser that brings a cart back. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxFaultRule } from '../../../src/channel/sandbox.ts';
import type { Buyer } from './buyer.ts';
import { deliveryOf } from './delivery.ts';
import { Refused } from './refusal.ts';

export const DOOR_PATH = '/cxml';

const MAINTENANCE_PAGE = '<html><body><h1>Service Unavailable</h1></body></html>';

/** No answer at all: the connection is dropped, or hangs until the caller gives up. */
function goSilent(request: FastifyRequest, reply: FastifyReply, drop: boolean): FastifyReply {
  reply.hijack();
  if (drop) request.raw.socket.resetAndDestroy();
  return reply;
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** The answer to a call that does nothing; null when the call is to be done. */
function spoiledAnswer(buyer: Buyer, rule: SandboxFaultRule | null): string | null {
  if (rule?.fault === 'business-error') return buyer.answer(rule.status ?? 500, 'made by request');
  if (rule?.fault === 'ignore-silently') return buyer.answer(200, 'the document was taken');
  return null;
}

async function receive(buyer: Buyer, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const rule = buyer.troubles.next('POST', request.url.split('?')[0] ?? '');
  switch (rule?.fault) {
    case 'status':
      return reply
        .code(rule.status ?? 503)
        .type('text/html')
        .send(MAINTENANCE_PAGE);
    case 'rate-limited':
      buyer.traffic.rateErrors += 1;
      return reply.code(429).header('retry-after', '1').type('text/html').send(MAINTENANCE_PAGE);
    case 'timeout-before-commit':
      return goSilent(request, reply, false);
    case 'reset-before-commit':
      return goSilent(request, reply, true);
  }
  const answer =
    spoiledAnswer(buyer, rule) ??
    (await buyer.receive(() => deliveryOf(request.headers['content-type'] ?? '', bodyOf(request))));
  if (rule?.fault === 'timeout-after-commit') return goSilent(request, reply, false);
  if (rule?.fault === 'reset-after-commit') return goSilent(request, reply, true);
  const sent = rule?.fault === 'cut-json' ? answer.slice(0, Math.floor(answer.length / 2)) : answer;
  return reply.type('text/xml; charset=UTF-8').send(sent);
}

/** The field's name says how the cart is packed. */
function cartXml(form: URLSearchParams): string {
  const plain = form.get('cxml-urlencoded');
  if (plain !== null) return plain;
  const packed = form.get('cxml-base64');
  if (packed !== null) return Buffer.from(packed, 'base64').toString('utf8');
  throw new Refused(400, 'the form has neither cxml-urlencoded nor cxml-base64');
}

const page = (title: string, text: string): string =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body><p>${text}</p></body></html>`;

async function takeCart(buyer: Buyer, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.type('text/html; charset=utf-8');
  try {
    const cart = await buyer.takeCart(cartXml(new URLSearchParams(bodyOf(request).toString('utf8'))));
    return reply.send(page('Cart received', `${cart.lines.length} items`));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    buyer.refused.push({ payloadId: null, code: error.code, reason: error.message });
    return reply.code(400).send(page('Cart refused', error.message.replace(/[<&]/g, ' ')));
  }
}

export function addDoor(app: FastifyInstance, buyer: Buyer): void {
  // Counted first, so that a call that is refused, malformed or spoiled is in the books too.
  app.addHook('onRequest', (request, _reply, next) => {
    if (!request.url.startsWith('/_')) {
      const endpoint = request.routeOptions.url === undefined ? '(unknown path)' : DOOR_PATH;
      buyer.traffic.calls += 1;
      const key = `${request.method} ${endpoint}`;
      buyer.traffic.byEndpoint.set(key, (buyer.traffic.byEndpoint.get(key) ?? 0) + 1);
    }
    next();
  });
  app.post(DOOR_PATH, (request, reply) => receive(buyer, request, reply));
  app.post('/_return', (request, reply) => takeCart(buyer, request, reply));
}
