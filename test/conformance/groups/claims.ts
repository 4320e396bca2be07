import assert from 'node:assert/strict';
import type { Claim } from '../../../src/domain/claim.ts';
import { sumMoney } from '../../../src/domain/money.ts';
import type { ConformanceCase, Stage } from '../stage.ts';
import { latest, pullAll, withRecords } from '../stream-steps.ts';
import { streamCases } from './streams.ts';

/** What a done claim takes off the sales, in minor units; a claim without units or amount means the whole line. */
function moneyTakenOff(stage: Stage, claims: Claim[], kind: Claim['kind']): Record<string, number> {
  const orders = stage.sandbox.ledger().orders;
  const taken: Record<string, number> = {};
  for (const claim of claims) {
    if (claim.kind !== kind || claim.state !== 'done') continue;
    const lines = orders.filter((line) => line.orderId === claim.orderId && line.site === claim.site);
    assert.ok(lines.length > 0, `a claim on an order that does not exist: ${claim.orderId}`);
    for (const line of lines) {
      const minor = claim.amount?.minor ?? (claim.units ?? line.units) * line.unitPrice;
      taken[line.currency] = (taken[line.currency] ?? 0) + minor;
    }
  }
  return taken;
}

export const claimsCases: ConformanceCase[] = [
  ...streamCases('claims'),
  {
    name: 'claims: what is done, and nothing else, adds up to what the channel took off the sales',
    run: (subject) =>
      withRecords(subject, 'claims', async (stage, staged) => {
        const claims = latest(await pullAll(stage, 'claims', staged));
        const books = stage.sandbox.ledger().sales;
        assert.ok(
          books.some((sales) => sales.cancelled > 0 || sales.returned > 0),
          'the harness staged no done claim',
        );
        const cancelled = moneyTakenOff(stage, claims, 'cancel');
        const returned = moneyTakenOff(stage, claims, 'return');
        for (const sales of books) {
          assert.deepEqual(
            [cancelled[sales.currency] ?? 0, returned[sales.currency] ?? 0],
            [sales.cancelled, sales.returned],
          );
        }
      }),
  },
  {
    name: 'claims: times fit together, and a claim that is done says when',
    run: (subject) =>
      withRecords(subject, 'claims', async (stage, staged) => {
        const now = stage.clock.now();
        for (const claim of latest(await pullAll(stage, 'claims', staged))) {
          assert.ok(
            claim.requestedAt >= staged.from && claim.requestedAt <= now,
            `${claim.claimId} requested ${claim.requestedAt.toISOString()}`,
          );
          assert.ok(claim.rawState.length > 0);
          if (claim.completedAt) assert.ok(claim.completedAt >= claim.requestedAt && claim.completedAt <= now);
          if (claim.state === 'done') assert.ok(claim.completedAt, `${claim.claimId} is done, but when?`);
          if (claim.amount) sumMoney([claim.amount], claim.amount.currency);
        }
      }),
  },
  {
    name: 'claims: one that changed late is seen in the window of the change, not only in that of the request',
    run: (subject) =>
      withRecords(subject, 'claims', async (stage, staged) => {
        const all = latest(await pullAll(stage, 'claims', staged));
        const late = all.filter(
          (claim) => claim.completedAt && claim.completedAt.getTime() > claim.requestedAt.getTime(),
        );
        assert.ok(late.length > 0, 'the harness staged no claim that was done later than requested');
        for (const claim of late) {
          const at = claim.completedAt?.getTime() ?? 0;
          const window = { from: new Date(Math.max(at - 1, claim.requestedAt.getTime() + 1)), to: new Date(at + 1) };
          const seen = latest(await pullAll(stage, 'claims', window)).find((one) => one.claimId === claim.claimId);
          assert.equal(seen?.state, claim.state, `${claim.claimId} is missing from ${window.from.toISOString()}`);
        }
      }),
  },
  {
    name: 'claims: the order behind a claim can be looked up by its number',
    run: (subject) =>
      withRecords(subject, 'claims', async (stage, staged) => {
        const { lookUp } = stage.adapter.orders ?? {};
        const claims = latest(await pullAll(stage, 'claims', staged));
        // A claim that states its own amount needs no order.
        if (claims.every((claim) => claim.amount !== null)) return;
        assert.ok(lookUp, 'claims without an amount need orders.lookUp');
        const [{ site } = { site: '' }] = claims;
        const orderIds = claims.filter((claim) => claim.site === site).map((claim) => claim.orderId);
        const found = await lookUp(stage.context(), { site, orderIds });
        assert.deepEqual(
          [...new Set(found.map((record) => record.value.orderId))].sort(),
          [...new Set(orderIds)].sort(),
        );
      }),
  },
];
