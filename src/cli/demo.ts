import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import type { RunningSandbox, SandboxSales } from '../channel/sandbox.ts';
import { loadConfig, processEnvironment } from '../config.ts';
import { startOfSeoulDay } from '../domain/seoul-time.ts';
import { createServer } from '../http/server.ts';
import { createOffsetClock, type MovableClock } from '../runtime/clock.ts';
import { createLogger } from '../runtime/logger.ts';
import { packageRoot } from '../runtime/package-files.ts';
import { listListings } from '../store/listing-rows.ts';
import { findProducts, pageOfProducts } from '../store/products.ts';
import { applyCampaign } from '../sync/apply-campaign.ts';
import { approveProducts } from '../sync/approve-products.ts';
import { importCatalogue } from '../sync/import-catalogue.ts';
import { addAccount } from '../sync/manage-accounts.ts';
import { runPull } from '../sync/pull-run.ts';
import { runPush } from '../sync/push-run.ts';
import { type SalesAnswer, salesAnswer } from '../sync/report.ts';
import { createBuyers } from './demo-story.ts';
import type { Entry } from './entry.ts';
import { amount, bothLanguages } from './output.ts';
import { salesTable } from './sales-table.ts';

/** Three weeks of exhibition pass in about a minute: a channel's three-minute feed takes three seconds. */
const speed = 60;
const demoStart = new Date('2026-11-22T09:00:00+09:00');
const opening = '2026-12-07';

interface Stage {
  entry: Entry;
  app: App;
  clock: MovableClock;
  sandbox: RunningSandbox;
  accountId: string;
  say: (line: string) => void;
}

/**
 * The whole story on sandboxes, in a throw-away data folder: a catalogue comes in, bad rows are refused, approved
 * products go on sale, orders and claims come back, and the sales add up to the won. Returns the exit code: 1 when the
 * figures do not agree with the books of the sandbox.
 */
export async function runDemo(entry: Entry, options: { json: boolean }): Promise<number> {
  const say = (line: string) => {
    if (!options.json) process.stdout.write(`${line}\n`);
  };
  const folder = await mkdtemp(join(tmpdir(), 'naru-demo-'));
  const clock = createOffsetClock(demoStart, speed);
  const config = {
    ...loadConfig(processEnvironment()),
    dataDir: folder,
    databaseUrl: null,
    redisUrl: null,
    secretKey: null,
  };
  const log = createLogger({
    level: config.logLevel === 'info' ? 'error' : config.logLevel,
    terminal: process.stderr.isTTY === true,
  });
  const adapterId = entry.sandboxIds[0] ?? '';
  const start = await entry.loadSandbox(adapterId);
  if (!start) throw new Error(`no sandbox for ${adapterId}`);
  const sandbox = await start({ now: () => clock.now().getTime(), faults: { feedDelayMs: 180_000 } });
  const app = await createApp({ config: { ...config, publicUrl: null }, registry: entry.registry, log, clock });
  try {
    await serveImages(app);
    await entry.startWorkers(app, { core: false });
    const stage: Stage = { entry, app, clock, sandbox, accountId: `${adapterId}-demo`, say };
    return await tellStory(stage, adapterId, options);
  } finally {
    await app.close();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The sandbox fetches pictures as a marketplace does. */
async function serveImages(app: App): Promise<void> {
  const server = createServer({
    app,
    token: 'demo',
    runCommand: () => Promise.reject(new Error('no commands in the demo')),
  });
  app.onClose(() => server.close());
  app.deps.publicUrl = await server.listen({ host: '127.0.0.1', port: 0 });
}

async function tellStory(stage: Stage, adapterId: string, options: { json: boolean }): Promise<number> {
  const { app, clock, sandbox, say } = stage;
  say('1. 계정과 기획전 / account and campaign');
  await addAccount(app.deps, { accountId: stage.accountId, adapterId, file: sandbox.accountConfig() });
  const catalogue = (name: string) => join(packageRoot(), 'demo', 'catalogue', name);
  const good = await importCatalogue(app.deps, { path: catalogue('products.json'), allowRename: false });
  await applyCampaign(app.deps, await demoCampaign(stage));
  const bad = await importCatalogue(app.deps, { path: catalogue('products-bad.json'), allowRename: false });
  const refusedRows = new Set(bad.refused.map((row) => row.row)).size;
  say(`2. 카탈로그 / catalogue: ${good.accepted} 상품 products, ${refusedRows} 행 거절·보류 rows refused or held`);
  for (const row of bad.refused) {
    say(
      `   [${row.result}] ${row.sku ?? `row ${row.row}`}  ${row.rule}\n      ${bothLanguages({ message_ko: row.messageKo, message_en: row.messageEn }).replace('\n', '\n      ')}`,
    );
  }
  const approval = await approveProducts(app.deps, { skus: null, by: '데모 담당자', acceptWarnings: null });
  say(`3. 승인 / approved: ${approval.approved.length}`);
  clock.jumpTo(startOfSeoulDay(opening));
  const push = await runPush(app.deps, app.queues, { wait: true, dryRun: false });
  const onSale = await listListings(app.store, { state: 'on-sale' });
  const companies = await companiesOf(
    app,
    onSale.map((row) => row.sku),
  );
  say(
    `4. 기획전 개장, 판매 시작 / exhibition opens: ${onSale.length} 상품 판매 중 products on sale, ${companies} 기업 companies`,
  );
  const pulled = await live(stage);
  const sales = await salesAnswer(app.deps, { by: 'day', asOf: null });
  const ledger = sandbox.ledger();
  const books = ledger.sales.find((row) => row.currency === 'KRW') ?? emptyBooks;
  const agrees =
    sameFigures(sales, books) &&
    onSale.length === new Set(ledger.listings.filter((one) => one.state === 'on-sale').map((one) => one.sku)).size;
  const companySales = await salesAnswer(app.deps, { by: 'company', asOf: null });
  say(`5. 주문·클레임·정산 / orders, claims, settlements: ${pulled.orders} · ${pulled.claims} · ${pulled.settlements}`);
  say(salesTable(companySales, 'company'));
  say(salesTable(sales, 'day'));
  say(
    `6. 장부 대조 / the sandbox's ledger: 총 ${amount(books.gross)} 취소 ${amount(books.cancelled)} 반품 ${amount(books.returned)} 순 ${amount(books.net)} → ${agrees ? '일치 / agrees to the won' : '불일치 / DIFFERS'}`,
  );
  if (options.json) {
    const total = sales.totals[0] ?? {};
    const answer = {
      products: {
        companies,
        accepted: good.accepted,
        approved: approval.approved.length,
        on_sale: onSale.length,
        refused_rows: refusedRows,
        refused: bad.refused.map(({ row, sku, field, rule, result, messageKo, messageEn }) => ({
          row,
          sku,
          field,
          rule,
          result,
          message_ko: messageKo,
          message_en: messageEn,
        })),
      },
      listings: {
        planned: push.planned,
        done: push.done,
        on_sale: onSale.length,
        failed: push.failed.length,
        in_doubt: push.inDoubt.length,
      },
      orders: { pulled: pulled.orders, claims: pulled.claims, settlements: pulled.settlements },
      sales: { ...total, by_day: sales.rows, by_company: companySales.rows },
      ledger: {
        ...books,
        orders: ledger.orders.length,
        on_sale: new Set(ledger.listings.filter((one) => one.state === 'on-sale').map((one) => one.sku)).size,
        traffic: ledger.traffic,
      },
      agrees,
    };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  return agrees ? 0 : 1;
}

/** Four days of trade: orders, deliveries, claims that are done, open and withdrawn, and changes after a first pull. */
async function live(stage: Stage): Promise<{ orders: number; claims: number; settlements: number }> {
  const { app, clock, sandbox } = stage;
  const buyers = createBuyers(sandbox);
  const at = (day: number, hour: number) =>
    new Date(startOfSeoulDay(opening).getTime() + (day * 24 + hour) * 3_600_000);
  const goTo = (instant: Date) => {
    if (instant > clock.now()) clock.jumpTo(instant);
  };
  const pull = (stream: 'orders' | 'claims' | 'settlements') =>
    runPull(app.deps, app.queues, { stream, window: null, sweep: false, wait: true });
  goTo(at(1, 12));
  const first = await buyers.buy(60, 1, at(0, 9), at(1, 11));
  const firstPull = await pull('orders');
  await buyers.advance(first.slice(0, 40), 'delivered');
  await buyers.claim(first[41] ?? '', 'cancel', 'done', at(1, 11));
  await buyers.claim(first[42] ?? '', 'cancel', 'requested', at(1, 11));
  await buyers.claim(first[43] ?? '', 'cancel', 'requested', at(1, 11));
  // Within a day: a cancel that nobody answers for longer is granted by the channel itself.
  goTo(at(2, 8));
  await buyers.claim(first[43] ?? '', 'cancel', 'withdrawn', at(2, 8));
  goTo(at(3, 18));
  const second = await buyers.buy(60, 2, at(1, 12), at(3, 17));
  await buyers.claim(first[3] ?? '', 'return', 'done', at(3, 10));
  await buyers.claim(first[4] ?? '', 'exchange', 'done', at(3, 11));
  await buyers.claim(second[5] ?? '', 'cancel', 'done', at(3, 12));
  await buyers.settle(at(3, 17));
  goTo(at(5, 9));
  const claims = await pull('claims');
  const secondPull = await pull('orders');
  const settlements = await pull('settlements');
  const failed = [firstPull, claims, secondPull, settlements].flatMap((run) => run.failed);
  if (failed.length > 0) throw new Error(failed.map((one) => one.messageEn).join('; '));
  const news = (run: typeof firstPull) => run.results.reduce((sum, one) => sum + one.new, 0);
  return { orders: news(firstPull) + news(secondPull), claims: news(claims), settlements: news(settlements) };
}

/** All products that wait for approval, a tenth cheaper, for three weeks. */
async function demoCampaign(stage: Stage): Promise<unknown> {
  const page = await pageOfProducts(stage.app.store, { afterSku: '', limit: 500 });
  return {
    id: 'winter-green-2026',
    name: '2026 겨울 녹색제품 기획전',
    start: opening,
    end: '2026-12-27',
    accounts: [stage.accountId],
    // Ten-won steps: the finest price a won marketplace takes.
    members: page.map(({ product }) => ({
      sku: product.sku,
      price_krw: product.priceKrw - Math.floor(product.priceKrw / 100) * 10,
    })),
  };
}

async function companiesOf(app: App, skus: readonly string[]): Promise<number> {
  const products = await findProducts(app.store, skus);
  return new Set([...products.values()].map(({ product }) => product.company.businessNo)).size;
}

const emptyBooks: SandboxSales = {
  currency: 'KRW',
  units: 0,
  gross: 0,
  cancelled: 0,
  returned: 0,
  net: 0,
  shipping: 0,
};

function sameFigures(sales: SalesAnswer, books: SandboxSales): boolean {
  const total = sales.totals.find((row) => row.currency === 'KRW');
  return (['units', 'gross', 'cancelled', 'returned', 'net', 'shipping'] as const).every(
    (figure) => total?.[figure] === books[figure],
  );
}
