import { z } from 'zod';
import { PeopleError } from '../../domain/people-error.ts';
import { parseSeoulInstant } from '../../domain/seoul-time.ts';
import { streams } from '../../domain/stream.ts';
import { runPull } from '../../sync/pull-run.ts';
import { runPush } from '../../sync/push-run.ts';
import { defineCommand } from '../command.ts';
import { notes, table } from '../output.ts';

/** Reasons that are as people decided or as the days are; the push has nothing left to do about them. */
const settledRules = new Set([
  'not_approved',
  'campaign_not_open',
  'campaign_other_account',
  'sold_out',
  'cert_not_valid_today',
]);

/** `naru push [--account ID] [--campaign ID] [--wait] [--dry-run]` */
export const pushCommand = defineCommand({
  name: 'push',
  input: z.object({
    accountId: z.string().optional(),
    campaignId: z.string().optional(),
    wait: z.boolean().default(false),
    dryRun: z.boolean().default(false),
  }),
  run: async (app, input, tools) => {
    if (input.wait && !input.dryRun) await tools.startWork();
    const result = await runPush(app.deps, app.queues, {
      ...input,
      onProgress: (done, total) => tools.progress('보내는 중 / pushing', done, total),
    });
    return {
      planned: result.planned,
      done: result.done,
      failed: result.failed.map(({ messageKo, messageEn, ...rest }) => ({
        ...rest,
        message_ko: messageKo,
        message_en: messageEn,
      })),
      in_doubt: result.inDoubt,
      blocked: result.blocked.map(({ sku, account, rule, messageKo, messageEn }) => ({
        sku,
        account,
        rule,
        message_ko: messageKo,
        message_en: messageEn,
      })),
      to_export: result.toExport,
      accounts: result.accounts,
    };
  },
  text: (answer) => {
    if (answer.accounts === 0) {
      return '등록된 계정이 없어 보낼 곳이 없습니다. `naru accounts add`로 계정을 등록해 주십시오. / There is no account to push to. Add one with `naru accounts add`.';
    }
    const operations = Object.keys(answer.planned) as (keyof typeof answer.planned)[];
    const lines = [
      table(
        ['작업 operation', '계획 planned', '완료 done'],
        operations.map((operation) => [
          operation,
          answer.planned[operation],
          operation === 'unchanged' ? '' : answer.done[operation],
        ]),
      ),
    ];
    const troubles = [
      ...answer.failed.map((one) => ({ ...one, head: [one.sku, one.account, '실패 failed'] })),
      ...answer.in_doubt.map((one) => ({ head: [one.sku, one.account, '확인 중 in doubt'] })),
      ...answer.blocked.map((one) => ({ ...one, head: [one.sku, one.account, '보류 blocked', one.rule] })),
    ];
    if (troubles.length > 0) lines.push(notes(troubles));
    const carried = answer.to_export.filter((one) => one.products + one.waiting > 0);
    if (carried.length > 0) lines.push(notes(carried.map(exportNote)));
    return lines.join('\n');
  },
  failed: (answer) =>
    answer.failed.length + answer.in_doubt.length > 0 || answer.blocked.some((one) => !settledRules.has(one.rule)),
});

/** What a person has to do for a channel that takes files only. */
function exportNote({ account, products, waiting }: { account: string; products: number; waiting: number }) {
  const ko =
    products > 0
      ? `상품 ${products}개를 파일로 보내야 합니다: \`naru export build ${account}\``
      : '새로 보낼 상품이 없습니다.';
  const en =
    products > 0 ? `${products} products go out as a file: \`naru export build ${account}\`` : 'Nothing new to send.';
  const waits =
    waiting > 0 ? [` 접수 결과를 기다리는 상품 ${waiting}개.`, ` ${waiting} wait for a receipt.`] : ['', ''];
  return { head: [account, '파일 배치 batch'], message_ko: `${ko}${waits[0]}`, message_en: `${en}${waits[1]}` };
}

/** `naru pull orders|claims|settlements|all [--account ID] [--from D --to D] [--wait]` */
export const pullCommand = defineCommand({
  name: 'pull',
  input: z.object({
    stream: z.enum([...streams, 'all']),
    accountId: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    sweep: z.boolean().default(false),
    wait: z.boolean().default(false),
  }),
  run: async (app, input, tools) => {
    const window = windowOf(input.from, input.to, app.deps.clock.now());
    if (input.wait) await tools.startWork();
    const { results, failed } = await runPull(app.deps, app.queues, {
      stream: input.stream,
      accountId: input.accountId,
      window,
      sweep: input.sweep,
      wait: input.wait,
      onProgress: (done, total) => tools.progress('가져오는 중 / pulling', done, total),
    });
    const sum = (key: 'records' | 'new' | 'changed' | 'unchanged') =>
      results.reduce((total, one) => total + one[key], 0);
    return {
      records: sum('records'),
      new: sum('new'),
      changed: sum('changed'),
      unchanged: sum('unchanged'),
      bookmark: results.map((one) => one.bookmark).sort()[0] ?? null,
      results,
      failed: failed.map(({ messageKo, messageEn, ...rest }) => ({
        ...rest,
        message_ko: messageKo,
        message_en: messageEn,
      })),
    };
  },
  text: (answer) => {
    const rows = answer.results.map((one) => [
      one.account,
      one.stream,
      one.records,
      one.new,
      one.changed,
      one.unchanged,
      one.bookmark,
    ]);
    const head = [
      '계정 account',
      '종류 stream',
      '받음 records',
      '새로움 new',
      '바뀜 changed',
      '그대로 unchanged',
      '책갈피 bookmark',
    ];
    const failed = answer.failed.map((one) => ({ ...one, head: [one.account, one.stream, '실패 failed'] }));
    return [table(head, rows), ...(failed.length > 0 ? [notes(failed)] : [])].join('\n');
  },
  failed: (answer) => answer.failed.length > 0,
});

function windowOf(from: string | undefined, to: string | undefined, now: Date): { from: Date; to: Date } | null {
  if (from === undefined && to === undefined) return null;
  const start = from === undefined ? null : parseSeoulInstant(from);
  const end = to === undefined ? now : parseSeoulInstant(to, true);
  if (!start || !end || start >= end) {
    throw new PeopleError(
      'window_invalid',
      '--from과 --to를 2026-12-07 같은 날짜나 ISO 시각으로, 시작이 끝보다 앞서게 적어 주십시오.',
      'Give --from and --to as dates such as 2026-12-07 or ISO times, the start before the end.',
    );
  }
  return { from: start, to: end };
}
