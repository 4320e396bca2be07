import type { ChannelHarness, HarnessStage } from '../../src/channel/harness.ts';
import { sampleProduct } from '../../src/channel/sample-product.ts';
import { inquiryFormats, startPortalSandbox } from './sandbox/index.ts';

/** Speaks to the sandbox as the operator of the portal would be spoken to. */
async function operator(
  { sandbox }: Pick<HarnessStage, 'sandbox'>,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const headers = { connection: 'close', 'content-type': 'application/octet-stream' };
  const method = body === undefined ? 'GET' : 'POST';
  const answer = await fetch(`${sandbox.url}${path}`, { method, headers, ...(body !== undefined && { body }) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** What the conformance suite needs to judge this adapter against its sandbox. */
export const exportPortalHarness: ChannelHarness = {
  startSandbox: startPortalSandbox,
  startAt: new Date('2026-12-07T09:00:00+09:00'),
  badCredentials: (good) => good,
  // Files travel without a wire: there is no call that could fail, be counted or be spoiled.
  checkEndpoint: null,
  rateAnswers: [],
  settings: { terms: { paymentTerms: ['T/T'], portOfLoading: 'Busan, Korea' } },
  personalData: async (sandbox) => {
    const { values } = (await (await operator({ sandbox }, '/_personal')).json()) as { values: string[] };
    return values;
  },
  batches: {
    product: sampleProduct,
    imageUrls: ['https://images.example/main.png'],
    completeMappings: (defaults) => ({ ...defaults, categories: { 사무용지: { ec21: 'Office Supplies > Paper' } } }),
    carry: async (stage, zip, refuse) => {
      for (const [sku, reason] of Object.entries(refuse)) {
        await operator(stage, '/_refuse', JSON.stringify({ sku, reason }));
      }
      const answer = await operator(stage, '/_batch', zip.slice());
      return { name: 'receipt.xlsx', bytes: new Uint8Array(await answer.arrayBuffer()) };
    },
  },
  inquiries: {
    files: (stage) =>
      Promise.all(
        inquiryFormats.map(async (format) => {
          const answer = await operator(stage, `/_inquiries/${format}`);
          return { name: `inquiries.${format}`, bytes: new Uint8Array(await answer.arrayBuffer()) };
        }),
      ),
  },
  deviations: [
    {
      case: 'render: the document carries our SKU untouched',
      reason: 'the SKU travels beside the document, as the key of the batch item',
    },
  ],
};
