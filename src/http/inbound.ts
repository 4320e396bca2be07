import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { InboundAnswer } from '../channel/inbound.ts';
import { continueVisit, receiveInbound, refuseLongMessage } from '../sync/receive-inbound.ts';
import type { ServedApp } from './served-app.ts';

/** A page of ours has one small form. */
const maxFormBytes = 64 * 1024;

/**
 * The door for partners who call us: `POST /inbound/ACCOUNT`, and the pages of visits they opened. Who calls is for the
 * account's channel to judge, by the secret inside the message.
 */
export function registerInbound(server: FastifyInstance, app: ServedApp): void {
  const limits = app.deps.registry.list().flatMap(({ inbound }) => (inbound ? [inbound.maxBytes] : []));
  if (limits.length === 0) return;
  server.register(async (door) => {
    door.removeAllContentTypeParsers();
    // As bytes, whatever it says it is: only the channel knows how to read it, and how to read it safely.
    door.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    // Without a type the framework would answer in its own form and not in the channel's.
    door.addHook('onRequest', async ({ raw }) => {
      if (!/^\s*[\w.+-]+\/[\w.+-]+/.test(raw.headers['content-type'] ?? '')) {
        raw.headers['content-type'] = 'application/octet-stream';
      }
    });
    door.setErrorHandler(async (error: FastifyError, request, reply) => {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
      return send(reply, await refuseLongMessage(app.deps, accountOf(request)));
    });
    door.post('/inbound/:account', { bodyLimit: Math.max(...limits) }, async (request, reply) => {
      const contentType = request.headers['content-type'] ?? '';
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      return send(reply, await receiveInbound(app.deps, accountOf(request), { contentType, bytes }));
    });
  });
  server.register(async (pages) => {
    pages.removeAllContentTypeParsers();
    pages.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    const path = '/inbound/:account/visits/:token';
    pages.get(path, (request, reply) => showVisit(app, request, reply, 'GET', request.query));
    pages.post(path, { bodyLimit: maxFormBytes }, (request, reply) =>
      showVisit(app, request, reply, 'POST', request.body),
    );
  });
}

function accountOf(request: FastifyRequest): string {
  return (request.params as { account: string }).account;
}

function send(reply: FastifyReply, answer: InboundAnswer | null): unknown {
  if (!answer) return reply.callNotFound();
  return reply.status(answer.status).header('cache-control', 'no-store').type(answer.contentType).send(answer.body);
}

/**
 * What a policy must let a form reach: whole schemes, because browsers hold redirects of the form to the same policy, and a
 * procurement system commonly hands a cart on to another of its hosts. Unencrypted ones only where the form itself goes to one.
 */
function formSchemes(targets: readonly string[]): string[] {
  const schemes = targets.map((target) => new URL(target).protocol);
  return schemes.length === 0 ? [] : [...new Set(['https:', ...schemes])];
}

async function showVisit(
  app: ServedApp,
  request: FastifyRequest,
  reply: FastifyReply,
  method: 'GET' | 'POST',
  given: unknown,
): Promise<FastifyReply> {
  const { account: accountId, token } = request.params as { account: string; token: string };
  const fields = Object.fromEntries(
    Object.entries((given ?? {}) as Record<string, unknown>).map(([name, value]) => [
      name,
      String(Array.isArray(value) ? value.at(-1) : value),
    ]),
  );
  const answer = await continueVisit(app.deps, { accountId, token, method, fields });
  if (!answer) {
    return reply
      .status(404)
      .type('text/html; charset=utf-8')
      .send(
        '<!doctype html><meta charset="utf-8"><title>Naru</title><p>이 방문은 끝났습니다. 구매 시스템에서 다시 시작해 주십시오.<p>This visit is over. Please start again from your procurement system.',
      );
  }
  const targets = ["'self'", ...formSchemes(answer.formTargets)].join(' ');
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'unsafe-inline'; img-src * data:; form-action ${targets}`,
    )
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(answer.page);
}
