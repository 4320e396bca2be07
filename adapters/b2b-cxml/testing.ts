import type { ChannelHarness, HarnessStage } from '../../src/channel/harness.ts';
import { sampleProduct } from '../../src/channel/sample-product.ts';
import { money } from '../../src/domain/money.ts';
import { startCxmlSandbox } from './sandbox/index.ts';

/** Speaks to the sandbox as the buyer's own staff would act. Throws when it refuses. */
async function buyer({ sandbox }: Pick<HarnessStage, 'sandbox'>, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${sandbox.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const lastPayload = new WeakMap<HarnessStage['sandbox'], { payloadId: string; orderId: string }>();

/** What the conformance suite needs to judge this adapter against its sandbox. */
export const b2bCxmlHarness: ChannelHarness = {
  startSandbox: startCxmlSandbox,
  startAt: new Date('2026-12-07T09:00:00+09:00'),
  badCredentials: (good) => ({ ...good, sharedSecret: `${String(good.sharedSecret)}-of-another-supplier` }),
  checkEndpoint: 'POST /cxml',
  rateAnswers: ['POST /cxml'],
  settings: { currency: 'KRW', unspsc: '14111507' },
  personalData: async (sandbox) => ((await buyer({ sandbox }, '/_personal')) as { values: string[] }).values,
  listings: {
    product: sampleProduct,
    imageUrls: ['https://images.example/main.png'],
    prices: [money(23_900, 'KRW'), money(21_900, 'KRW')],
    completeMappings: (defaults) => defaults,
    endpoints: { create: 'POST /cxml', price: 'POST /cxml', find: null },
  },
  shipments: { courierCode: 'CJ' },
  inbound: {
    order: async (stage, url, sku, { again }) => {
      const known = lastPayload.get(stage.sandbox);
      if (again && known) {
        await buyer(stage, '/_again', { payloadId: known.payloadId, url });
        return known.orderId;
      }
      const lines = [{ sku, quantity: 2, unitPrice: 23_900, currency: 'KRW' }];
      const sent = (await buyer(stage, '/_order', { url, lines })) as { payloadId: string; orderId: string };
      lastPayload.set(stage.sandbox, sent);
      return sent.orderId;
    },
  },
  deviations: [
    {
      case: 'render: the document carries our SKU untouched',
      reason: 'the SKU travels beside the document, as the key of the change',
    },
    {
      case: 'render: a product without an image gives no document',
      reason: 'a picture is an optional Extrinsic; corporate buyers order by number',
    },
    {
      case: 'render: hostile text never becomes markup',
      reason: 'the document holds plain values; the XML writer and the pages escape them when they are written',
    },
    {
      case: 'push: one rejected item leaves the others accepted',
      reason: 'an upload has one Status for all its items and names none of them',
    },
    {
      case: 'push: a partial success names the site that refused',
      reason: 'there is one place a catalogue is loaded into, and no second one that could differ',
    },
  ],
};
