import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import { loadConfig, processEnvironment } from '../config.ts';
import { startOfSeoulDay } from '../domain/seoul-time.ts';
import { createServer } from '../http/server.ts';
import { createOffsetClock } from '../runtime/clock.ts';
import { createLogger } from '../runtime/logger.ts';
import { packageRoot } from '../runtime/package-files.ts';
import { listListings } from '../store/listing-rows.ts';
import { findProducts, pageOfProducts } from '../store/products.ts';
import { applyCampaign } from '../sync/apply-campaign.ts';
import { approveProducts } from '../sync/approve-products.ts';
import { importCatalogue } from '../sync/import-catalogue.ts';
import { importRates } from '../sync/import-rates.ts';
import { runPush } from '../sync/push-run.ts';
import { salesAnswer } from '../sync/report.ts';
import { compareBooks, type DemoAnswer, demoAnswer } from './demo-answer.ts';
import { tellCarried } from './demo-carried.ts';
import { tellPartner } from './demo-partner.ts';
import { addDemoAccount, type DemoChannel, type DemoStage, openChannels } from './demo-stage.ts';
import { openExhibition } from './demo-story.ts';
import type { Entry } from './entry.ts';
import { amount, bothLanguages } from './output.ts';
import { salesTable } from './sales-table.ts';
import { readJsonFile } from './sandbox.ts';

/** Three weeks of exhibition pass in about a minute: a channel's three-minute feed takes three seconds. */
const speed = 60;
const demoStart = new Date('2026-11-22T09:00:00+09:00');
const opening = '2026-12-07';

/**
 * The whole story on sandboxes, in a throw-away data folder: a catalogue comes in, bad rows are refused, approved
 * products go out to channels of every kind, orders, claims and inquiries come back, and the sales add up to the won.
 * Returns the exit code: 1 when the figures do not agree with the books of the sandboxes.
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
    publicUrl: null,
  };
  const log = createLogger({
    level: config.logLevel === 'info' ? 'error' : config.logLevel,
    terminal: process.stderr.isTTY === true,
  });
  const channels = await openChannels(entry, clock);
  const app = await createApp({ config, registry: entry.registry, log, clock });
  try {
    await serve(app);
    await entry.startWorkers(app, { core: false });
    const answer = await tellStory({ app, clock, folder, say }, channels);
    if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
    return answer.agrees ? 0 : 1;
  } finally {
    await app.close();
    for (const { sandbox } of channels) await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The sandboxes fetch pictures and knock at our door as marketplaces and partners do. */
async function serve(app: App): Promise<void> {
  const server = createServer({
    app,
    token: 'demo',
    runCommand: () => Promise.reject(new Error('no commands in the demo')),
  });
  app.onClose(() => server.close());
  app.deps.publicUrl = await server.listen({ host: '127.0.0.1', port: 0 });
}

async function tellStory(stage: DemoStage, channels: readonly DemoChannel[]): Promise<DemoAnswer> {
  const { app, clock, say } = stage;
  say(`1. 계정과 기획전 / accounts and campaign: ${channels.map((channel) => channel.accountId).join(', ')}`);
  for (const channel of channels) await addDemoAccount(stage, channel);
  const catalogue = await bringCatalogue(stage, channels);
  clock.jumpTo(startOfSeoulDay(opening));
  const push = await runPush(app.deps, app.queues, { wait: true, dryRun: false });
  const market = channels.find(({ adapter }) => adapter.listings?.find && adapter.orders);
  if (!market) throw new Error('no marketplace among the adapters');
  const onSale = await listListings(app.store, { accountId: market.accountId, state: 'on-sale' });
  const skus = onSale.map((row) => row.sku);
  const products = await findProducts(app.store, skus);
  const companies = new Set([...products.values()].map(({ product }) => product.company.businessNo)).size;
  say(
    `4. 기획전 개장, 판매 시작 / exhibition opens: ${onSale.length} 상품 판매 중 products on sale, ${companies} 기업 companies`,
  );
  const pulled = await openExhibition(stage, market, opening);
  say(`5. 주문·클레임·정산 / orders, claims, settlements: ${pulled.orders} · ${pulled.claims} · ${pulled.settlements}`);
  say('6. 수출 포털과 기업 구매 / export portals and corporate buyers');
  const carried = [];
  for (const channel of channels.filter(({ adapter }) => adapter.batches)) {
    carried.push(await tellCarried(stage, channel));
  }
  const partners = [];
  for (const channel of channels.filter(({ adapter }) => adapter.inbound)) {
    partners.push(await tellPartner(stage, channel));
  }
  await importRates(app.deps, await readJsonFile(join(packageRoot(), 'demo', 'files', 'rates.json')));
  const sales = await salesAnswer(app.deps, { by: 'day', asOf: null });
  const companySales = await salesAnswer(app.deps, { by: 'company', asOf: null });
  const kindSales = await salesAnswer(app.deps, { by: 'kind', asOf: null });
  say(salesTable(companySales, 'company'));
  say(salesTable(sales, 'day'));
  say(salesTable(kindSales, 'kind'));
  const books = compareBooks(sales, market.sandbox.ledger(), onSale.length);
  const agrees =
    books.agrees &&
    partners.every((one) => one.net === one.ledger_net) &&
    carried.every((one) => one.on_sale === one.confirmed);
  say(
    `7. 장부 대조 / the sandboxes' ledgers: 총 ${amount(books.sales.gross)} 취소 ${amount(books.sales.cancelled)} 반품 ${amount(books.sales.returned)} 순 ${amount(books.sales.net)}${partners
      .map((one) => `, ${one.currency} ${amount(one.ledger_net, one.currency)}`)
      .join('')} → ${agrees ? '일치 / agrees to the won' : '불일치 / DIFFERS'}`,
  );
  return demoAnswer({
    catalogue,
    push,
    companies,
    onSale: onSale.length,
    pulled,
    carried,
    partners,
    sales,
    companySales,
    kindSales,
    books,
    agrees,
  });
}

/** What the demo shows of its catalogue. */
export interface DemoCatalogue {
  accepted: number;
  approved: number;
  refusedRows: number;
  refused: Awaited<ReturnType<typeof importCatalogue>>['refused'];
}

async function bringCatalogue(stage: DemoStage, channels: readonly DemoChannel[]): Promise<DemoCatalogue> {
  const { app, say } = stage;
  const file = (name: string) => join(packageRoot(), 'demo', 'catalogue', name);
  const good = await importCatalogue(app.deps, { path: file('products.json'), allowRename: false });
  await applyCampaign(app.deps, await demoCampaign(stage, channels));
  const bad = await importCatalogue(app.deps, { path: file('products-bad.json'), allowRename: false });
  const refusedRows = new Set(bad.refused.map((row) => row.row)).size;
  say(`2. 카탈로그 / catalogue: ${good.accepted} 상품 products, ${refusedRows} 행 거절·보류 rows refused or held`);
  for (const row of bad.refused) {
    const sentences = bothLanguages({ message_ko: row.messageKo, message_en: row.messageEn });
    say(`   [${row.result}] ${row.sku ?? `row ${row.row}`}  ${row.rule}\n      ${sentences.replace('\n', '\n      ')}`);
  }
  const approval = await approveProducts(app.deps, { skus: null, by: '데모 담당자', acceptWarnings: null });
  say(`3. 승인 / approved: ${approval.approved.length}`);
  return { accepted: good.accepted, approved: approval.approved.length, refusedRows, refused: bad.refused };
}

/** All products that wait for approval, a tenth cheaper, for three weeks, on every channel. */
async function demoCampaign({ app }: DemoStage, channels: readonly DemoChannel[]): Promise<unknown> {
  const page = await pageOfProducts(app.store, { afterSku: '', limit: 500 });
  return {
    id: 'winter-green-2026',
    name: '2026 겨울 녹색제품 기획전',
    start: opening,
    end: '2026-12-27',
    accounts: channels.map((channel) => channel.accountId),
    // Ten-won steps: the finest price a won marketplace takes.
    members: page.map(({ product }) => ({
      sku: product.sku,
      price_krw: product.priceKrw - Math.floor(product.priceKrw / 100) * 10,
    })),
  };
}
