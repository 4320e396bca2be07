import type { Limit } from '../../src/channel/limits.ts';

/** There is no call to limit but the upload of a finished file. */
export const limits: readonly Limit[] = [
  {
    family: 'sftp',
    intervalMs: 2_000,
    burst: 5,
    origin: 'self',
    source: 'No portal takes files by itself; this is the server that the account names.',
    date: '2026-11-22',
  },
];
