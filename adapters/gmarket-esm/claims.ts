import type { PullPage, PullRequest } from '../../src/channel/contract.ts';
import { ChannelError } from '../../src/channel/errors.ts';
import type { Claim } from '../../src/domain/claim.ts';
import { addDays, seoulDayOf } from '../../src/domain/seoul-time.ts';
import { askEsm } from './client.ts';
import { errorOfResult } from './errors.ts';
import { claimOf, statusOf } from './mapping-claims.ts';
import { type EsmContext, type Site, siteNumbers } from './settings.ts';
import { parseAnswer, toJsonWithAsked } from './wire.ts';
import { claimList } from './wire-records.ts';

/**
 * Seven days are allowed (notes §3.4), given as days. A window that begins inside a day touches one day more than it is
 * long, and the end is asked as the day after, because a bare end date may mean its first moment (notes §8): five days
 * become a span of six or seven days, however the channel counts.
 */
export const maxClaimWindowMs = 5 * 24 * 60 * 60_000;

interface Question {
  site: Site;
  kind: Claim['kind'];
  /** 0 is "all", which only cancels know; returns and exchanges are asked status by status (notes §3.4). */
  status: number;
  /** 2 by request date; 3 by the date it was done or withdrawn, so that a late end of an old claim is seen. */
  dateType: 2 | 3;
}

const lists = {
  cancel: { path: '/claim/v1/sa/Cancels', statusField: 'CancelStatus', statuses: [0], ended: [0] },
  return: { path: '/claim/v1/sa/Returns', statusField: 'ReturnStatus', statuses: [1, 2, 3, 4, 5, 6], ended: [4, 5, 6] },
  exchange: { path: '/claim/v1/sa/Exchanges', statusField: 'ExchangeStatus', statuses: [1, 2, 3, 4, 5], ended: [4, 5] },
} as const;

/** All questions of a window, in a fixed order; statuses ascend because a claim only moves on. */
function questionsOf(sites: readonly Site[]): Question[] {
  return sites.flatMap((site) =>
    (['cancel', 'return', 'exchange'] as const).flatMap((kind) => [
      ...lists[kind].statuses.map((status): Question => ({ site, kind, status, dateType: 2 })),
      ...lists[kind].ended.map((status): Question => ({ site, kind, status, dateType: 3 })),
    ]),
  );
}

/**
 * The answer to one question about the window; the cursor is the number of the next one. Rows have no price: the core
 * looks their orders up by number.
 */
export async function pullClaims(context: EsmContext, request: PullRequest): Promise<PullPage<Claim>> {
  const questions = questionsOf(context.account.settings.sites);
  const index = request.cursor === null ? 0 : Number(request.cursor);
  const question = questions[index];
  if (!question) throw new ChannelError('unsupported', { code: 'BAD_CURSOR', sent: false });
  const rows = await ask(context, question, request);
  const records = rows.map((row) => {
    const value = claimOf(row, question.site, question.kind, question.status);
    const raw = toJsonWithAsked(row, statusOf(row, question.kind), question.status);
    return { externalId: value.claimId, raw, value };
  });
  return { records, next: index + 1 < questions.length ? String(index + 1) : null };
}

async function ask(context: EsmContext, question: Question, { from, to }: PullRequest) {
  const { path, statusField } = lists[question.kind];
  const { body, refusal } = await askEsm(context, {
    method: 'POST',
    path,
    results: 'claim',
    limit: 'claims',
    site: question.site,
    safe: true,
    body: {
      // Gmarket is 3 in the list of cancels alone; a 2 there is answered with an empty list (notes §3.4).
      SiteType: question.kind === 'cancel' && question.site === 'gmkt' ? 3 : siteNumbers[question.site],
      [statusField]: question.status,
      Type: question.dateType,
      StartDate: seoulDayOf(from),
      EndDate: addDays(seoulDayOf(new Date(to.getTime() - 1)), 1),
    },
  });
  if (!refusal) return parseAnswer(claimList, body).data ?? [];
  if (refusal.code === '1000') return []; // no data (notes §5.3)
  throw errorOfResult('claim', refusal);
}
