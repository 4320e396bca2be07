import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { isPeopleError } from '../domain/people-error.ts';

/** Names under which a secret or a buyer's data could travel by accident; their values never reach a log line. */
const redactedPaths = ['credentials', 'secretKey', 'token', 'authorization', 'password', 'body', 'buyer'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

/**
 * The root logger; everyone else is handed a child. JSON lines on stderr, so that stdout stays the answer of a command;
 * readable text when stderr is a terminal.
 */
export function createLogger(options: { level: string; destination?: DestinationStream; terminal?: boolean }): Logger {
  const settings = {
    level: options.level,
    base: { service: 'naru' },
    redact: { paths: redactedPaths, censor: '[secret]' },
    serializers: { err: errorFields, error: errorFields },
  };
  if (options.destination) return pino(settings, options.destination);
  if (options.terminal) return pino(settings, pretty({ destination: 2, sync: true, ignore: 'service,pid,hostname' }));
  return pino(settings, pino.destination({ dest: 2, sync: true }));
}

/** An error as fields: a message and a code. The stack goes along for our own faults only, never to a screen. */
function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const known = 'code' in error ? { code: error.code } : {};
  if (isPeopleError(error)) return { name: error.name, message: error.message, ...known };
  const kind = 'kind' in error ? { kind: error.kind } : { stack: error.stack };
  return { name: error.name, message: error.message, ...known, ...kind };
}
