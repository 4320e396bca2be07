import { ChannelError } from '../../src/channel/errors.ts';
import type { Operation } from '../../src/domain/listing.ts';
import {
  type Breakage,
  changed,
  dropsLastPage,
  emptyEnd,
  findsOne,
  forgets,
  goesPastTheDoor,
  guesses,
  inBatches,
  keepsBuyers,
  leaksKey,
  leavesTimer,
  letsMarkupThrough,
  onError,
  remembersPages,
  retriesBlindly,
  seesOneSite,
  sleepsByItself,
  unsent,
  withOutcomes,
  withPages,
  withValues,
} from './breakages.ts';

/** A way to be wrong that a real adapter could be written in, and what it would cost the people who rely on it. */
export interface Variant {
  name: string;
  harm: string;
  breakIt: Breakage;
  /** Cases that have to reject it. */
  rejectedBy: string[];
}

const doubts = ['timeout-after-commit', 'reset-after-commit'].map(
  (fault) => `doubt: ${fault} on a create is failed and in doubt, sent once, and finding it tells the truth`,
);

const forgotten: [operation: Operation, harm: string, caseName: string][] = [
  [
    'stop',
    'a product whose certificate has ended stays on sale',
    'push: stop ends the sale on every site, and stopping again is no error',
  ],
  ['remove', 'what must not exist any more can still be bought', 'push: remove takes it away even while it is on sale'],
  ['price', 'buyers pay another price than the exhibition promised', 'push: price and stock reach every site'],
  ['stock', 'more is sold than there is', 'push: price and stock reach every site'],
  ['resume', 'a renewed product is never back on sale', 'push: resume brings it back with the price and stock of now'],
  [
    'update',
    'a corrected text is never shown',
    'push: update changes the content and leaves the listing on sale, undoubled',
  ],
  [
    'create',
    'the exhibition opens without the product',
    'push: a created listing is on sale on every site, as sent, once',
  ],
];
const carriesOnNothing: Variant = {
  name: 'lets-sales-end',
  harm: 'three months after the opening everything is off sale, and nobody has stopped it',
  breakIt: forgets('resume'),
  rejectedBy: ['find: a sale that the channel ends by itself is carried on by a resume in time, and not by one before'],
};

const forgetful = forgotten.map(
  ([operation, harm, caseName]): Variant => ({
    name: `forgets-${operation}`,
    harm,
    breakIt: forgets(operation),
    rejectedBy: [caseName],
  }),
);

/** Each is wrong in one thing only. */
export const brokenVariants: Variant[] = [
  {
    name: 'drops-the-last-page',
    harm: 'orders are missing from the books, and nobody is told',
    breakIt: dropsLastPage,
    rejectedBy: ['orders: every record on every page arrives, with its status'],
  },
  {
    name: 'swallows-rate-limit',
    harm: 'a busy hour looks like an hour without orders',
    breakIt: onError(['rate-limited'], () => emptyEnd),
    rejectedBy: ["errors: the channel's own word for too many calls is rate-limited, whatever was asked"],
  },
  {
    name: 'reads-half-an-answer-as-nothing',
    harm: 'a broken answer moves the bookmark past orders that were never read',
    breakIt: onError(['protocol'], () => emptyEnd),
    rejectedBy: [
      'errors: half an answer is protocol, whatever was asked',
      'orders: a record without a field it needs is a protocol error that tells nothing of the record',
    ],
  },
  {
    name: 'throws-plain-errors',
    harm: 'the core cannot tell a pause from a fault and retries what must not be retried',
    breakIt: onError(['unauthorized', 'forbidden'], (error) => {
      throw new Error(error.message);
    }),
    rejectedBy: ['errors: HTTP 401 is unauthorized, whatever was asked'],
  },
  {
    name: 'leaks-the-key-in-an-error',
    harm: 'whoever reads a log can sell as the seller',
    breakIt: leaksKey,
    rejectedBy: ['manners: no key and no token is in an error, with all that hangs on it'],
  },
  {
    name: 'float-money',
    harm: 'sums differ from the channel by some won, and the month is never closed',
    breakIt: withValues('orders', (order) => ({
      ...order,
      lines: order.lines.map((line) => ({ ...line, gross: { ...line.gross, minor: line.gross.minor / 1.1 } })),
    })),
    rejectedBy: ["orders: gross is price times quantity, and the sums are the channel's sums"],
  },
  {
    name: 'retries-create-blindly',
    harm: 'one lost answer puts a product on sale twice',
    breakIt: retriesBlindly,
    rejectedBy: doubts,
  },
  {
    name: 'calls-what-was-sent-unsent',
    harm: 'the core creates again what is already there',
    breakIt: withOutcomes((outcome) =>
      outcome.status === 'failed' ? { ...outcome, error: unsent(outcome.error) } : outcome,
    ),
    rejectedBy: doubts,
  },
  {
    name: 'says-accepted-on-refusal',
    harm: 'staff see "on its way" for a product the channel does not want',
    breakIt: withOutcomes((outcome) =>
      outcome.status === 'rejected' ? { sku: outcome.sku, status: 'accepted', externalIds: {}, refusals: [] } : outcome,
    ),
    rejectedBy: ['push: one rejected item leaves the others accepted'],
  },
  {
    name: 'hides-a-partial-success',
    harm: 'a product sells on one site only, and the report says both',
    breakIt: withOutcomes((outcome) => (outcome.status === 'accepted' ? { ...outcome, refusals: [] } : outcome)),
    rejectedBy: ['push: a partial success names the site that refused'],
  },
  {
    name: 'ignores-one-site',
    harm: 'a sale that went on somewhere else is not seen',
    breakIt: seesOneSite,
    rejectedBy: [
      'push: a created listing is on sale on every site, as sent, once',
      'find: what it returns is well formed before and after the channel is done with it',
    ],
  },
  ...forgetful,
  carriesOnNothing,
  {
    name: 'reorders-outcomes',
    harm: "one product's refusal is written down for another",
    breakIt: inBatches((outcomes) => [...outcomes].reverse()),
    rejectedBy: ['push: one outcome for every change, in the order of the changes'],
  },
  {
    name: 'throws-away-batch-on-one-rejection',
    harm: 'one bad product keeps all the others off the market',
    breakIt: inBatches((outcomes) => {
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      if (refused) throw new ChannelError('rejected', { code: refused.code, sent: true });
      return outcomes;
    }),
    rejectedBy: ['push: one rejected item leaves the others accepted'],
  },
  {
    name: 'finds-only-one-of-two',
    harm: 'a doubled listing stays on sale unseen',
    breakIt: findsOne,
    rejectedBy: ['find: a SKU that exists twice is shown twice, with different numbers'],
  },
  {
    name: 'guesses-a-missing-mapping',
    harm: "a product stands in the wrong category with another product's notice",
    breakIt: guesses,
    rejectedBy: ['render: a missing mapping gives no document, and says in both languages which product it is'],
  },
  {
    name: 'keeps-buyer-names',
    harm: 'names and addresses of buyers stay in our database for years',
    breakIt: keepsBuyers,
    rejectedBy: ['orders: no record holds anything about a buyer'],
  },
  {
    name: 'loses-records-at-the-window-edge',
    harm: 'an order at the very start of a window belongs to no run',
    breakIt: withPages('orders', (page, from) => ({
      ...page,
      records: page.records.filter(({ value }) => !('orderedAt' in value) || value.orderedAt > from),
    })),
    rejectedBy: [
      'orders: one placed at the very first or last instant of a window is in it, and what lies outside is overlap at most',
    ],
  },
  {
    name: 'remembers-pages-in-itself',
    harm: 'after a restart a run goes on at the wrong page',
    breakIt: remembersPages,
    rejectedBy: ['orders: a run can be taken up at any page by somebody who knows the cursor alone'],
  },
  {
    name: 'claims-requested-as-done',
    harm: 'sales are taken off that the buyer never cancelled',
    breakIt: withValues('claims', (claim) => ({ ...claim, state: 'done' })),
    rejectedBy: [
      'claims: every record on every page arrives, with its status',
      'claims: what is done, and nothing else, adds up to what the channel took off the sales',
    ],
  },
  {
    name: 'forgets-the-sign-of-a-refund',
    harm: 'refunded money is counted as earned',
    breakIt: withValues('settlements', (row) => ({
      ...row,
      gross: { ...row.gross, minor: Math.abs(row.gross.minor) },
    })),
    rejectedBy: [
      'settlements: money to the seller is positive, refunds are negative, and three amounts explain the payout',
    ],
  },
  {
    name: 'takes-discounts-for-commission',
    harm: 'companies are told that the channel keeps what they gave away themselves',
    breakIt: withValues('settlements', (row) => ({
      ...row,
      commission: { ...row.commission, minor: row.commission.minor + row.deduction.minor },
      deduction: { ...row.deduction, minor: 0 },
    })),
    rejectedBy: [
      "settlements: the seller's discounts are told apart from the commission, and given back with a refund",
    ],
  },
  {
    name: 'leaves-discounts-out',
    harm: 'the money that arrives is less than the statement says, and nobody can tell why',
    breakIt: withValues('settlements', (row) => ({ ...row, deduction: { ...row.deduction, minor: 0 } })),
    rejectedBy: [
      'settlements: money to the seller is positive, refunds are negative, and three amounts explain the payout',
    ],
  },
  {
    name: 'repeats-a-shared-fee',
    harm: 'a cart of five products shows five shipping fees in the sales figures',
    breakIt: withValues('orders', (order) => ({ ...order, shippingGroup: null })),
    rejectedBy: [
      'orders: shipping is never booked twice, however the channel repeats it',
      'orders: shipping adds up to what buyers paid for it',
    ],
  },
  {
    name: 'shares-a-fee-between-strangers',
    harm: 'the shipping of a whole day counts as that of one buyer',
    breakIt: withValues('orders', (order) => ({ ...order, shippingGroup: order.shippingGroup && 'one' })),
    rejectedBy: ['orders: shipping adds up to what buyers paid for it'],
  },
  {
    name: 'declares-no-real-limit',
    harm: 'the channel blocks the application for everybody who uses it',
    breakIt: (subject) =>
      changed(subject, {
        limits: Object.freeze(
          subject.adapter.limits.map(({ strict: _, ...limit }) => ({ ...limit, intervalMs: 1, burst: 1_000 })),
        ),
      }),
    rejectedBy: ['limits: a day at the channel keeps every published and measured limit, and meets no rate error'],
  },
  {
    name: 'drops-what-it-does-not-know',
    harm: 'the day the channel invents a status, orders vanish',
    breakIt: withPages('orders', (page) => ({
      ...page,
      records: page.records.filter(({ value }) => !('status' in value) || value.status !== 'other'),
    })),
    rejectedBy: ['orders: a word nobody knows is kept, and no record is lost over it'],
  },
  {
    name: 'misses-what-changed-late',
    harm: 'a cancel that was granted after a week is never taken off the sales',
    breakIt: withPages('claims', (page, from) => ({
      ...page,
      records: page.records.filter(({ value }) => !('requestedAt' in value) || value.requestedAt >= from),
    })),
    rejectedBy: ['claims: one that changed late is seen in the window of the change, not only in that of the request'],
  },
  {
    name: 'lets-markup-through',
    harm: "a seller's text runs as a script in buyers' browsers",
    breakIt: letsMarkupThrough,
    rejectedBy: ['render: hostile text never becomes markup'],
  },
  {
    name: 'sleeps-by-itself',
    harm: 'stopping the service takes minutes, and a worker is lost to waiting',
    breakIt: sleepsByItself,
    rejectedBy: ['manners: an aborted signal ends a call that waits for an answer'],
  },
  {
    name: 'leaves-a-timer',
    harm: 'a service that runs for years fills up with leftovers',
    breakIt: leavesTimer,
    rejectedBy: ['manners: nothing is left open'],
  },
  {
    name: 'goes-past-the-door',
    harm: 'calls that no limiter counts get the account blocked',
    breakIt: goesPastTheDoor,
    rejectedBy: ['limits: every call goes through the door that counts, in a family that is declared'],
  },
];
