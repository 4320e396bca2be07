import type { Database } from './database.ts';

/** Advisory lock space of running processes (`naru` in ASCII); the second key is the process's number. */
const presenceLockSpace = 0x6e617275;

/** This process among those that share the store. */
interface ProcessPresence {
  number: number;
  release(): Promise<void>;
}

/**
 * Takes a number and holds an advisory lock of it for as long as this process lives. The database drops the lock with
 * the connection, so leases of a killed process are known as dead at once; waiting for a time-out instead would leave
 * products stuck, and a short time-out would let two processes write one listing.
 */
export async function announceProcess(database: Database): Promise<ProcessPresence> {
  const { rows } = await database.query<{ number: number }>(`select nextval('naru.process_number') as number`);
  const number = rows[0]?.number;
  if (number === undefined) throw new Error('the store gave no process number');
  const release = await database.holdLock(presenceLockSpace, number);
  return { number, release };
}

/** Locks of this database only: one PostgreSQL server may hold several Narus, each counting its processes from 1. */
const ours = `k.locktype = 'advisory' and k.classid::bigint = ${presenceLockSpace} and k.granted
  and k.database = (select d.oid from pg_database d where d.datname = current_database())`;

/** SQL that is true when the lease in `prefix`.lease_* is free: never taken, run out, or its process is gone. */
export function leaseIsFreeSql(prefix: string, now: string): string {
  return `(${prefix}.lease_process is null or ${prefix}.lease_until <= ${now} or not exists (
    select 1 from pg_locks k where ${ours} and k.objid::bigint = ${prefix}.lease_process))`;
}
