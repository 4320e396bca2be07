/** Everything the sandbox holds for its one seller, made once per start. */

import type { SandboxFaults, SandboxLedger } from '../../../src/channel/sandbox.ts';
import { personalValues } from './buyers.ts';
import { ClaimBook } from './claims.ts';
import { FaultPlan } from './faults.ts';
import { GoodsBook } from './goods.ts';
import { ledgerOf, Traffic } from './ledger.ts';
import { OrderBook } from './orders.ts';
import { QueryGuard } from './query-guard.ts';
import type { SellerIdentity } from './seller-seed.ts';
import { SettlementBook } from './settlements.ts';

export class SellerAccount {
  readonly identity: SellerIdentity;
  readonly now: () => number;
  readonly goods = new GoodsBook();
  readonly orders = new OrderBook(this.goods);
  readonly claims = new ClaimBook();
  readonly settlements = new SettlementBook();
  readonly guard = new QueryGuard();
  readonly traffic = new Traffic();
  readonly faults = new FaultPlan();
  readonly #seed: number;

  constructor(identity: SellerIdentity, now: () => number, seed: number) {
    this.identity = identity;
    this.now = now;
    this.#seed = seed;
  }

  /** New rules replace the former ones; a delay that is not given stays as it was. */
  setFaults(faults: SandboxFaults): void {
    this.faults.replace(faults, this.#seed);
    if (faults.feedDelayMs !== undefined) this.goods.feedDelay = faults.feedDelayMs;
    if (faults.phoneDelayMs !== undefined) this.orders.phoneDelay = faults.phoneDelayMs;
  }

  ledger(): SandboxLedger {
    const now = this.now();
    this.claims.grantOverdue(now);
    return ledgerOf(this.goods, this.orders, this.traffic, this.guard, now);
  }

  /** Every value that identifies a buyer of any order so far. */
  personal(): string[] {
    return this.orders.orders.flatMap((order) => personalValues(order.serial));
  }
}
