import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMigrations as runQueueMigrations } from 'bullmq';
import { packageRoot } from '../runtime/package-files.ts';
import type { Database, Queryable } from './database.ts';

interface Migration {
  version: number;
  /** File name without number and ending. */
  name: string;
  sql: string;
  sha256: string;
}

/** The files and the database disagree; nothing was changed. The message says which file and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly messageKo: string;
  readonly messageEn: string;

  constructor(messageKo: string, messageEn: string) {
    super(messageEn);
    this.messageKo = messageKo;
    this.messageEn = messageEn;
  }
}

// 'naru' in ASCII. Everybody who migrates takes this lock first, so two processes that start together go one by one.
const MIGRATION_LOCK = 0x6e617275;

/**
 * Brings schema `naru` up to the newest file, each file in a transaction of its own, and with `queueTables` also the
 * queue's schema `bullmq`. Files are numbered from 0001 without gaps and never changed once applied: there is no way
 * back, a mistake is mended by the next file.
 * @returns the versions applied now, in order; empty when there was nothing to do.
 * @throws MigrationError when an applied file was changed, removed, or the database is newer than the program.
 */
export async function migrate(
  database: Database,
  options: { folder?: string; queueTables?: boolean } = {},
): Promise<number[]> {
  const files = await readMigrations(options.folder ?? migrationsFolder());
  const applied: number[] = [];
  await database.transaction(async (tx) => {
    await lockAndPrepare(tx);
    checkHistory(files, await readHistory(tx));
  });
  for (const file of files) {
    const ran = await database.transaction(async (tx) => {
      await lockAndPrepare(tx);
      // Read again under the lock: another process may have applied it since.
      const history = await readHistory(tx);
      checkHistory(files, history);
      if (history.some((row) => row.version === file.version)) return false;
      await tx.query(file.sql);
      await tx.query('INSERT INTO naru.migration (version, name, sha256) VALUES ($1, $2, $3)', [
        file.version,
        file.name,
        file.sha256,
      ]);
      return true;
    });
    if (ran) applied.push(file.version);
  }
  if (options.queueTables) await migrateQueueTables(database);
  return applied;
}

/**
 * Reads NNNN_name.sql files in order. Line ends are made LF first, so that a checkout that rewrites them keeps the hash.
 * @throws MigrationError on a file name of another form, a number used twice, or a gap.
 */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (file, index) => {
      const [, digits, name] = /^(\d{4})_([a-z0-9_-]+)\.sql$/.exec(file) ?? [];
      if (!digits || !name || Number(digits) !== index + 1) {
        throw new MigrationError(
          `마이그레이션 파일 ${file}의 이름이 맞지 않습니다. 0001부터 빠짐없이 NNNN_name.sql로 지어 주세요.`,
          `Migration file ${file} is misnamed: number the files NNNN_name.sql from 0001 without gaps or repeats.`,
        );
      }
      const sql = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n');
      return { version: Number(digits), name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Found from the package's root, because the compiled program lives in dist/ while the .sql files stay where they are. */
function migrationsFolder(): string {
  return join(packageRoot(), 'src', 'store', 'migrations');
}

interface AppliedRow {
  version: number;
  name: string;
  sha256: string;
}

async function lockAndPrepare(tx: Queryable): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await tx.query('CREATE SCHEMA IF NOT EXISTS naru');
  await tx.query(
    `CREATE TABLE IF NOT EXISTS naru.migration (
       version integer PRIMARY KEY,
       name text NOT NULL,
       sha256 text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now()
     )`,
  );
}

async function readHistory(tx: Queryable): Promise<AppliedRow[]> {
  return (await tx.query<AppliedRow>('SELECT version, name, sha256 FROM naru.migration ORDER BY version')).rows;
}

function checkHistory(files: readonly Migration[], history: readonly AppliedRow[]): void {
  for (const row of history) {
    const file = files[row.version - 1];
    const label = `${String(row.version).padStart(4, '0')}_${row.name}`;
    if (!file) {
      throw new MigrationError(
        `데이터베이스가 이 프로그램보다 새것입니다 (${label}). 프로그램을 새 판으로 올린 뒤 다시 시작하세요.`,
        `The database is newer than this program (it holds ${label}): upgrade the program and start again.`,
      );
    }
    if (file.sha256 !== row.sha256) {
      throw new MigrationError(
        `이미 적용된 마이그레이션 ${label}의 내용이 바뀌었습니다. 파일을 되돌리고, 고칠 것은 새 번호의 파일로 만드세요.`,
        `Migration ${label} was changed after it was applied: restore the file and put the change into a new one.`,
      );
    }
  }
}

/** Runs the queue's own migrations into schema `bullmq`, inside one transaction of the database. */
async function migrateQueueTables(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await runQueueMigrations({
      // The queue library brackets its work itself; here our transaction is the bracket, and it also sees the failure.
      query: async <Row>(text: string, values?: readonly unknown[]) =>
        /^(BEGIN|COMMIT|ROLLBACK)$/.test(text) ? { rows: [] } : tx.query<Row>(text, values),
    });
  });
}
