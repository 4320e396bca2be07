/**
 * One migrated database per run on the PostgreSQL server that the tests were given. Every test's own database is a copy
 * of it, because applying all migrations anew costs more than most tests do.
 */

import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/store/migrate.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { onServer, onServerUrl } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Its name; null where the tests run on PGlite. */
    templateDatabase: string | null;
  }
}

const name = `naru_template_${randomBytes(6).toString('hex')}`;
const server = process.env.NARU_TEST_DATABASE_URL;

/** Runs once before the suites. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('templateDatabase', server ? name : null);
  if (!server) return;
  await onServer(server, `CREATE DATABASE ${name}`);
  const database = await openPostgres({ url: onServerUrl(server, name), poolSize: 2 });
  await migrate(database, { queueTables: true });
  // A copy is only made while nobody is connected.
  await database.close();
}

/** Runs once after them. */
export async function teardown(): Promise<void> {
  if (server) await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}
