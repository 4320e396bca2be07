/** What done claims take from the lines of one order, where some of them are about the order as a whole. */
import type { Claim } from './claim.ts';

/** A line as claims can take from it; amounts in minor units of the order's currency. */
export interface ClaimedLine {
  lineId: string;
  units: number;
  unitPrice: number;
  gross: number;
}

export interface DoneClaim {
  claimId: string;
  kind: Claim['kind'];
  lineId: string | null;
  units: number | null;
  amount: number | null;
}

export interface LineLoss {
  lineId: string;
  cancelledUnits: number;
  cancelled: number;
  returnedUnits: number;
  returned: number;
}

interface Rest {
  line: ClaimedLine;
  units: number;
  amount: number;
}

/**
 * Takes claims from an order's lines: cancels before returns, claims that name a line before those of the whole order, and
 * of these one line after the other. No line loses more than it has, and the same claims in another order take the same.
 */
export function shareClaims(lines: readonly ClaimedLine[], claims: readonly DoneClaim[]): LineLoss[] {
  const rests = [...lines]
    .sort((a, b) => (a.lineId < b.lineId ? -1 : 1))
    .map((line): Rest => ({ line, units: line.units, amount: line.gross }));
  const sorted = [...claims].sort((a, b) => (a.claimId < b.claimId ? -1 : 1));
  const takeAll = (kind: Claim['kind']) => {
    const own = sorted.filter((claim) => claim.kind === kind);
    for (const claim of own.filter(({ lineId }) => lineId !== null)) {
      take(
        rests.filter(({ line }) => line.lineId === claim.lineId),
        claim,
      );
    }
    for (const claim of own.filter(({ lineId }) => lineId === null)) take(rests, claim);
  };
  takeAll('cancel');
  const afterCancels = rests.map(({ units, amount }) => ({ units, amount }));
  takeAll('return');
  return rests.map(({ line, units, amount }, index) => {
    const kept = afterCancels[index] ?? { units, amount };
    return {
      lineId: line.lineId,
      cancelledUnits: line.units - kept.units,
      cancelled: line.gross - kept.amount,
      returnedUnits: kept.units - units,
      returned: kept.amount - amount,
    };
  });
}

/** A claim that names no units means all there are; one that names no amount means the price of its units. */
function take(rests: readonly Rest[], claim: DoneClaim): void {
  let units = claim.units ?? Number.POSITIVE_INFINITY;
  let amount = claim.amount ?? 0;
  for (const rest of rests) {
    const taken = Math.min(units, rest.units);
    const price = claim.units === null ? rest.amount : Math.min(taken * rest.line.unitPrice, rest.amount);
    const money = claim.amount === null ? price : Math.min(amount, rest.amount);
    rest.units -= taken;
    rest.amount -= money;
    units -= taken;
    amount -= money;
  }
}
