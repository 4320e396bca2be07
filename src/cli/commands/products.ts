import { z } from 'zod';
import { approvalStateSchema } from '../../domain/approval.ts';
import { PeopleError } from '../../domain/people-error.ts';
import { approvalHistory } from '../../store/approvals.ts';
import { findProducts, pageOfProducts } from '../../store/products.ts';
import { approveProducts, decideProducts } from '../../sync/approve-products.ts';
import { importCatalogue } from '../../sync/import-catalogue.ts';
import { defineCommand } from '../command.ts';
import { bothLanguages, notes, table } from '../output.ts';
import { personText } from '../person-text.ts';

/** `naru products import FILE` */
export const importProducts = defineCommand({
  name: 'products import',
  input: z.object({ path: z.string(), rename: z.boolean().default(false) }),
  run: async (app, input, tools) => {
    const result = await importCatalogue(app.deps, {
      path: input.path,
      allowRename: input.rename,
      onProgress: (rows) => tools.progress('가져오는 중 / importing', rows, null),
    });
    return {
      accepted: result.accepted,
      changed: result.changed,
      unchanged: result.unchanged,
      refused: result.refused.map(({ row, sku, field, rule, result: outcome, messageKo, messageEn }) => ({
        row,
        sku,
        field,
        rule,
        result: outcome,
        message_ko: messageKo,
        message_en: messageEn,
      })),
    };
  },
  text: (answer) => {
    const summary = `새 상품 ${answer.accepted} · 변경 ${answer.changed} · 그대로 ${answer.unchanged} · 거절·보류 ${answer.refused.length}  (accepted · changed · unchanged · refused or held)`;
    if (answer.refused.length === 0) return summary;
    const entries = answer.refused.map((row) => ({
      ...row,
      head: [`행 ${row.row}`, row.sku, `[${row.result}]`, `${row.rule} (${row.field})`],
    }));
    return `${notes(entries)}\n${summary}`;
  },
  failed: (answer) => answer.refused.length > 0,
});

/** `naru products approve SKU… | --all-valid --by NAME` */
export const approve = defineCommand({
  name: 'products approve',
  input: z.object({
    skus: z.array(z.string()),
    allValid: z.boolean().default(false),
    by: personText,
    acceptWarnings: personText.nullable().default(null),
  }),
  run: async (app, input) => {
    if (input.allValid === input.skus.length > 0) {
      throw new PeopleError(
        'approve_what',
        '승인할 SKU를 적거나 --all-valid를 쓰십시오. 둘을 함께 쓸 수는 없습니다.',
        'Name the SKUs to approve, or give --all-valid; not both.',
      );
    }
    const skus = input.allValid ? null : input.skus;
    const result = await approveProducts(app.deps, {
      skus,
      by: input.by,
      acceptWarnings: input.allValid ? null : input.acceptWarnings,
    });
    return {
      approved: result.approved,
      refused: result.refused.map(({ sku, rule, messageKo, messageEn }) => ({
        sku,
        rule,
        message_ko: messageKo,
        message_en: messageEn,
      })),
    };
  },
  text: (answer) => {
    const summary = `승인 ${answer.approved.length} · 승인하지 않음 ${answer.refused.length}  (approved · refused)`;
    if (answer.refused.length === 0) return summary;
    return `${notes(answer.refused.map((one) => ({ ...one, head: [one.sku, one.rule] })))}\n${summary}`;
  },
  failed: (answer) => answer.refused.length > 0,
});

/** `naru products reject|suspend SKU… --by NAME --reason TEXT` */
export const decide = defineCommand({
  name: 'products decide',
  input: z.object({
    skus: z.array(z.string()).min(1),
    to: z.enum(['rejected', 'suspended']),
    by: personText,
    reason: personText,
  }),
  run: async (app, input) => {
    const result = await decideProducts(app.deps, input);
    return {
      [input.to]: result.moved,
      moved: result.moved,
      refused: result.refused.map(({ sku, rule, messageKo, messageEn }) => ({
        sku,
        rule,
        message_ko: messageKo,
        message_en: messageEn,
      })),
    };
  },
  text: (answer) => {
    const refused = answer.refused as { message_ko: string; message_en: string }[];
    return [`처리 ${(answer.moved as string[]).length}  (done)`, ...refused.map(bothLanguages)].join('\n');
  },
  failed: (answer) => (answer.refused as unknown[]).length > 0,
});

/** `naru products list [--state STATE]` */
export const listProducts = defineCommand({
  name: 'products list',
  input: z.object({ state: approvalStateSchema.optional() }),
  run: async (app, input) => {
    const products: { sku: string; name: string; company: string; state: string; price_krw: number; stock: number }[] =
      [];
    for (let afterSku = ''; ; ) {
      const page = await pageOfProducts(app.store, { afterSku, limit: 500, states: input.state ? [input.state] : [] });
      for (const { product, approvalState } of page) {
        products.push({
          sku: product.sku,
          name: product.name.ko,
          company: product.company.nameKo,
          state: approvalState,
          price_krw: product.priceKrw,
          stock: product.stockQty,
        });
      }
      const last = page.at(-1);
      if (!last) break;
      afterSku = last.product.sku;
    }
    return { products };
  },
  text: (answer) =>
    table(
      ['SKU', '상품 product', '기업 company', '상태 state', '가격 price', '재고 stock'],
      answer.products.map((one) => [one.sku, one.name, one.company, one.state, one.price_krw, one.stock]),
    ),
});

/** `naru products show SKU` */
export const showProduct = defineCommand({
  name: 'products show',
  input: z.object({ sku: z.string() }),
  run: async (app, input) => {
    const stored = (await findProducts(app.store, [input.sku])).get(input.sku);
    if (!stored) {
      throw new PeopleError(
        'product_unknown',
        `상품 ${input.sku}이(가) 없습니다.`,
        `There is no product ${input.sku}.`,
      );
    }
    const history = await approvalHistory(app.store, input.sku);
    return {
      product: stored.product,
      state: stored.approvalState,
      warnings: stored.warnings.map(({ rule, field, messageKo, messageEn }) => ({
        rule,
        field,
        message_ko: messageKo,
        message_en: messageEn,
      })),
      history: history.map(({ from, to, by, reason, at }) => ({ from, to, by, reason, at: at.toISOString() })),
    };
  },
  text: (answer) =>
    [
      `${answer.product.sku}  ${answer.product.name.ko}  [${answer.state}]`,
      ...answer.warnings.map(bothLanguages),
      table(
        ['언제 when', '이전 from', '이후 to', '누가 by', '사유 reason'],
        answer.history.map((one) => [one.at, one.from, one.to, one.by, one.reason]),
      ),
    ].join('\n'),
});
