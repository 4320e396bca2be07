import pg from 'pg';
import { errorCode, StoreUnavailableError } from './database.ts';

/** The one thing asked of a logger here; pino fits. */
export interface ConnectionLog {
  warn(fields: Record<string, unknown>, message: string): void;
}

export interface PostgresOptions {
  /** postgres://user:password@host:port/database */
  url: string;
  /** Connections kept at most; default 10. */
  poolSize?: number;
  log?: ConnectionLog;
}

// Long enough for a server that is just starting, short enough that a person still waits for the sentence.
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A pg.Pool whose sessions have the given search_path and UTC, and whose idle clients may fail without harm.
 * `types` replaces pg's own value parsers.
 * @throws StoreUnavailableError when the url cannot be read.
 */
export function createPool(options: PostgresOptions, searchPath: string, types?: pg.CustomTypesConfig): pg.Pool {
  const place = describePlace(options.url);
  const pool = new pg.Pool({
    ...connectionConfig(options.url, searchPath),
    max: options.poolSize ?? 10,
    ...(types ? { types } : {}),
  });
  // pg emits 'error' when the server drops an idle connection; without a listener that ends the process. The pool has
  // already thrown the connection away and makes a new one at the next query.
  pool.on('error', (error) => options.log?.warn({ code: errorCode(error), place }, 'an idle connection was lost'));
  return pool;
}

/**
 * One connection outside any pool, for LISTEN and for held locks. Keep-alive probes start after 10 s of silence, so that
 * a connection the network dropped without a word is noticed; nobody would miss what it no longer does otherwise.
 * @throws StoreUnavailableError when the server cannot be reached.
 */
export async function openConnection(url: string): Promise<pg.Client> {
  const client = new pg.Client({ ...connectionConfig(url, 'public'), keepAliveInitialDelayMillis: 10_000 });
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw unavailable(error, describePlace(url));
  }
}

function connectionConfig(text: string, searchPath: string): pg.ClientConfig {
  const url = new URL(requireReadableUrl(text));
  // What the url itself sets in `options` stays and comes first; ours are added, since a later -c wins.
  const settings = `-c search_path=${searchPath.replaceAll(' ', '')} -c timezone=UTC -c datestyle=ISO`;
  url.searchParams.set('options', [url.searchParams.get('options'), settings].filter(Boolean).join(' '));
  return {
    // pg reads %20 in a query but takes the '+' that URLSearchParams writes for what it is.
    connectionString: url.href.replaceAll('+', '%20'),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'naru',
  };
}

/** True for codes that say the connection, not the statement, failed (SQLSTATE class 08, 57P0x, and socket errors). */
export function isConnectionFailure(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return /^(08...|57P0[123]|E[A-Z]+)$/.test(code);
  // pg raises a bare Error without a code when the socket ends under a running query, and another at the next one.
  return error instanceof Error && /^(Connection terminated|Client has encountered a connection)/.test(error.message);
}

function requireReadableUrl(url: string): string {
  if (URL.canParse(url) && /^postgres(ql)?:/.test(url)) return url;
  // The reason is left out on purpose: the platform's own error carries the whole url, password included.
  throw new StoreUnavailableError(
    {
      messageKo:
        '데이터베이스 주소(DATABASE_URL)를 읽을 수 없습니다. postgres://사용자:암호@호스트:포트/이름 꼴로 적어 주세요.',
      messageEn: 'DATABASE_URL cannot be read. Write it as postgres://user:password@host:port/name.',
    },
    'DATABASE_URL',
  );
}

/** host:port/database of a url, without user and password. */
export function describePlace(text: string): string {
  const url = new URL(requireReadableUrl(text));
  const host = url.hostname || url.searchParams.get('host') || 'localhost';
  return `${decodeURIComponent(host)}:${url.port || '5432'}${decodeURIComponent(url.pathname) || '/'}`;
}

// By SQLSTATE or system code: what a person can do about it.
const ADVICE: Readonly<Record<string, readonly [messageKo: string, messageEn: string]>> = {
  ECONNREFUSED: [
    '서버가 켜져 있는지, 주소와 포트가 맞는지 확인하세요.',
    'Check that the server runs and that host and port are right.',
  ],
  ENOTFOUND: ['호스트 이름이 맞는지 확인하세요.', 'Check the host name.'],
  '28P01': ['DATABASE_URL의 사용자와 암호를 확인하세요.', 'Check the user and password in DATABASE_URL.'],
  '28000': [
    'DATABASE_URL의 사용자와 서버의 pg_hba.conf를 확인하세요.',
    "Check the user in DATABASE_URL and the server's pg_hba.conf.",
  ],
  '3D000': ['서버에 그 이름의 데이터베이스를 먼저 만드세요.', 'Create the database of that name on the server first.'],
  '53300': [
    '서버의 연결 수가 꽉 찼습니다. max_connections를 늘리거나 다른 연결을 닫으세요.',
    'The server has no connection left: raise max_connections or close others.',
  ],
  '57P03': ['서버가 시작하는 중입니다. 잠시 뒤에 다시 해 보세요.', 'The server is starting up: try again in a moment.'],
};
const GENERAL_ADVICE = ['서버와 네트워크 상태를 확인하세요.', 'Check the server and the network.'] as const;

/** The error for people, made of whatever pg threw. */
export function unavailable(error: unknown, place: string): StoreUnavailableError {
  const code = errorCode(error) ?? 'timeout';
  const [messageKo, messageEn] = ADVICE[code] ?? GENERAL_ADVICE;
  return new StoreUnavailableError(
    {
      messageKo: `PostgreSQL(${place})에 연결할 수 없습니다 (${code}). ${messageKo}`,
      messageEn: `PostgreSQL at ${place} cannot be reached (${code}). ${messageEn}`,
    },
    place,
    error,
  );
}
