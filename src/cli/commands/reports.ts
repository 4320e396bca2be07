import { z } from 'zod';
import { PeopleError } from '../../domain/people-error.ts';
import { parseSeoulInstant, seoulDayOf } from '../../domain/seoul-time.ts';
import { listDeadLetters } from '../../store/dead-letters.ts';
import { listListings } from '../../store/listing-rows.ts';
import { salesGroupings } from '../../store/sales.ts';
import { examine } from '../../sync/doctor.ts';
import { requireAccount } from '../../sync/known-names.ts';
import { replayDeadLetter } from '../../sync/replay-dead-letter.ts';
import { listingJson, salesAnswer } from '../../sync/report.ts';
import { defineCommand } from '../command.ts';
import { notes, table } from '../output.ts';
import { salesTable } from '../sales-table.ts';

/** `naru sales [--campaign ID] [--from D --to D] [--by …] [--as-of T]` */
export const salesCommand = defineCommand({
  name: 'sales',
  input: z.object({
    campaignId: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    by: z.enum(salesGroupings).default('day'),
    asOf: z.string().optional(),
  }),
  run: async (app, input) => ({
    by: input.by,
    ...(await salesAnswer(app.deps, {
      campaignId: input.campaignId,
      fromDay: dayOf('--from', input.from),
      toDay: dayOf('--to', input.to),
      by: input.by,
      asOf: input.asOf === undefined ? null : instantOf('--as-of', input.asOf),
    })),
  }),
  text: (answer) => salesTable(answer, answer.by),
});

function instantOf(option: string, text: string): Date {
  const instant = parseSeoulInstant(text, true);
  if (instant) return instant;
  throw new PeopleError(
    'date_invalid',
    `${option}의 값 "${text}"을(를) 날짜로 읽을 수 없습니다. 2026-12-07처럼 적어 주십시오.`,
    `${option} "${text}" is no date. Write it like 2026-12-07.`,
  );
}

export function dayOf(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  instantOf(option, text);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : seoulDayOf(instantOf(option, text));
}

/** States of listings and of their sites, for people. */
const stateWords: Record<string, string> = {
  planned: '등록 전',
  queued: '파일 대기',
  exported: '접수 확인 대기',
  changed: '변경 대기',
  accepted: '확인 중',
  'on-sale': '판매 중',
  partial: '일부 사이트 판매',
  stopped: '판매 중지',
  rejected: '거절됨',
  'in-doubt': '결과 확인 중',
  removed: '삭제됨',
  pending: '반영 중',
  blocked: '채널이 중지',
  'sold-out': '품절',
  missing: '상품 없음',
};

function stateInBoth(state: string): string {
  return [stateWords[state], state].filter(Boolean).join(' ');
}

/** `naru listings [--account ID] [--state S]` */
export const listingsCommand = defineCommand({
  name: 'listings',
  input: z.object({ accountId: z.string().optional(), state: z.string().optional() }),
  run: async (app, input) => {
    await requireAccount(app.deps, input.accountId);
    return { listings: (await listListings(app.store, input)).map(listingJson) };
  },
  text: (answer) => {
    const rows = answer.listings.map((one) => {
      const sites = one.sites as { site: string; external_id: string | null; state: string; note: string | null }[];
      const shown = sites.map(({ site, external_id, state, note }) =>
        [site, external_id ?? '-', stateInBoth(state), note].filter(Boolean).join(' '),
      );
      return [String(one.account), String(one.sku), String(one.name), stateInBoth(String(one.state)), shown.join('\n')];
    });
    const remarks = answer.listings.flatMap((one) => {
      const told = one.remarks as { code: string; message_ko: string; message_en: string }[];
      const missing = one.missing as { rule: string; message_ko: string; message_en: string }[];
      const head = [String(one.sku), String(one.account)];
      return [
        ...told.map((message) => ({ ...message, head: [...head, message.code] })),
        ...missing.map((message) => ({ ...message, head: [...head, message.rule] })),
      ];
    });
    const made = table(['계정 account', 'SKU', '상품 product', '상태 state', '사이트 sites'], rows);
    return remarks.length > 0 ? `${made}\n${notes(remarks)}` : made;
  },
});

/** `naru dead-letters list` */
export const deadLettersCommand = defineCommand({
  name: 'dead-letters list',
  input: z.object({ accountId: z.string().optional() }),
  run: async (app, input) => {
    await requireAccount(app.deps, input.accountId);
    const dead_letters = (await listDeadLetters(app.store, input.accountId)).map((letter) => ({
      id: letter.id,
      job: letter.jobName,
      account: letter.accountId,
      sku: letter.sku,
      kind: letter.kind,
      code: letter.code,
      message_ko: letter.messageKo,
      message_en: letter.messageEn,
      attempts: letter.attempts,
      first_at: letter.firstAt.toISOString(),
      last_at: letter.lastAt.toISOString(),
    }));
    return { dead_letters };
  },
  text: (answer) =>
    answer.dead_letters.length === 0
      ? '실패 기록이 없습니다. / There are no dead letters.'
      : notes(
          answer.dead_letters.map((one) => ({
            ...one,
            head: [`번호 ${one.id}`, one.job, one.account, one.sku, one.code, one.last_at],
          })),
        ),
});

/** `naru dead-letters replay ID` */
export const replayCommand = defineCommand({
  name: 'dead-letters replay',
  input: z.object({ id: z.int() }),
  run: (app, input) => replayDeadLetter(app.deps, app.queues, input.id),
  text: (answer) => `실패 기록 ${answer.replayed}을(를) 다시 실행합니다 / queued again`,
});

/** `naru doctor` */
export const doctorCommand = defineCommand({
  name: 'doctor',
  input: z.object({}),
  run: async (app) => ({
    mode: app.mode,
    findings: (await examine(app.deps, app.queues)).map(({ messageKo, messageEn, ...rest }) => ({
      ...rest,
      message_ko: messageKo,
      message_en: messageEn,
    })),
  }),
  text: (answer) =>
    answer.findings.length === 0
      ? '살펴본 결과 문제가 없습니다. / Nothing needs attention.'
      : notes(
          answer.findings.map((one) => ({
            ...one,
            head: [one.severity === 'problem' ? '[문제 problem]' : '[알림 notice]', one.account, one.code],
          })),
        ),
  failed: (answer) => answer.findings.some((finding) => finding.severity === 'problem'),
});
