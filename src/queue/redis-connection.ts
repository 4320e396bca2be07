import { Redis } from 'ioredis';
import type { ConnectionLog } from '../store/postgres-connection.ts';

/** Redis cannot be reached, or refuses the login. The message names host and port, never the password. */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError';
  readonly place: string;
  readonly messageKo: string;
  readonly messageEn: string;

  constructor(place: string, reason: string, cause?: unknown) {
    const messageEn = `Redis at ${place} cannot be reached (${reason}). Check REDIS_URL and that the server runs.`;
    super(messageEn, cause === undefined ? undefined : { cause });
    this.place = place;
    this.messageEn = messageEn;
    this.messageKo = `Redis(${place})에 연결할 수 없습니다 (${reason}). REDIS_URL과 서버 상태를 확인하세요.`;
  }
}

// A producer answers a person or a webhook: it fails at once and its caller keeps the row that says what is to be done.
// A worker has nobody waiting: it outlasts a restart of Redis by waiting for ever.
const ROLE_OPTIONS = {
  producer: { enableOfflineQueue: false, maxRetriesPerRequest: 1 },
  worker: { enableOfflineQueue: true, maxRetriesPerRequest: null },
} as const;

/**
 * Connects to redis:// or rediss:// with the manners of the role.
 * @throws QueueUnavailableError when the first connection fails; later losses are logged and mended in the background.
 */
export async function openRedis(url: string, role: keyof typeof ROLE_OPTIONS, log?: ConnectionLog): Promise<Redis> {
  const place = describePlace(url);
  const redis = new Redis(url, {
    ...ROLE_OPTIONS[role],
    lazyConnect: true,
    connectTimeout: 10_000,
    connectionName: `naru-${role}`,
    retryStrategy: (tried) => Math.min(tried * 200, 5_000),
  });
  let lastReason = 'closed';
  redis.on('error', (error) => {
    lastReason = ('code' in error && typeof error.code === 'string' && error.code) || error.message;
    log?.warn({ place, role, reason: lastReason }, 'the Redis connection failed');
  });
  try {
    await redis.connect();
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new QueueUnavailableError(place, lastReason, error);
  }
}

/** host:port of a Redis url. An unreadable one is not repeated: it may hold the password. */
function describePlace(url: string): string {
  if (!URL.canParse(url) || !/^rediss?:/.test(url)) throw new QueueUnavailableError('REDIS_URL', 'unreadable url');
  const { hostname, port } = new URL(url);
  return `${hostname || 'localhost'}:${port || '6379'}`;
}
