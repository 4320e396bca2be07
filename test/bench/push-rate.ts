/** How many new listings a second reach the channel, beside what the same machine does without Naru in between. */

import axios from 'axios';
import { signToken } from '../../adapters/gmarket-esm/auth.ts';
import { offerDocument } from '../../adapters/gmarket-esm/listing-offer.ts';
import { settingsSchema } from '../../adapters/gmarket-esm/settings.ts';
import type { App } from '../../src/app.ts';
import type { Json } from '../../src/domain/listing.ts';
import { won } from '../../src/domain/money.ts';
import { findProducts } from '../../src/store/products.ts';
import { openAccount } from '../../src/sync/open-account.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { renderProducts } from '../../src/sync/render-listing.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import { type SandboxProcess, startSandbox } from './children.ts';
import type { Servers } from './servers.ts';
import { accountId, adapterId, approve, openNaru, openPlace, stock } from './store.ts';

/** One round; all rates are per second. */
export interface PushRound {
  axios: number;
  bullmq: number;
  naru: number;
  /** From the last accepted create until all of them are read back as on sale. */
  settleMs: number;
}

/** As many calls at a time as Naru's workers make for one account. */
const concurrency = 8;

/** Measures all three one after the other, on an empty store and a new sandbox. */
export async function measurePushRound(servers: Servers | null, products: number): Promise<PushRound> {
  const sandbox = await startSandbox(adapterId);
  const place = await openPlace(servers);
  try {
    const app = await openNaru(place);
    try {
      // The first calls of a process pay for compilation, so each of the three gets some that are not counted.
      const warmUp = Math.ceil(products / 4);
      const skus = await stock(app, sandbox, products + warmUp);
      const requests = await rawRequests(app, sandbox, skus);
      await postAll(sandbox.url, requests.slice(0, warmUp));
      const axiosRate = await postAll(sandbox.url, requests.slice(warmUp));
      await runEmptyJobs(app, warmUp);
      const bullmq = await runEmptyJobs(app, products);
      await startWorkers(app, { core: false });
      await approve(app, skus.slice(0, warmUp));
      await pushAll(app, warmUp);
      await approve(app, skus.slice(warmUp));
      const { rate, settleMs } = await pushAll(app, products);
      return { axios: axiosRate, bullmq, naru: rate, settleMs };
    } finally {
      await app.close();
    }
  } finally {
    await sandbox.close();
    await place.remove();
  }
}

interface RawRequest {
  body: string;
  token: () => Promise<string>;
}

/** Bodies as the adapter would send them, under SKUs of their own, so that Naru does not find its products listed. */
async function rawRequests(app: App, sandbox: SandboxProcess, skus: readonly string[]): Promise<RawRequest[]> {
  const settings = settingsSchema.parse(sandbox.account.settings);
  const secret = String(sandbox.account.credentials.secretKey);
  const ssi = `A:${settings.sellerIds.iac},G:${settings.sellerIds.gmkt}`;
  const token = () => signToken(settings, secret, ssi);
  const account = await openAccount(app.deps, accountId);
  const documents = await renderProducts(app.deps, account, skus);
  const products = await findProducts(app.store, skus);
  const once = skus.map((sku) => {
    const stored = products.get(sku);
    const document: Json = documents.get(sku)?.document ?? null;
    if (!stored || document === null) throw new Error(`${sku} cannot be rendered`);
    const { priceKrw, stockQty } = stored.product;
    const wanted = { document, price: won(priceKrw), stock: stockQty, discount: null };
    return JSON.stringify(offerDocument({ ...wanted, onSale: true, offReason: null, contentHash: '' }, settings, []));
  });
  return once.map((body, index) => ({ body: body.replaceAll('"BENCH-', `"RAW-${index}-`), token }));
}

/** Sends ready-made creates with nothing around them. */
async function postAll(url: string, requests: readonly RawRequest[]): Promise<number> {
  const client = axios.create({ baseURL: url, headers: { 'content-type': 'application/json' } });
  const queue = requests.values();
  const startedAt = performance.now();
  const work = async () => {
    for (const { body, token } of queue) {
      const { data } = await client.post('/item/v1/goods', body, {
        headers: { authorization: `Bearer ${await token()}` },
      });
      if (data.resultCode !== 0) throw new Error(`the sandbox refused a ready-made create: ${JSON.stringify(data)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return perSecond(requests.length, performance.now() - startedAt);
}

/** Adds jobs as Naru does and lets them do nothing. */
async function runEmptyJobs({ queueBackend }: App, count: number): Promise<number> {
  const name = 'bench-empty';
  let left = count;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const worker = queueBackend.createWorker(name, async () => undefined, { concurrency });
  worker.on('completed', () => {
    left -= 1;
    if (left === 0) finish();
  });
  await worker.waitUntilReady();
  const queue = queueBackend.createQueue<{ number: number }>(name);
  const startedAt = performance.now();
  const opts = { attempts: 5, removeOnComplete: true };
  await queue.addBulk(Array.from({ length: count }, (_, number) => ({ name: 'empty', data: { number }, opts })));
  await finished;
  const rate = perSecond(count, performance.now() - startedAt);
  await worker.close();
  await queue.close();
  return rate;
}

/** A whole push by Naru; its clock runs from the first job that is queued to the last create that was accepted. */
async function pushAll(app: App, products: number): Promise<{ rate: number; settleMs: number }> {
  let queuedAt: Date | undefined;
  const queues: App['queues'] = {
    ...app.queues,
    addMany: (name, jobs) => {
      queuedAt ??= app.deps.clock.now();
      return app.queues.addMany(name, jobs);
    },
  };
  const { done, failed } = await runPush(app.deps, queues, { wait: true, dryRun: false });
  if (failed.length > 0) throw new Error(failed[0]?.messageEn);
  if (done.create !== products) throw new Error(`${done.create} of ${products} products were created`);
  const settledAt = app.deps.clock.now();
  const { rows } = await app.store.query<{ last: Date }>(
    `select max(finished_at) as last from naru.attempt where operation = 'create' and outcome = 'accepted'`,
  );
  const lastAt = rows[0]?.last.getTime() ?? Number.NaN;
  return {
    rate: perSecond(products, lastAt - (queuedAt?.getTime() ?? Number.NaN)),
    settleMs: settledAt.getTime() - lastAt,
  };
}

function perSecond(count: number, ms: number): number {
  return (count / ms) * 1000;
}
