import assert from 'node:assert/strict';
import type { RenderedListing } from '../../../src/channel/contract.ts';
import { mappingsSchema } from '../../../src/domain/mapping.ts';
import type { Product } from '../../../src/domain/product.ts';
import { mappingsOf, renderingOf } from '../listing-steps.ts';
import { type ConformanceCase, onStage, type Subject, textsIn } from '../stage.ts';

interface RenderChange {
  product?: Product;
  without?: 'categories' | 'notices' | 'shipping';
  imageUrls?: string[];
}

/** Renders the harness's product on an account of a fresh sandbox. */
async function render(subject: Subject, change: RenderChange = {}): Promise<RenderedListing> {
  const { group, brought } = renderingOf(subject);
  const mappings = structuredClone(await mappingsOf(subject));
  if (change.without) mappings[change.without] = {};
  let rendered: RenderedListing = { document: null, title: null, findings: [] };
  await onStage(subject, async (stage) => {
    const input = {
      product: change.product ?? brought.product('RENDER-1'),
      mappings,
      settings: stage.context().account.settings,
      imageUrls: change.imageUrls ?? brought.imageUrls,
    };
    const before = structuredClone(input);
    rendered = group.render(deepFreeze(input));
    assert.deepEqual(input, before, 'render changed its input');
    assert.deepEqual(group.render(input), rendered, 'the same input gave another document');
  });
  return rendered;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

/** Blocked, with a sentence in each language that names the product. */
function assertBlocked({ document, findings }: RenderedListing, sku: string): void {
  assert.equal(document, null);
  const blocking = findings.filter((finding) => finding.result === 'block');
  assert.ok(blocking.length > 0, 'nothing says why there is no document');
  for (const { messageKo, messageEn, rule } of blocking) {
    assert.ok(rule.length > 0);
    assert.match(messageKo, /[가-힣]/);
    assert.match(messageEn, /[a-z]{3}/i);
    assert.ok(messageKo.includes(sku) && messageEn.includes(sku), `which product? ${messageKo} / ${messageEn}`);
  }
}

export const renderCases: ConformanceCase[] = [
  {
    name: 'render: a good product gives the same document every time and nothing is changed on the way',
    run: async (subject) => {
      const { document, title, findings } = await render(subject);
      assert.ok(document !== null, JSON.stringify(findings));
      // Where the channel can be asked, the title is what its answer is compared with.
      if (subject.adapter.listings?.find) assert.ok(title, 'no title');
      assert.deepEqual(document, JSON.parse(JSON.stringify(document)), 'the document is not plain JSON');
    },
  },
  {
    name: 'render: the document carries our SKU untouched',
    run: async (subject) => {
      const sku = 'Ab 1/가-%+&';
      const { document } = await render(subject, { product: renderingOf(subject).brought.product(sku) });
      assert.ok(textsIn(document).includes(sku));
    },
  },
  {
    name: 'render: a missing mapping gives no document, and says in both languages which product it is',
    run: async (subject) => {
      const complete = await mappingsOf(subject);
      const needed = (['categories', 'notices', 'shipping'] as const).filter(
        (part) => Object.keys(complete[part]).length > 0,
      );
      assert.deepEqual(mappingsSchema.parse(complete), complete);
      for (const without of needed) assertBlocked(await render(subject, { without }), 'RENDER-1');
    },
  },
  {
    name: 'render: a product without an image gives no document',
    run: async (subject) => assertBlocked(await render(subject, { imageUrls: [] }), 'RENDER-1'),
  },
  {
    name: 'render: hostile text never becomes markup',
    run: async (subject) => {
      const hostile = '<script>alert(1)</script><iframe src="//x"></iframe><img src=x onerror=alert(1)> & "끝"';
      const good = renderingOf(subject).brought.product('RENDER-1');
      const product: Product = {
        ...good,
        description: { ko: hostile, en: hostile },
        claims: good.claims.map((claim) => ({ ...claim, textKo: `${claim.textKo} ${hostile}` })),
        company: { ...good.company, nameKo: `${good.company.nameKo} ${hostile}` },
      };
      const rendered = await render(subject, { product });
      if (rendered.document === null) return assertBlocked(rendered, 'RENDER-1');
      const markup = textsIn(rendered.document).filter((text) => /<(script|iframe|img src=x)/i.test(text));
      assert.deepEqual(markup, []);
      // Escaped, not dropped: the seller's words are the seller's.
      assert.ok(
        textsIn(rendered.document).some((text) => text.includes('&lt;script&gt;')),
        'the text is gone',
      );
    },
  },
];
