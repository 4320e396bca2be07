import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { MigrationError, migrate } from '../../src/store/migrate.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { openEmptyDatabase, urlOf } from '../support/database.ts';

let database: Database;
let folder: string;

beforeEach(async () => {
  database = await openEmptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'naru-migrations-'));
  await put('0001_first.sql', 'CREATE TABLE naru.first (n int);\nINSERT INTO naru.first VALUES (1);\n');
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string, sql: string): Promise<void> {
  await writeFile(join(folder, name), sql);
}

it('applies each file once, in order, and records it', async () => {
  await put('0002_second.sql', 'ALTER TABLE naru.first ADD COLUMN m int DEFAULT 2');
  expect(await migrate(database, { folder })).toEqual([1, 2]);
  expect(await migrate(database, { folder })).toEqual([]);
  await put('0003_third.sql', 'UPDATE first SET m = 3');
  expect(await migrate(database, { folder })).toEqual([3]);
  expect((await database.query('SELECT n, m FROM first')).rows).toEqual([{ n: 1, m: 3 }]);
  const { rows } = await database.query(
    'SELECT version, name, length(sha256) AS hash, applied_at IS NOT NULL AS at FROM migration',
  );
  expect(rows).toEqual([
    { version: 1, name: 'first', hash: 64, at: true },
    { version: 2, name: 'second', hash: 64, at: true },
    { version: 3, name: 'third', hash: 64, at: true },
  ]);
});

it('leaves nothing of a file that fails, keeps those before it, and goes on once it is mended', async () => {
  await put('0002_broken.sql', 'CREATE TABLE naru.half (n int); SELECT 1/0;');
  await expect(migrate(database, { folder })).rejects.toMatchObject({ code: '22012' });
  expect(
    (await database.query(`SELECT to_regclass('naru.half') AS half, to_regclass('naru.first') IS NOT NULL AS first`))
      .rows,
  ).toEqual([{ half: null, first: true }]);
  await put('0002_broken.sql', 'CREATE TABLE naru.half (n int)');
  expect(await migrate(database, { folder })).toEqual([2]);
});

it('does not mind line ends, but a changed, missing, misnamed or skipped file', async () => {
  await put('0002_second.sql', 'SELECT 1');
  await migrate(database, { folder });
  await put('0001_first.sql', 'CREATE TABLE naru.first (n int);\r\nINSERT INTO naru.first VALUES (1);\r\n');
  expect(await migrate(database, { folder })).toEqual([]);
  await put('0002_second.sql', 'SELECT 2');
  await expect(migrate(database, { folder })).rejects.toThrow('0002_second was changed');
  await rm(join(folder, '0002_second.sql'));
  await expect(migrate(database, { folder })).rejects.toThrow('newer than this program');
  await put('0003_third.sql', 'SELECT 3');
  await expect(migrate(database, { folder })).rejects.toThrow(MigrationError);
});

it('applies once when two start together', async () => {
  const url = urlOf(database);
  const second = url ? await openPostgres({ url }) : database;
  const both = await Promise.all([
    migrate(database, { folder, queueTables: true }),
    migrate(second, { folder, queueTables: true }),
  ]);
  expect(both.flat()).toEqual([1]);
  expect((await database.query('SELECT count(*) AS n FROM first')).rows).toEqual([{ n: 1 }]);
  if (second !== database) await second.close();
});

it('applies the real files and the tables of the queue', async () => {
  expect(await migrate(database, { queueTables: true })).not.toEqual([]);
  expect(await migrate(database, { queueTables: true })).toEqual([]);
  const { rows } = await database.query(
    `SELECT to_regclass('bullmq.job') IS NOT NULL AS queue, to_regclass('naru.job') AS mine`,
  );
  expect(rows).toEqual([{ queue: true, mine: null }]);
});
