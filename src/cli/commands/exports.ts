import { join } from 'node:path';
import { z } from 'zod';
import { listBatches } from '../../store/batches.ts';
import { applyReceipt } from '../../sync/apply-receipt.ts';
import { buildBatch } from '../../sync/build-batch.ts';
import { requireAccount } from '../../sync/known-names.ts';
import { rewriteBatch } from '../../sync/rewrite-batch.ts';
import { defineCommand } from '../command.ts';
import { notes, table } from '../output.ts';

/** `naru export list [ACCOUNT]` */
export const listExports = defineCommand({
  name: 'export list',
  input: z.object({ accountId: z.string().optional() }),
  run: async (app, input) => {
    await requireAccount(app.deps, input.accountId);
    const batches = (await listBatches(app.store, input)).map((batch) => ({
      batch: batch.batchId,
      account: batch.accountId,
      built_at: batch.builtAt.toISOString(),
      file: batch.fileName,
      sha256: batch.sha256,
      delivered_to: batch.deliveredTo,
      products: batch.items,
      open: batch.open,
      confirmed: batch.confirmed,
      refused: batch.refused,
    }));
    return { batches };
  },
  text: (answer) =>
    table(
      [
        '배치 batch',
        '파일 file',
        '상품 products',
        '대기 open',
        '등록 confirmed',
        '거절 refused',
        '보낸 곳 delivered to',
      ],
      answer.batches.map((one) => [
        one.batch,
        one.file,
        one.products,
        one.open,
        one.confirmed,
        one.refused,
        one.delivered_to,
      ]),
    ),
});

/** `naru export build ACCOUNT [--batch ID] [--out DIR]`: the next batch, or the file of one that was built, once more. */
export const buildExport = defineCommand({
  name: 'export build',
  input: z.object({ accountId: z.string(), batchId: z.string().optional(), folder: z.string().optional() }),
  run: async (app, input) => {
    const folder = input.folder ?? join(app.config.dataDir, 'exports', input.accountId);
    const { accountId, batchId } = input;
    const answer = batchId
      ? await rewriteBatch(app.deps, { accountId, batchId, folder })
      : await buildBatch(app.deps, { accountId, folder });
    const { deliveredTo, deliveryFailure, blocked, ...rest } = answer;
    return {
      ...rest,
      delivered_to: deliveredTo,
      delivery_failure: deliveryFailure && {
        code: deliveryFailure.code,
        message_ko: deliveryFailure.messageKo,
        message_en: deliveryFailure.messageEn,
      },
      blocked: blocked.map(({ sku, account, rule, messageKo, messageEn }) => {
        return { sku, account, rule, message_ko: messageKo, message_en: messageEn };
      }),
    };
  },
  text: (answer) => {
    const made = answer.file
      ? [
          `${answer.batch}: ${answer.file}`,
          `추가 add ${answer.add}, 변경 update ${answer.update}, 삭제 delete ${answer.delete}`,
          answer.delivered_to ? `보냄 delivered: ${answer.delivered_to}` : '',
          '포털에 올린 뒤 receipt.xlsx를 채워 `naru export receipt FILE`로 돌려주십시오. / Upload it, fill in receipt.xlsx, and bring it back with `naru export receipt FILE`.',
        ]
      : ['새로 보낼 상품이 없습니다. / There is nothing new to send.'];
    if (answer.waiting > 0) made.push(`접수 결과 대기 waiting for a receipt: ${answer.waiting}`);
    if (answer.left > 0) made.push(`다음 배치로 left for the next batch: ${answer.left}`);
    const troubles = [
      ...(answer.delivery_failure ? [{ ...answer.delivery_failure, head: ['전달 실패 delivery failed'] }] : []),
      ...answer.withdrawn.map((sku) => ({
        head: [sku, '올리지 마십시오 do not upload'],
        message_ko:
          '이 상품은 앞선 배치에 들어 있지만 지금은 판매할 수 없습니다. 올리지 말거나, 올렸다면 포털에서 내려 주십시오.',
        message_en:
          'This product is in an earlier batch but may not be sold now. Leave it out, or take it down at the portal.',
      })),
      ...answer.blocked.map((one) => ({ ...one, head: [one.sku, '보류 blocked', one.rule] })),
    ];
    return [...made.filter(Boolean), ...(troubles.length > 0 ? [notes(troubles)] : [])].join('\n');
  },
  failed: (answer) => answer.delivery_failure !== null || answer.withdrawn.length + answer.blocked.length > 0,
});

/** `naru export receipt FILE` */
export const readReceiptCommand = defineCommand({
  name: 'export receipt',
  input: z.object({ path: z.string() }),
  run: async (app, input) => {
    const { faults, ...rest } = await applyReceipt(app.deps, input.path);
    return {
      ...rest,
      faults: faults.map(({ messageKo, messageEn, ...fault }) => ({
        ...fault,
        message_ko: messageKo,
        message_en: messageEn,
      })),
    };
  },
  text: (answer) => {
    const lines = [
      `${answer.batch}: 등록 confirmed ${answer.confirmed}, 거절 refused ${answer.refused.length}, 미기입 open ${answer.open}, 그대로 unchanged ${answer.unchanged}`,
    ];
    const troubles = [
      ...answer.refused.map(({ sku, reason }) => ({ head: [sku, '거절 refused', reason] })),
      ...answer.faults.map((fault) => ({ ...fault, head: [`${fault.row}행 row`, fault.field, fault.code] })),
    ];
    return [...lines, ...(troubles.length > 0 ? [notes(troubles)] : [])].join('\n');
  },
  failed: (answer) => answer.refused.length + answer.faults.length > 0,
});
