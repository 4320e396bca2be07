import type { FastifyInstance } from 'fastify';
import type { GaugeValues } from '../runtime/metrics.ts';
import { listAccounts } from '../store/accounts.ts';
import { listingsInDoubt } from '../store/attempts.ts';
import { listBookmarks } from '../store/bookmarks.ts';
import { listDeadLetters } from '../store/dead-letters.ts';
import type { ServedApp } from './served-app.ts';

/** `/healthz`: the process answers. `/readyz`: store and queue answer, and the queue takes jobs. `/metrics`: Prometheus. */
export function registerHealth(server: FastifyInstance, app: ServedApp): void {
  server.get('/healthz', async () => ({ status: 'ok', service: 'naru', version: app.deps.version }));
  server.get('/readyz', async (_request, reply) => {
    const checks = {
      store: await answers(() => app.store.query('select 1')),
      queue: await answers(() => app.queues.assertReady()),
    };
    const ready = checks.store && checks.queue;
    return reply.status(ready ? 200 : 503).send({ ready, ...checks });
  });
  server.get('/metrics', async (_request, reply) => {
    app.metrics.setGauges(await readGauges(app));
    return reply.type(app.metrics.registry.contentType).send(await app.metrics.registry.metrics());
  });
}

/** A queue whose connection is gone may never answer; whoever asks for readiness must be told all the same. Real ms. */
const answerWithinMs = 2_000;

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  let deadline: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    deadline = setTimeout(resolve, answerWithinMs, false);
  });
  try {
    return await Promise.race([ask().then(() => true), tooLate]);
  } catch {
    // The answer of a readiness check is yes or no; the reason stands in the log of whoever owns the connection.
    return false;
  } finally {
    clearTimeout(deadline);
  }
}

async function readGauges(app: ServedApp): Promise<GaugeValues> {
  const accounts = await listAccounts(app.store);
  const now = app.deps.clock.now().getTime();
  const letters = await listDeadLetters(app.store);
  const queues = [{ queue: 'core', ...(await app.queues.depth(null)) }];
  const inDoubt: GaugeValues['inDoubt'] = [];
  for (const { accountId } of accounts) {
    queues.push({ queue: accountId, ...(await app.queues.depth(accountId)) });
    inDoubt.push({ account: accountId, count: (await listingsInDoubt(app.store, accountId, new Date(now))).length });
  }
  return {
    queues,
    inDoubt,
    bookmarks: (await listBookmarks(app.store)).flatMap((row) =>
      row.through ? [{ account: row.accountId, stream: row.stream, lagMs: now - row.through.getTime() }] : [],
    ),
    deadLetters: accounts.map(({ accountId }) => ({
      account: accountId,
      count: letters.filter((letter) => letter.accountId === accountId).length,
    })),
    pausedAccounts: accounts.filter((account) => account.state === 'paused').map((account) => account.accountId),
  };
}
