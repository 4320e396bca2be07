import { z } from 'zod';
import { formatSeoul } from '../../domain/seoul-time.ts';
import { leadGroupings, listInquiries, readLeads } from '../../store/inquiries.ts';
import type { SyncDependencies } from '../../sync/dependencies.ts';
import { answerInquiry, importInquiries, maskedContact } from '../../sync/import-inquiries.ts';
import { requireAccount } from '../../sync/known-names.ts';
import { defineCommand } from '../command.ts';
import { notes, table } from '../output.ts';
import { personText } from '../person-text.ts';

/** `naru inquiries import FILE --account ID` */
export const importInquiriesCommand = defineCommand({
  name: 'inquiries import',
  input: z.object({ path: z.string(), accountId: z.string() }),
  run: async (app, input) => {
    const { faults, sameFile, ...counts } = await importInquiries(app.deps, input);
    return {
      ...counts,
      same_file: sameFile,
      faults: faults.map(({ messageKo, messageEn, ...fault }) => ({
        ...fault,
        message_ko: messageKo,
        message_en: messageEn,
      })),
    };
  },
  text: (answer) => {
    const line = answer.same_file
      ? '이미 읽은 파일입니다. / This file was read before.'
      : `새 문의 new ${answer.new}, 변경 changed ${answer.changed}, 그대로 unchanged ${answer.unchanged}`;
    const faults = answer.faults.map((fault) => ({ ...fault, head: [`${fault.row}행 row`, fault.field, fault.code] }));
    return [line, ...(faults.length > 0 ? [notes(faults)] : [])].join('\n');
  },
  failed: (answer) => answer.faults.length > 0,
});

/** Only the adapters know of what kind a channel is. */
function kindsOf({ deps }: { deps: Pick<SyncDependencies, 'registry'> }): Record<string, string> {
  return Object.fromEntries(deps.registry.list().map(({ id, kind }) => [id, kind]));
}

/** `naru inquiries list [--open] [--account ID] [--by campaign|company|product|…]` */
export const listInquiriesCommand = defineCommand({
  name: 'inquiries list',
  input: z.object({
    accountId: z.string().optional(),
    open: z.boolean().default(false),
    by: z.enum(leadGroupings).optional(),
  }),
  run: async (app, input) => {
    await requireAccount(app.deps, input.accountId);
    const leads =
      input.by && (await readLeads(app.store, { by: input.by, kinds: kindsOf(app) })).map((row) => ({ ...row }));
    const inquiries = (await listInquiries(app.store, input)).map((row) => ({
      account: row.account,
      id: row.inquiryId,
      kind: row.kind,
      received_at: row.receivedAt.toISOString(),
      sku: row.sku,
      product: row.productName ?? row.productWords,
      company: row.company,
      campaign: row.campaignId,
      buyer_company: row.buyerCompany,
      buyer_country: row.buyerCountry,
      quantity: row.quantity,
      unit: row.unit,
      message: row.message,
      expires_at: row.expiresAt?.toISOString() ?? null,
      contact: maskedContact(app.deps, row),
      answered_at: row.answeredAt?.toISOString() ?? null,
      answered_by: row.answeredBy,
    }));
    return { ...(leads && { leads }), inquiries };
  },
  text: (answer) => {
    if (answer.leads) {
      return table(
        ['구분 group', '이름 name', '문의 inquiries', '답변 answered', '미답변 open'],
        answer.leads.map((row) => [row.key, row.name, row.inquiries, row.answered, row.open]),
      );
    }
    const open = answer.inquiries.filter((row) => row.answered_at === null).length;
    return [
      table(
        [
          '번호 id',
          '계정 account',
          '받은 때 received',
          '상품 product',
          '바이어 buyer',
          '수량 quantity',
          '답변 answered',
        ],
        answer.inquiries.map((row) => [
          row.id.slice(0, 16),
          row.account,
          formatSeoul(new Date(row.received_at)),
          row.product,
          [row.buyer_company, row.buyer_country].filter(Boolean).join(' '),
          [row.quantity, row.unit].filter(Boolean).join(' '),
          row.answered_by,
        ]),
      ),
      `아직 답하지 않은 문의 ${open}건 / ${open} inquiries not answered yet`,
    ].join('\n');
  },
});

/** `naru inquiries answer ID --account ID --by NAME` */
export const answerInquiryCommand = defineCommand({
  name: 'inquiries answer',
  input: z.object({ inquiryId: z.string(), accountId: z.string(), by: personText }),
  run: async (app, input) => {
    await answerInquiry(app.deps, input);
    return { answered: input.inquiryId };
  },
  text: (answer) => `문의 ${answer.answered}에 답한 것으로 적었습니다. / noted as answered`,
});
