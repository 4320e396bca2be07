import type { PulledRecord, PullPage, PullRequest } from '../../src/channel/contract.ts';
import { ChannelError } from '../../src/channel/errors.ts';
import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import type { Settlement } from '../../src/domain/settlement.ts';
import { callEsm } from './client.ts';
import { deliveryFeeOf, settlementOf } from './mapping-settlements.ts';
import { type EsmContext, type Site, siteLetters } from './settings.ts';
import { parseAnswer, toJson } from './wire.ts';
import { deliveryFeePage, settlementPage } from './wire-records.ts';

const pageRows = 500;

const ledgers = ['order', 'fee'] as const;
type Ledger = (typeof ledgers)[number];

/**
 * D6, by remittance: what was really paid. D7, by refund: a refund row may carry no day of remittance at all, so D6 alone
 * would never show it. A row that both give has one id and is stored once.
 */
const searchTypes = ['D6', 'D7'] as const;

const paths: Record<Ledger, string> = {
  order: '/account/v1/settle/getsettleorder',
  fee: '/account/v1/settle/getsettledeliveryfee',
};

interface Position {
  site: Site;
  ledger: Ledger;
  searchType: (typeof searchTypes)[number];
  page: number;
}

/**
 * One page of one ledger by Seoul days. The last day must be yesterday or earlier: today is refused like a back-end
 * time-out (notes §4.1).
 */
export async function pullSettlements(context: EsmContext, request: PullRequest): Promise<PullPage<Settlement>> {
  const walk = context.account.settings.sites.flatMap((site) =>
    ledgers.flatMap((ledger) => searchTypes.map((searchType): Position => ({ site, ledger, searchType, page: 1 }))),
  );
  const [index, page] = stepOf(request.cursor);
  const at = walk[index];
  if (!at) throw new ChannelError('unsupported', { code: 'BAD_CURSOR', sent: false });
  const body = await callEsm(context, {
    method: 'POST',
    path: paths[at.ledger],
    results: 'account',
    limit: 'settlements',
    site: at.site,
    safe: true,
    body: {
      SiteType: siteLetters[at.site], // a letter here, a number everywhere else
      SrchType: at.searchType,
      SrchStartDate: seoulDayOf(request.from),
      SrchEndDate: seoulDayOf(new Date(request.to.getTime() - 1)),
      PageNo: page,
      PageRowCnt: pageRows,
    },
  });
  const { records, total } = at.ledger === 'order' ? salesOf(body, at.site) : feesOf(body, at.site);
  const hasMore = records.length > 0 && page * pageRows < total;
  const next = hasMore ? `${index}:${page + 1}` : index + 1 < walk.length ? `${index + 1}:1` : null;
  return { records, next };
}

function salesOf(body: unknown, site: Site) {
  const { data, totalcount } = parseAnswer(settlementPage, body);
  const rows = data ?? [];
  return { records: rows.map((row) => recordOf(row, settlementOf(row, site))), total: totalcount ?? 0 };
}

function feesOf(body: unknown, site: Site) {
  const { data, totalcount } = parseAnswer(deliveryFeePage, body);
  const rows = data ?? [];
  return { records: rows.map((row) => recordOf(row, deliveryFeeOf(row, site))), total: totalcount ?? 0 };
}

function recordOf(row: object, value: Settlement): PulledRecord<Settlement> {
  return { externalId: value.settlementId, raw: toJson(row), value };
}

function stepOf(cursor: string | null): [index: number, page: number] {
  if (cursor === null) return [0, 1];
  const parts = /^(\d+):(\d+)$/.exec(cursor);
  if (!parts) throw new ChannelError('unsupported', { code: 'BAD_CURSOR', sent: false });
  return [Number(parts[1]), Number(parts[2])];
}
