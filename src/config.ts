import { resolve } from 'node:path';
import { z } from 'zod';
import { fieldFaults } from './domain/field-faults.ts';
import { PeopleError } from './domain/people-error.ts';

/** `DATABASE_URL=` in an env file means "not set", not an empty address. */
const optionalText = z.preprocess((value) => (value === '' ? undefined : value), z.string().optional());

/** Every setting Naru reads from the environment; nothing else in the project reads it. */
const environmentSchema = z.object({
  NARU_DATA_DIR: z.preprocess((value) => value || undefined, z.string().default('.naru')),
  DATABASE_URL: optionalText,
  REDIS_URL: optionalText,
  NARU_SECRET_KEY: optionalText,
  NARU_LOG_LEVEL: z.preprocess(
    (value) => value || undefined,
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  ),
  NARU_PORT: z.preprocess((value) => value || undefined, z.coerce.number().int().min(0).max(65535).default(7070)),
  NARU_HOST: z.preprocess((value) => value || undefined, z.string().default('127.0.0.1')),
  NARU_PUBLIC_URL: z.preprocess((value) => value || undefined, z.url({ protocol: /^https?$/ }).optional()),
  NARU_API_TOKEN: z.preprocess((value) => value || undefined, z.string().min(16).optional()),
  NARU_NOW: z.preprocess((value) => value || undefined, z.iso.datetime({ offset: true }).optional()),
});

/** Names of all environment variables there are; the documents must list exactly these. */
export const environmentNames: readonly string[] = Object.keys(environmentSchema.shape);

export interface Config {
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  /** Base64 of 32 bytes, as given; null lets embedded mode make one. */
  secretKey: string | null;
  logLevel: z.infer<typeof environmentSchema>['NARU_LOG_LEVEL'];
  host: string;
  port: number;
  /** Where channels and people reach the api; without a trailing slash. */
  publicUrl: string | null;
  apiToken: string | null;
  /** The instant at which the clock starts, for rehearsals. */
  startAt: Date | null;
}

/**
 * Reads the environment once. Throws PeopleError naming the variable that cannot be used; a value that is secret is
 * never repeated.
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))].join(', ');
    const reason = fieldFaults(environmentSchema, environment);
    throw new PeopleError(
      'config_invalid',
      `환경 변수 ${names}의 값을 쓸 수 없습니다. README의 "설정" 표를 보고 고친 뒤 다시 실행해 주십시오. (${reason.ko})`,
      `The environment variable ${names} cannot be used (${reason.en}). See "Settings" in the README, correct it and start again.`,
    );
  }
  const env = parsed.data;
  if (env.REDIS_URL && !env.DATABASE_URL) {
    throw new PeopleError(
      'config_redis_alone',
      'REDIS_URL만 있고 DATABASE_URL이 없습니다. Redis는 대기열로만 쓰므로 PostgreSQL 주소를 DATABASE_URL에 넣거나 REDIS_URL을 지워 주십시오.',
      'REDIS_URL is set but DATABASE_URL is not. Redis only carries the queue: set DATABASE_URL to a PostgreSQL address, or unset REDIS_URL.',
    );
  }
  return {
    dataDir: resolve(env.NARU_DATA_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    secretKey: env.NARU_SECRET_KEY ?? null,
    logLevel: env.NARU_LOG_LEVEL,
    host: env.NARU_HOST,
    port: env.NARU_PORT,
    publicUrl: env.NARU_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    apiToken: env.NARU_API_TOKEN ?? null,
    startAt: env.NARU_NOW ? new Date(env.NARU_NOW) : null,
  };
}

/** The environment of this process; the one place that touches it. */
export function processEnvironment(): Record<string, string | undefined> {
  return process.env;
}
