import type { Redis } from 'ioredis';

/** Redis would throw queue data away when its memory is full, so the queue refuses to run on it. */
export class EvictionPolicyError extends Error {
  override readonly name = 'EvictionPolicyError';
  readonly policy: string;
  readonly messageKo: string;
  readonly messageEn: string;

  constructor(policy: string) {
    const command = 'redis-cli CONFIG SET maxmemory-policy noeviction';
    const messageEn = `Redis runs with maxmemory-policy ${policy} and would drop jobs when its memory is full. Run "${command}" and put "maxmemory-policy noeviction" into redis.conf, then start again.`;
    super(messageEn);
    this.policy = policy;
    this.messageEn = messageEn;
    this.messageKo = `Redis의 maxmemory-policy가 ${policy}라서 메모리가 차면 작업이 사라질 수 있습니다. "${command}"을(를) 실행하고 redis.conf에도 "maxmemory-policy noeviction"을 적은 뒤 다시 시작하세요.`;
  }
}

/**
 * Refuses every maxmemory-policy but `noeviction`. Even the volatile ones are refused: locks and delays expire, and a
 * lost lock runs a job twice (BullMQ's going-to-production guide asks for noeviction as the only safe one).
 * @throws EvictionPolicyError naming the policy and the command that mends it.
 */
export async function assertNoEviction(redis: Pick<Redis, 'config' | 'info'>): Promise<void> {
  const policy = (await policyFromConfig(redis)) ?? (await policyFromInfo(redis));
  if (policy !== 'noeviction') throw new EvictionPolicyError(policy ?? 'unknown');
}

async function policyFromConfig(redis: Pick<Redis, 'config'>): Promise<string | undefined> {
  try {
    const answer = await redis.config('GET', 'maxmemory-policy');
    return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined;
  } catch (error) {
    // Hosted servers forbid CONFIG: renamed away (ERR unknown command) or by access list (NOPERM). INFO tells it too.
    if (error instanceof Error && /^(ERR unknown command|NOPERM)/.test(error.message)) return undefined;
    throw error;
  }
}

async function policyFromInfo(redis: Pick<Redis, 'info'>): Promise<string | undefined> {
  return /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
}
