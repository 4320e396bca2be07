import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import { listListings } from '../store/listing-rows.ts';
import { applyReceipt } from '../sync/apply-receipt.ts';
import { buildBatch } from '../sync/build-batch.ts';
import { importInquiries } from '../sync/import-inquiries.ts';
import type { DemoChannel, DemoStage } from './demo-stage.ts';

/** What came of the channels that take files. */
export interface CarriedStory {
  account: string;
  batch: string | null;
  exported: number;
  confirmed: number;
  on_sale: number;
  inquiries: number;
}

/**
 * A person carries a batch to a portal without an API, brings the receipt back, and saves the inquiries that came. The
 * sandbox is that person and the portal: `POST /_batch` gives the filled receipt, `GET /_inquiries/xlsx` the saved file.
 */
export async function tellCarried(stage: DemoStage, channel: DemoChannel): Promise<CarriedStory> {
  const { app, folder, say } = stage;
  const { accountId, sandbox } = channel;
  const batch = await buildBatch(app.deps, { accountId, folder });
  const before = await onSale(stage, accountId);
  const receipt = await axios.post<ArrayBuffer>(`${sandbox.url}/_batch`, await readFile(batch.file ?? ''), {
    headers: { 'content-type': 'application/zip' },
    responseType: 'arraybuffer',
    maxBodyLength: Number.POSITIVE_INFINITY,
  });
  const receiptFile = join(folder, 'receipt.xlsx');
  await writeFile(receiptFile, Buffer.from(receipt.data));
  const answer = await applyReceipt(app.deps, receiptFile);
  const after = await onSale(stage, accountId);
  say(
    `   ${accountId}: 배치 batch ${batch.batch}, 상품 ${batch.add} products → 접수 전 판매 중 on sale before the receipt ${before}, 접수 후 after it ${after}`,
  );
  const saved = await axios.get<ArrayBuffer>(`${sandbox.url}/_inquiries/xlsx`, { responseType: 'arraybuffer' });
  const inquiryFile = join(folder, 'inquiries.xlsx');
  await writeFile(inquiryFile, Buffer.from(saved.data));
  const inquiries = await importInquiries(app.deps, { accountId, path: inquiryFile });
  say(`   ${accountId}: 바이어 문의 inquiries ${inquiries.new}`);
  return {
    account: accountId,
    batch: batch.batch,
    exported: batch.add,
    confirmed: answer.confirmed,
    on_sale: after,
    inquiries: inquiries.new,
  };
}

async function onSale({ app }: DemoStage, accountId: string): Promise<number> {
  return (await listListings(app.store, { accountId, state: 'on-sale' })).length;
}
