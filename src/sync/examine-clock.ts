import { formatSeoul } from '../domain/seoul-time.ts';
import { clockToleranceMs, latestInstant } from '../store/ahead-of-clock.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { DoctorFinding } from './doctor.ts';

/** Tells of a store that was written to by a clock later than ours: one of the two is wrong. */
export async function examineClock(deps: SyncDependencies): Promise<DoctorFinding[]> {
  const now = deps.clock.now();
  const latest = await latestInstant(deps.store);
  if (!latest || latest.getTime() <= now.getTime() + clockToleranceMs) return [];
  return [
    {
      severity: 'problem',
      code: 'clock_behind',
      account: null,
      messageKo: `지금 시각은 ${formatSeoul(now)}인데 저장된 기록은 ${formatSeoul(latest)}까지 있습니다. 이 컴퓨터의 시각(또는 NARU_NOW)을 확인해 주십시오. 지금 시각이 맞다면 그 기록은 시계가 앞서 있을 때 쓴 것입니다. 작업은 계속되지만 승인 이력과 매출의 그때 값에는 그 시각이 남고, 재고는 다음 주문 가져오기 때부터 다시 셉니다. 재고가 맞는지 확인하고 다르면 고친 카탈로그를 다시 가져와 주십시오.`,
      messageEn: `It is ${formatSeoul(now)} by this clock, but the store holds records up to ${formatSeoul(latest)}. Check the time of this machine (or NARU_NOW). If it is right, they were written while a clock ran ahead. Work goes on; the history of approvals and sales "as of" keep those times, and orders are taken off the stock from the next pull on. Check the stock, and import a corrected catalogue where it is wrong.`,
    },
  ];
}
