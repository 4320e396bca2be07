/** A push that finds nothing to do: how long it takes, what memory it holds, and whether it leaves the channel alone. */

import type { App } from '../../src/app.ts';
import { openAccount } from '../../src/sync/open-account.ts';
import { planPush } from '../../src/sync/plan-push.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import { measureProgram, startSandbox } from './children.ts';
import type { Servers } from './servers.ts';
import { accountId, adapterId, approve, openNaru, openPlace, stock } from './store.ts';

export interface UnchangedPush {
  listings: number;
  unchanged: number;
  /** Calls the channel got during the push. */
  calls: number;
  /** The whole command, start of the process included. */
  wallMs: number;
  planMs: number;
  peakBytes: number;
}

/** Products that are really pushed; all others are copies of their rows. */
const templates = 50;

/** Fills a store with `listings` settled listings and pushes them once more. Throws when the push does anything else. */
export async function measureUnchangedPush(servers: Servers | null, listings: number): Promise<UnchangedPush> {
  const sandbox = await startSandbox(adapterId);
  const place = await openPlace(servers);
  try {
    const app = await openNaru(place);
    let planMs: number;
    let reachedAt: string;
    try {
      await approve(app, await stock(app, sandbox, Math.min(templates, listings)));
      await startWorkers(app, { core: false });
      const { failed } = await runPush(app.deps, app.queues, { wait: true, dryRun: false });
      if (failed.length > 0) throw new Error(failed[0]?.messageEn);
      await multiply(app, listings);
      planMs = await timePlan(app);
      // The next process goes on from here: what was read back must not lie ahead of it.
      reachedAt = app.deps.clock.now().toISOString();
    } finally {
      await app.close();
    }
    const before = (await sandbox.ledger()).traffic.calls;
    const push = await measureProgram(['push', '--json'], { ...place.env, NARU_NOW: reachedAt });
    const calls = (await sandbox.ledger()).traffic.calls - before;
    if (push.exitCode !== 0) throw new Error(`the push ended with ${push.exitCode}\n${push.stdout}\n${push.stderr}`);
    const { planned }: { planned: Record<string, number> } = JSON.parse(push.stdout);
    const { unchanged = 0, ...changes } = planned;
    const sum = Object.values(changes).reduce((total, count) => total + count, 0);
    if (sum > 0) throw new Error(`nothing had changed, and yet the push planned ${JSON.stringify(planned)}`);
    return { listings, unchanged, calls, wallMs: push.wallMs, planMs, peakBytes: push.peakBytes };
  } finally {
    await sandbox.close();
    await place.remove();
  }
}

async function timePlan(app: App): Promise<number> {
  const account = await openAccount(app.deps, accountId);
  const startedAt = performance.now();
  await planPush(app.deps, account, { byPerson: true });
  return performance.now() - startedAt;
}

/**
 * Copies the rows of the products that were pushed until there are `listings` of them. Hashes and keys are copied as
 * they are: they tell of a product by its content, and the copies differ from it by their SKU alone.
 */
async function multiply({ store }: App, listings: number): Promise<void> {
  await store.query(
    `create table naru.bench_copy as
     select t.sku as template, 'COPY-' || lpad(n::text, 7, '0') as sku, n
     from (select sku, row_number() over (order by sku) - 1 as place, count(*) over () as total
           from naru.product) t
     join generate_series(0, $1::int - 1) n on n % t.total = t.place and n < $1::int - t.total`,
    [listings],
  );
  await store.query(
    `insert into naru.product (sku, business_no, model_name, name_ko, content, content_hash, row_hash, price_krw, stock_qty,
       stock_declared_at, sold_units, approval_state, warnings, created_at, updated_at)
     select b.sku, business_no, model_name, name_ko, jsonb_set(content, '{sku}', to_jsonb(b.sku)), content_hash, row_hash,
       price_krw, stock_qty, stock_declared_at, sold_units, approval_state, warnings, created_at, updated_at
     from naru.bench_copy b join naru.product p on p.sku = b.template`,
  );
  await store.query(
    `insert into naru.certificate (sku, kind, number, valid_from, valid_to, withdrawn_on)
     select b.sku, kind, number, valid_from, valid_to, withdrawn_on
     from naru.bench_copy b join naru.certificate c on c.sku = b.template`,
  );
  await store.query(
    `insert into naru.listing (account_id, sku, state, external_ids, rendered_key, content_hash, findings, pushed,
       sold_since_push, observed, observed_at, accepted_at, checks, check_after, retry_after, failures, updated_at)
     select account_id, b.sku, state, jsonb_set(external_ids, '{goodsNo}', to_jsonb((5000000000 + n)::text)), rendered_key,
       content_hash, findings, pushed, sold_since_push, jsonb_set(observed, '{sku}', to_jsonb(b.sku)), observed_at,
       accepted_at, checks, check_after, retry_after, failures, updated_at
     from naru.bench_copy b join naru.listing l on l.sku = b.template`,
  );
  await store.query(
    `insert into naru.attempt (listing_id, operation, wanted, run_id, started_at, finished_at, outcome)
     select l.listing_id, a.operation, a.wanted, a.run_id, a.started_at, a.finished_at, a.outcome
     from naru.bench_copy b join naru.listing l on l.sku = b.sku join naru.listing t on t.sku = b.template
     join naru.attempt a on a.listing_id = t.listing_id`,
  );
  await store.query('drop table naru.bench_copy');
  // What autovacuum does within a minute or two in a store that is in use.
  await store.query('vacuum analyze');
}
