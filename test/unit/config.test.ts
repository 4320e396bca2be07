import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { isPeopleError } from '../../src/domain/people-error.ts';

function refusalOf(environment: Record<string, string>): { code: string; messageKo: string; messageEn: string } {
  try {
    loadConfig(environment);
  } catch (error) {
    if (isPeopleError(error) && 'code' in error) return { ...error, code: String(error.code) };
    throw error;
  }
  throw new Error('it was taken');
}

it('needs nothing: an empty environment is an embedded service on this machine', () => {
  const embedded = {
    dataDir: resolve('.naru'),
    databaseUrl: null,
    redisUrl: null,
    secretKey: null,
    logLevel: 'info',
    host: '127.0.0.1',
    port: 7070,
    publicUrl: null,
    apiToken: null,
    startAt: null,
  };
  expect(loadConfig({})).toEqual(embedded);
  const blank = Object.fromEntries(
    ['DATABASE_URL', 'REDIS_URL', 'NARU_DATA_DIR', 'NARU_LOG_LEVEL', 'NARU_PORT', 'NARU_HOST', 'NARU_PUBLIC_URL'].map(
      (name) => [name, ''],
    ),
  );
  expect(loadConfig({ ...blank, NARU_SECRET_KEY: '', NARU_API_TOKEN: '', NARU_NOW: '' })).toEqual(embedded);
});

it('reads what is set', () => {
  const config = loadConfig({
    DATABASE_URL: 'postgres://127.0.0.1/naru',
    REDIS_URL: 'redis://127.0.0.1',
    NARU_PORT: '0',
    NARU_PUBLIC_URL: 'https://naru.example.kr/base//',
    NARU_NOW: '2026-12-07T09:00:00+09:00',
    NARU_LOG_LEVEL: 'trace',
  });
  expect(config).toMatchObject({
    databaseUrl: 'postgres://127.0.0.1/naru',
    redisUrl: 'redis://127.0.0.1',
    port: 0,
    publicUrl: 'https://naru.example.kr/base',
    startAt: new Date('2026-12-07T00:00:00Z'),
    logLevel: 'trace',
  });
});

describe('what cannot be used', () => {
  it.each([
    ['NARU_PORT', '70000'],
    ['NARU_PORT', 'http'],
    ['NARU_LOG_LEVEL', 'loud'],
    ['NARU_PUBLIC_URL', 'ftp://files.example.kr'],
    ['NARU_PUBLIC_URL', 'naru.example.kr'],
    ['NARU_API_TOKEN', 'tiny'],
    ['NARU_NOW', '2026-12-07 09:00'],
  ])('%s=%s is named, and its value is not repeated', (name, value) => {
    const refusal = refusalOf({ [name]: value });
    expect(refusal.code).toBe('config_invalid');
    for (const text of [refusal.messageKo, refusal.messageEn]) {
      expect(text).toContain(name);
      expect(text).not.toContain(value);
    }
  });

  it('names every variable at once', () => {
    const { messageEn } = refusalOf({ NARU_PORT: 'x', NARU_LOG_LEVEL: 'x' });
    expect(messageEn).toMatch(/NARU_PORT.*NARU_LOG_LEVEL|NARU_LOG_LEVEL.*NARU_PORT/s);
  });

  it('Redis without PostgreSQL is refused, because Redis only carries the queue', () => {
    expect(refusalOf({ REDIS_URL: 'redis://127.0.0.1' }).code).toBe('config_redis_alone');
  });
});
