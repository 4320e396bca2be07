import { timingSafeEqual } from 'node:crypto';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { codeOf, isPeopleError } from '../domain/people-error.ts';
import { registerHealth } from './health.ts';
import { registerImages } from './images.ts';
import { registerInbound } from './inbound.ts';
import { registerReports } from './reports.ts';
import type { ServedApp } from './served-app.ts';

/** A command that the service runs for a CLI beside it. */
export type RunCommand = (name: string, input: unknown) => Promise<{ answer: unknown; exitCode: number }>;

interface ServerOptions {
  app: ServedApp;
  /** Bearer token for everything but health, metrics and images. */
  token: string;
  runCommand: RunCommand;
}

/** What every process shows of itself: that it lives, that it can work, and its figures. */
export function createHealthServer(app: ServedApp): FastifyInstance {
  const server = createBareServer(app);
  registerHealth(server, app);
  return server;
}

function createBareServer(app: ServedApp): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = app.log.child({ part: 'api' });
  return Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 10_000_000,
  });
}

/** Builds the API without listening, so that tests can inject requests. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { app } = options;
  const server = createBareServer(app);
  registerHealth(server, app);
  registerImages(server, app);
  registerInbound(server, app);
  server.register(async (guarded) => {
    guarded.addHook('onRequest', async (request, reply) => requireToken(request, reply, options.token));
    registerReports(guarded, app);
    guarded.post('/commands/:name', async (request) => {
      const { name } = request.params as { name: string };
      return options.runCommand(name, request.body);
    });
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.status(404).send(errorBody('not_found', '그런 주소가 없습니다.', 'There is no such address.')),
  );
  server.setErrorHandler((error, request, reply) => {
    if (isPeopleError(error)) return reply.status(422).send(errorBody(codeOf(error), error.messageKo, error.messageEn));
    const status = statusOf(error);
    if (status < 500)
      return reply
        .status(status)
        .send(errorBody('bad_request', '요청을 읽을 수 없습니다.', 'The request cannot be read.'));
    request.log.error({ err: error }, 'a request failed');
    const ko = `처리하지 못했습니다. 로그에서 요청 ${request.id}을(를) 찾아 주십시오.`;
    return reply
      .status(500)
      .send(errorBody('fault', ko, `It could not be done. Find request ${request.id} in the log.`));
  });
  return server;
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}

function errorBody(code: string, messageKo: string, messageEn: string) {
  return { error: { code, message_ko: messageKo, message_en: messageEn } };
}

async function requireToken(request: FastifyRequest, reply: FastifyReply, token: string): Promise<void> {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  // Constant time: the answer must not tell how much of a guess was right.
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  await reply
    .status(401)
    .send(errorBody('unauthorized', 'API 토큰이 없거나 다릅니다.', 'The API token is missing or wrong.'));
}
