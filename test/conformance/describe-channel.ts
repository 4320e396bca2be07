import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { AnyChannel } from '../../src/channel/contract.ts';
import type { ChannelHarness } from '../../src/channel/harness.ts';
import { batchesCases } from './groups/batches.ts';
import { checkCases } from './groups/check.ts';
import { claimsCases } from './groups/claims.ts';
import { doubtCases } from './groups/doubt.ts';
import { errorsCases, pushErrorsCases } from './groups/errors.ts';
import { findCases } from './groups/find.ts';
import { inboundCases } from './groups/inbound.ts';
import { inquiriesCases } from './groups/inquiries.ts';
import { limitsCases } from './groups/limits.ts';
import { mannersCases } from './groups/manners.ts';
import { mappingsCases } from './groups/mappings.ts';
import { ordersCases } from './groups/orders.ts';
import { ordersMoneyCases } from './groups/orders-money.ts';
import { pushCases } from './groups/push.ts';
import { pushBatchesCases } from './groups/push-batches.ts';
import { pushUnseenCases } from './groups/push-unseen.ts';
import { renderCases } from './groups/render.ts';
import { settlementsCases } from './groups/settlements.ts';
import { shapeCases } from './groups/shape.ts';
import { shipmentsCases } from './groups/shipments.ts';
import type { ConformanceCase } from './stage.ts';

/** The cases for what this adapter offers; an absent group has none. */
export function casesFor(adapter: AnyChannel, harness: Pick<ChannelHarness, 'checkEndpoint'>): ConformanceCase[] {
  const { mappings, listings, orders, claims, settlements, shipments, batches, inquiries, inbound } = adapter;
  const isCalled = harness.checkEndpoint !== null;
  return [
    ...shapeCases,
    ...(isCalled ? checkCases : []),
    ...(mappings ? mappingsCases : []),
    ...(listings || batches ? renderCases : []),
    ...(listings ? [...pushBatchesCases, ...pushErrorsCases] : []),
    ...(listings ? (listings.find ? pushCases : pushUnseenCases) : []),
    ...(batches ? batchesCases : []),
    ...(inquiries ? inquiriesCases : []),
    ...(inbound ? inboundCases : []),
    // Where nobody can be asked, a person decides about doubt, and there is nothing to prove.
    ...(listings?.find ? [...findCases, ...doubtCases] : []),
    ...(orders ? [...ordersCases, ...ordersMoneyCases] : []),
    ...(claims ? claimsCases : []),
    ...(settlements ? settlementsCases : []),
    // Where orders come to our door, what is told about them is proven there.
    ...(shipments && orders ? shipmentsCases : []),
    ...(isCalled ? [...errorsCases, ...limitsCases, ...mannersCases] : []),
  ];
}

/** Real time: cases that meet a dead channel wait for the transport's own time-outs and tries. */
const timeout = 30_000;

/** Registers the suite for one adapter. A named deviation is run too and has to fail, so that the list stays true. */
export function describeChannel(adapter: AnyChannel, harness: ChannelHarness): void {
  const subject = { adapter, harness };
  const cases = casesFor(adapter, harness);
  const deviations = new Map<string, string>(harness.deviations.map((deviation) => [deviation.case, deviation.reason]));
  describe(`conformance of ${adapter.id}`, () => {
    for (const { name, run } of cases) {
      const reason = deviations.get(name);
      if (reason === undefined) it(name, { timeout }, () => run(subject));
      else it(`${name} — deviates: ${reason}`, { timeout }, () => assert.rejects(run(subject)));
    }
    it('names no deviation from a case that does not exist', () => {
      const names = new Set(cases.map((each) => each.name));
      assert.deepEqual(
        [...deviations.keys()].filter((name) => !names.has(name)),
        [],
      );
    });
  });
}
