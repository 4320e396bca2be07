import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Database,
  NestedUseError,
  StoreUnavailableError,
  TransactionAbortedError,
} from '../../src/store/database.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { openEmptyDatabase, postgresServer, urlOf } from '../support/database.ts';

// The same cases on both stores: PGlite, or PostgreSQL where NARU_TEST_DATABASE_URL is set.
let database: Database;

beforeAll(async () => {
  database = await openEmptyDatabase();
  await database.query(
    'CREATE SCHEMA naru; CREATE SCHEMA bullmq; CREATE TABLE naru.note (id int PRIMARY KEY, text text)',
  );
});
afterAll(() => database.close());

async function one(text: string, values?: readonly unknown[]): Promise<Record<string, unknown> | undefined> {
  return (await database.query(text, values)).rows[0];
}

describe('values that come out', () => {
  it('gives every type one JavaScript form', async () => {
    const row = await one(`SELECT 9007199254740991::int8 AS int8, 12.50::numeric AS numeric, 1.5::float8 AS float8,
      '2026-03-01'::date AS date, '2026-03-01 09:00:00.123+09'::timestamptz AS instant, '2026-03-01 09:00'::timestamp AS local,
      '{"a":[1,"가"]}'::jsonb AS jsonb, '[1]'::json AS json, '\\x00ff'::bytea AS bytes, true AS yes, null::int AS nothing,
      gen_random_uuid() IS NOT NULL AS uuid, '1 day'::interval AS interval, count(*) AS count`);
    expect(row).toEqual({
      int8: 9007199254740991,
      numeric: '12.50',
      float8: 1.5,
      date: '2026-03-01',
      instant: new Date('2026-03-01T00:00:00.123Z'),
      local: '2026-03-01 09:00:00',
      jsonb: { a: [1, '가'] },
      json: [1],
      bytes: Buffer.from([0, 255]),
      yes: true,
      nothing: null,
      uuid: true,
      interval: '1 day',
      count: 1,
    });
    expect(Buffer.isBuffer(row?.bytes)).toBe(true);
  });

  it('gives arrays the form of their elements', async () => {
    const row = await one(`SELECT ARRAY[1,2]::int8[] AS int8s, ARRAY['a,"b\\', 'NULL', NULL, '', '{}'] AS texts,
      ARRAY[[1,2],[3,4]] AS nested, '{}'::text[] AS none, ARRAY['2026-03-01'::date] AS dates, ARRAY[1.10::numeric] AS numerics`);
    expect(row).toEqual({
      int8s: [1, 2],
      texts: ['a,"b\\', 'NULL', null, '', '{}'],
      nested: [
        [1, 2],
        [3, 4],
      ],
      none: [],
      dates: ['2026-03-01'],
      numerics: ['1.10'],
    });
  });

  it.each(['9007199254740993', '-9007199254740993'])('refuses int8 %s, and goes on working', async (value) => {
    await expect(database.query(`SELECT ${value}::int8`)).rejects.toThrow(RangeError);
    expect(await one('SELECT 1 AS one')).toEqual({ one: 1 });
  });
});

describe('values that go in', () => {
  it('binds instants, JSON text, bytes, arrays and null', async () => {
    const instant = new Date('2026-02-28T15:00:00.001Z');
    const row = await one(
      `SELECT $1::timestamptz AS instant, $2::jsonb AS jsonb, $3::bytea AS bytes, 2 = ANY($4::int8[]) AS listed,
        $5::text[] AS texts, $6::text AS nothing, $7::boolean AS yes, $8::int8 AS big, $9::date AS date, $10::timestamptz[] AS instants`,
      [
        instant,
        '{"a":1}',
        new Uint8Array([1, 255]),
        [1, 2],
        ['a,"b\\', null, ''],
        null,
        true,
        2n ** 40n,
        '2026-03-01',
        [instant],
      ],
    );
    expect(row).toEqual({
      instant,
      jsonb: { a: 1 },
      bytes: Buffer.from([1, 255]),
      listed: true,
      texts: ['a,"b\\', null, ''],
      nothing: null,
      yes: true,
      big: 2 ** 40,
      date: '2026-03-01',
      instants: [instant],
    });
  });

  it('refuses a plain object and an invalid Date on either store', async () => {
    await expect(database.query('SELECT $1::jsonb', [{ a: 1 }])).rejects.toThrow(TypeError);
    await expect(database.query('SELECT $1::timestamptz', [new Date(Number.NaN)])).rejects.toThrow(TypeError);
  });

  it('counts rows and answers the last of several statements', async () => {
    expect((await database.query(`INSERT INTO note VALUES (901, 'a'), (902, 'b')`)).rowCount).toBe(2);
    expect((await database.query('UPDATE note SET text = $1 WHERE id > $2', ['c', 900])).rowCount).toBe(2);
    expect(await database.query('DELETE FROM note WHERE id = 901; SELECT count(*) AS left FROM note')).toEqual({
      rows: [{ left: 1 }],
      rowCount: 1,
    });
    expect((await database.query('DELETE FROM note')).rowCount).toBe(1);
    expect((await database.query('CREATE TEMP TABLE passing (id int)')).rowCount).toBe(0);
  });
});

describe('transactions', () => {
  it('rolls back and throws the very error', async () => {
    const failure = new Error('stop');
    const work = database.transaction(async (tx) => {
      await tx.query(`INSERT INTO note VALUES (1, 'lost')`);
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await one('SELECT count(*) AS n FROM note WHERE id = 1')).toEqual({ n: 0 });
  });

  it('tells a failed statement by its SQLSTATE and leaves no transaction behind', async () => {
    const work = database.transaction((tx) => tx.query('INSERT INTO note VALUES (null, null)'));
    await expect(work).rejects.toMatchObject({ code: '23502' });
    expect(await one('SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('says that nothing was saved when a failure was swallowed', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query(`INSERT INTO note VALUES (2, 'lost')`);
      await tx.query('SELECT 1/0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow(TransactionAbortedError);
  });

  it('lets nobody else into the middle', async () => {
    await database.query(`INSERT INTO note VALUES (10, '0') ON CONFLICT DO NOTHING`);
    const add = (): Promise<void> =>
      database.transaction(async (tx) => {
        const { rows } = await tx.query<{ text: string }>('SELECT text FROM note WHERE id = 10 FOR UPDATE');
        await tx.query('UPDATE note SET text = $1 WHERE id = 10', [String(Number(rows[0]?.text) + 1)]);
      });
    const readings = Array.from({ length: 20 }, () => database.query('SELECT text FROM note WHERE id = 10'));
    await Promise.all([...Array.from({ length: 20 }, add), ...readings]);
    expect(await one('SELECT text FROM note WHERE id = 10')).toEqual({ text: '20' });
  });

  it('refuses the database, and a second transaction, inside a transaction', async () => {
    await database.transaction(async (tx) => {
      await expect(database.query('SELECT 1')).rejects.toThrow(NestedUseError);
      await expect(database.transaction(async () => undefined)).rejects.toThrow(NestedUseError);
      await tx.query('SELECT 1');
    });
    let kept: typeof database.query | undefined;
    await database.transaction(async (tx) => {
      kept = tx.query.bind(tx);
    });
    await expect(kept?.('SELECT 1')).rejects.toThrow('already over');
  });

  it('lets what a transaction started use the database once it is over', async () => {
    let later: Promise<unknown> | undefined;
    let start: () => void = () => undefined;
    const over = new Promise<void>((done) => {
      start = done;
    });
    await database.transaction(async () => {
      later = over.then(() => database.query('SELECT 1 AS one'));
    });
    start();
    expect(await later).toEqual({ rows: [{ one: 1 }], rowCount: 1 });
  });

  it.each(['40001', '40P01'])('runs again after %s, and gives up in the end', async (code) => {
    let tries = 0;
    const failing = (failures: number) =>
      database.transaction(async (tx) => {
        tries += 1;
        if (tries <= failures) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '${code}'; END $$`);
        return tries;
      });
    expect(await failing(2)).toBe(3);
    tries = 0;
    await expect(failing(99)).rejects.toMatchObject({ code });
    expect(tries).toBe(5);
  });
});

it('lets timers and sockets have their turn during a long row of queries', async () => {
  let rang = false;
  setTimeout(() => {
    rang = true;
  }, 1);
  let queries = 0;
  while (!rang && queries < 3_000) {
    await database.query('SELECT 1');
    queries += 1;
  }
  expect(rang).toBe(true);
});

it('holds an advisory lock until it is released', async () => {
  const held = async () =>
    (
      await one(
        `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = 77 AND objid::bigint = 5 AND granted`,
      )
    )?.n;
  const release = await database.holdLock(77, 5);
  expect(await held()).toBe(1);
  await release();
  await release();
  await expect.poll(held).toBe(0);
});

describe.runIf(postgresServer)('PostgreSQL only', () => {
  it('outlives connections the server ends, and takes its lock again', async () => {
    const warnings: string[] = [];
    const log = { warn: (_fields: Record<string, unknown>, message: string) => warnings.push(message) };
    const second = await openPostgres({ url: urlOf(database) ?? '', poolSize: 2, log });
    const release = await second.holdLock(78, 1);
    const kill =
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
    await database.query(kill);
    await expect.poll(() => warnings).toContain('the connection that holds a lock was lost');
    await expect.poll(() => warnings).toContain('an idle connection was lost');
    expect((await second.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    const locks = `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = 78 AND granted`;
    await expect.poll(async () => (await one(locks))?.n).toBe(1);
    await release();
    const running = second.transaction(async (tx) => {
      const pid = (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
      await database.query('SELECT pg_terminate_backend($1)', [pid]);
      await tx.query('SELECT 1');
    });
    await expect(running).rejects.toBeInstanceOf(StoreUnavailableError);
    const resting = second.transaction(async (tx) => {
      const pid = (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
      await database.query('SELECT pg_terminate_backend($1)', [pid]);
      // Until the end has arrived here too: the driver then refuses the next statement by itself, in other words.
      await expect
        .poll(async () => (await one(`SELECT count(*) AS n FROM pg_stat_activity WHERE pid = ${pid}`))?.n)
        .toBe(0);
      await tx.query('SELECT 1');
    });
    await expect(resting).rejects.toBeInstanceOf(StoreUnavailableError);
    expect((await second.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
    await second.close();
  });

  it('waits on one connection only for a lock that a rival took meanwhile, however often that is lost', async () => {
    const warnings: string[] = [];
    const log = { warn: (_fields: Record<string, unknown>, message: string) => warnings.push(message) };
    const second = await openPostgres({ url: urlOf(database) ?? '', poolSize: 2, log });
    const sessions = async (granted: boolean) =>
      (
        await database.query<{ pid: number }>(
          `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = 79 AND granted = $1`,
          [granted],
        )
      ).rows.map(({ pid }) => pid);
    const kill = (pid: number | undefined) => database.query('SELECT pg_terminate_backend($1)', [pid]);
    const release = await second.holdLock(79, 1);
    const [holder] = await sessions(true);
    const rival = database.holdLock(79, 1);
    await expect.poll(() => sessions(false)).toHaveLength(1);
    await kill(holder);
    const releaseRival = await rival;
    await expect.poll(() => sessions(false), { timeout: 5_000 }).toHaveLength(1);
    const [waiting] = await sessions(false);
    await kill(waiting);
    await expect.poll(() => warnings).toContain('the lock could not be taken again yet');
    await expect.poll(() => sessions(false), { timeout: 5_000 }).toHaveLength(1);
    await releaseRival();
    await expect.poll(() => sessions(true)).toHaveLength(1);
    await release();
    await expect.poll(async () => [...(await sessions(true)), ...(await sessions(false))]).toEqual([]);
    await second.close();
  });

  it('gives up waiting for a lock when it is released meanwhile', async () => {
    const second = await openPostgres({ url: urlOf(database) ?? '', poolSize: 2 });
    const count = async (granted: boolean) =>
      (
        await one(
          `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = 80 AND granted = $1`,
          [granted],
        )
      )?.n;
    const release = await second.holdLock(80, 1);
    const rival = database.holdLock(80, 1);
    await expect.poll(() => count(false)).toBe(1);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = 80 AND granted`,
    );
    const releaseRival = await rival;
    await expect.poll(() => count(false), { timeout: 5_000 }).toBe(1);
    await release();
    // The server notices that a waiting connection is gone only when it would hand it the lock.
    await releaseRival();
    await expect.poll(async () => [await count(false), await count(true)]).toEqual([0, 0]);
    await second.close();
  });

  it('runs a real deadlock to the end', async () => {
    await database.query(`INSERT INTO note VALUES (50, ''), (51, '') ON CONFLICT (id) DO UPDATE SET text = ''`);
    let bothHold: () => void = () => undefined;
    const meeting = new Promise<void>((done) => {
      bothHold = done;
    });
    let arrived = 0;
    const touch = (first: number, then: number) =>
      database.transaction(async (tx) => {
        await tx.query(`UPDATE note SET text = text || 'x' WHERE id = $1`, [first]);
        arrived += 1;
        if (arrived === 2) bothHold();
        await meeting;
        await tx.query(`UPDATE note SET text = text || 'x' WHERE id = $1`, [then]);
      });
    await Promise.all([touch(50, 51), touch(51, 50)]);
    expect((await database.query('SELECT text FROM note WHERE id IN (50, 51)')).rows).toEqual([
      { text: 'xx' },
      { text: 'xx' },
    ]);
  });
});

describe('a server that cannot be reached', () => {
  it('is told in both languages, with its place and without the password', async () => {
    const failure = await openPostgres({ url: 'postgres://naru:hidden@127.0.0.1:1/shop' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(StoreUnavailableError);
    expect(failure).toMatchObject({ place: '127.0.0.1:1/shop', code: 'ECONNREFUSED' });
    const { messageKo, messageEn, message, cause } = failure as StoreUnavailableError;
    for (const text of [messageKo, messageEn, message]) expect(text).toContain('127.0.0.1:1/shop');
    expect(`${messageKo}${messageEn}${message}${String(cause)}${JSON.stringify(failure)}`).not.toContain('hidden');
  });

  it.each(['nonsense:hidden', 'mysql://naru:hidden@127.0.0.1/shop'])(
    'does not repeat an unreadable url (%#)',
    async (url) => {
      const failure = await openPostgres({ url }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StoreUnavailableError);
      expect(`${String(failure)}${JSON.stringify(failure)}${String((failure as Error).cause)}`).not.toContain('hidden');
    },
  );
});
