/** Puts the channel's endpoints on the server: counts the call, asks who calls, spoils what is to be spoiled. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxFaultRule } from '../../../src/channel/sandbox.ts';
import { type Answer, businessErrorAnswer, plainSuccess, Refusal, rateAnswer, UNAUTHORIZED } from './answers.ts';
import type { Call, Endpoint } from './endpoint.ts';
import type { SellerAccount } from './seller-account.ts';
import type { VerifyToken } from './tokens.ts';
import { isObject } from './wire-input.ts';

const MAINTENANCE_PAGE = '<html><body><h1>Service Unavailable</h1></body></html>';

async function work(endpoint: Endpoint, call: Call, fault: SandboxFaultRule['fault'] | undefined): Promise<Answer> {
  try {
    if (fault === 'ignore-silently' && endpoint.writes)
      return endpoint.pretend?.(call) ?? plainSuccess(endpoint.family);
    return await endpoint.run(call);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

/** Leaves the caller without an answer: `drop` cuts the connection, otherwise it hangs until the caller gives up. */
function goSilent(request: FastifyRequest, reply: FastifyReply, drop: boolean): FastifyReply {
  reply.hijack();
  if (drop) request.raw.socket.resetAndDestroy();
  return reply;
}

function sendAnswer(reply: FastifyReply, answer: Answer, cut: boolean): FastifyReply {
  const text = JSON.stringify(answer.body);
  const sent = cut ? text.slice(0, Math.floor(text.length / 2)) : text;
  return reply.code(answer.status).type('application/json; charset=utf-8').send(sent);
}

function callOf(request: FastifyRequest, caller: Call['caller'], now: number, rule: SandboxFaultRule | null): Call {
  return {
    caller,
    params: request.params as Record<string, string>,
    query: isObject(request.query) ? request.query : {},
    body: request.body,
    now,
    firstSiteOnly: rule?.fault === 'one-site-fails',
  };
}

export function addChannelRoutes(
  app: FastifyInstance,
  account: SellerAccount,
  endpoints: readonly Endpoint[],
  verify: VerifyToken,
): void {
  const templates = new Map(endpoints.map((one) => [one.path.replace(/\{(\w+)\}/g, ':$1'), one.path]));

  // Counted before anything else, so that a call that is refused, malformed or spoiled is in the books too.
  app.addHook('onRequest', (request, _reply, next) => {
    const url = request.routeOptions.url;
    if (!request.url.startsWith('/_')) {
      account.traffic.count(`${request.method} ${(url !== undefined && templates.get(url)) || '(unknown path)'}`);
    }
    next();
  });

  for (const endpoint of endpoints) {
    app.route({
      method: endpoint.method,
      url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
      handler: async (request, reply) => {
        const now = account.now();
        const caller = await verify(request.headers.authorization, now);
        if (caller === null) return sendAnswer(reply, UNAUTHORIZED, false);
        account.claims.grantOverdue(now);
        const rule = account.faults.take(endpoint.method, request.url.split('?')[0] ?? '');
        const fault = rule?.fault;
        if (fault === 'status')
          return reply
            .code(rule?.status ?? 503)
            .type('text/html')
            .send(MAINTENANCE_PAGE);
        if (fault === 'business-error') return sendAnswer(reply, businessErrorAnswer(endpoint.family), false);
        if (fault === 'timeout-before-commit') return goSilent(request, reply, false);
        if (fault === 'reset-before-commit') return goSilent(request, reply, true);
        const answer =
          fault === 'rate-limited'
            ? rateAnswer(endpoint.family)
            : await work(endpoint, callOf(request, caller, now, rule), fault);
        if (answer.rateLimited) account.traffic.rateErrors += 1;
        if (fault === 'timeout-after-commit') return goSilent(request, reply, false);
        if (fault === 'reset-after-commit') return goSilent(request, reply, true);
        return sendAnswer(reply, answer, fault === 'cut-json');
      },
    });
  }
}
