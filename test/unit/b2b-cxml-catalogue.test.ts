import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { catalogueFiles } from '../../adapters/b2b-cxml/catalogue-documents.ts';
import { unitCodeOf } from '../../adapters/b2b-cxml/commodity-codes.ts';
import { maxDescription, renderItem } from '../../adapters/b2b-cxml/mapping-listing.ts';
import { type CxmlSettings, credentialsSchema, settingsSchema } from '../../adapters/b2b-cxml/settings.ts';
import type { Json } from '../../src/domain/listing.ts';
import { mappingsSchema } from '../../src/domain/mapping.ts';
import type { Product } from '../../src/domain/product.ts';
import { itemOf, now, settingsOf } from '../support/b2b-cxml.ts';
import { demoProduct } from '../support/export-portal.ts';

async function rendered(change: Partial<Product> = {}, own: Record<string, unknown> = {}, categories = {}) {
  return renderItem({
    product: await demoProduct(change),
    mappings: mappingsSchema.parse({ categories }),
    settings: settingsOf(own),
    imageUrls: ['https://images.example/a.png', 'javascript:alert(1)', 'https://images.example/a.png'],
  });
}
async function textOf(settings: CxmlSettings, format: string, items: [string, Json][], count = items.length) {
  async function* source() {
    for (const [sku, document] of items) yield { sku, document, price: { minor: 23_900, currency: 'KRW' as const } };
  }
  let text = '';
  for await (const piece of catalogueFiles.write({ settings, format, count, items: source(), at: now })) text += piece;
  return text;
}

describe('b2b-cxml settings', () => {
  it('are complete from a small file', () => {
    expect(settingsOf()).toMatchObject({ currency: 'KRW', language: 'ko', identity: { domain: 'NetworkId' } });
    expect(credentialsSchema.parse({ identity: 'a', sharedSecret: 'b c' })).toEqual({
      identity: 'a',
      sharedSecret: 'b c',
    });
  });
  it.each([
    [{ baseUrl: 'http://buyer.example/' }],
    [{ baseUrl: 'ftp://127.0.0.1/' }],
    [{ unspsc: '1234567' }],
    [{ allowedReturnHosts: ['https://buyer.example'] }],
    [{ catalogueName: 'two\nlines' }],
    [{ unknown: 1 }],
  ])('refuse %j', (change) => {
    const file = { identity: { identity: 'a' }, buyer: { identity: 'b' }, ...change };
    expect(settingsSchema.safeParse(file).success).toBe(false);
  });
  it('refuse a secret with a blank at its end', () => {
    expect(credentialsSchema.safeParse({ identity: 'a', sharedSecret: 'b ' }).success).toBe(false);
  });
});

describe('b2b-cxml render', () => {
  it('says what a catalogue needs', async () => {
    const { document, title, findings } = await rendered(
      {},
      { unspscByGroup: { 사무용지: '14111507' }, language: 'en' },
    );
    expect(title).toBeNull();
    expect(findings).toEqual([]);
    expect(document).toMatchObject({
      name: { ko: '재생 복사용지 A4 75g 2,500매' },
      unit: 'BX',
      unspsc: '14111507',
      hs: '480256',
      manufacturerPartId: 'PP01-01',
      manufacturerName: 'Gasang Pureun Paper Co., Ltd.',
      minimumQuantity: 1,
      vatIncluded: true,
      images: ['https://images.example/a.png'],
      priceUsd: null,
    });
    expect(document).toHaveProperty('green.0.en', 'Korea Eco-Label (KEITI) 99001, valid to 2026-12-31');
  });
  it('takes the code of the mappings before those of the settings', async () => {
    const own = { unspsc: '10000000', unspscByGroup: { 사무용지: '14111507' } };
    expect((await rendered({}, own, { 사무용지: { catalogue: '14111530' } })).document).toHaveProperty(
      'unspsc',
      '14111530',
    );
    expect((await rendered({}, own)).document).toHaveProperty('unspsc', '14111507');
    expect((await rendered({}, { unspsc: '10000000' })).document).toHaveProperty('unspsc', '10000000');
  });
  it('falls back on a segment with a warning, and blocks where there is none', async () => {
    const guess = await rendered();
    expect(guess.document).toHaveProperty('unspsc', '44000000');
    expect(guess.findings.map((finding) => [finding.rule, finding.result])).toEqual([['unspsc_segment_only', 'warn']]);
    const none = await rendered({ category: { code: '99', ko: '새 분류', en: '' } });
    expect(none.document).toBeNull();
    expect(none.findings[0]).toMatchObject({ rule: 'mapping_category_missing', result: 'block' });
    expect(none.findings[0]?.messageKo).toContain("품목 '사무용지'");
    const wrong = await rendered({}, {}, { 사무용지: { catalogue: 'paper' } });
    expect(wrong.findings[0]).toMatchObject({ rule: 'mapping_category_invalid', result: 'block' });
  });
  it('wants a dollar price where dollars are sold for, with the minimum of export', async () => {
    expect((await rendered({}, { currency: 'USD' })).document).toMatchObject({ priceUsd: 1_580, minimumQuantity: 200 });
    const without = await rendered({ exportPriceUsd: '' }, { currency: 'USD' });
    expect(without.document).toBeNull();
    expect(without.findings.map((finding) => finding.rule)).toContain('price_usd_missing');
  });
  it('cuts a long description and says so', async () => {
    const { document, findings } = await rendered(
      { description: { ko: '가나다\n'.repeat(1_000), en: 'short' } },
      { unspsc: '14111507' },
    );
    expect(findings.map((finding) => [finding.rule, finding.field])).toEqual([
      ['description_too_long', 'description_ko'],
    ]);
    const { description } = document as { description: { ko: string } };
    expect(description.ko.length).toBeLessThan(maxDescription);
    expect(description.ko.endsWith('…')).toBe(true);
    expect(description.ko).not.toContain('\n');
  });
  it('shows only marks of statutory kinds', async () => {
    const product = await demoProduct();
    const [mark] = product.certificates;
    if (!mark) throw new Error('the product has no certificate');
    const { document } = await rendered({ certificates: [{ ...mark, kind: 'green_tech' }] });
    expect(document).toHaveProperty('green', []);
  });
  it('has a code for every unit word', () => {
    expect(['pc', 'pack', 'set', 'box', 'can', 'bag', 'roll', 'bundle', 'm2', 'tonne', '?'].map(unitCodeOf)).toEqual([
      'EA',
      'PK',
      'SET',
      'BX',
      'CA',
      'BG',
      'RO',
      'BE',
      'MTK',
      'TNE',
      'EA',
    ]);
  });
});

describe('b2b-cxml catalogue files', () => {
  it('writes CIF 3.0 that a CSV reader understands', async () => {
    const settings = settingsOf({ unspsc: '14111507' });
    const document = await itemOf(settings, { name: { ko: '용지, "최고"', en: 'x' } });
    const lines = (
      await textOf(settings, 'cif', [
        ['A,1', document],
        ['B-2', document],
      ])
    ).split('\n');
    expect(lines[0]).toBe('CIF_I_V3.0');
    expect(lines).toContain('ITEMCOUNT: 2');
    expect(lines).toContain('LOADMODE: F');
    expect(lines).toContain('TIMESTAMP: 2026-11-23 09:30:00');
    expect(lines.slice(-2)).toEqual(['ENDOFDATA', '']);
    const start = lines.indexOf('DATA');
    const heads = (lines[start - 1] ?? '').replace('FIELDNAMES: ', '').split(', ');
    const rows: Record<string, string>[] = parse(lines.slice(start + 1, -2).join('\n'), { columns: heads });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      'Supplier ID': 'AN0200',
      'Supplier Part ID': 'A,1',
      'SPSC Code': '14111507',
      'Unit Price': '23900',
      'Unit of Measure': 'BX',
      Currency: 'KRW',
      Delete: '',
    });
    expect(rows[0]?.['Item Description']).toMatch(/^용지, "최고"\. 환경표지 99001 /);
    expect(rows[0]?.['Item Description']?.length).toBeLessThanOrEqual(maxDescription);
  });
  it('leaves out a certificate that is over', async () => {
    const settings = settingsOf();
    const product = await demoProduct();
    const certificates = product.certificates.slice(0, 1).map((mark) => ({ ...mark, validTo: '2026-11-22' }));
    const text = await textOf(settings, 'index', [['A-1', await itemOf(settings, { certificates })]]);
    expect(text).toContain('<IndexItemAdd>');
    expect(text).not.toContain('GreenCertification');
  });
  it('refuses a count that is not that of the rows, an unknown format and an empty file', async () => {
    const settings = settingsOf();
    const document = await itemOf(settings);
    await expect(textOf(settings, 'cif', [['A-1', document]], 2)).rejects.toMatchObject({ code: 'catalogue_changed' });
    await expect(textOf(settings, 'xlsx', [['A-1', document]])).rejects.toMatchObject({
      code: 'catalogue_format_unknown',
    });
    await expect(textOf(settings, 'index', [])).rejects.toMatchObject({ code: 'catalogue_empty' });
    const dollars = settingsOf({ currency: 'USD' });
    await expect(textOf(dollars, 'index', [['A-1', document]])).rejects.toMatchObject({
      code: 'catalogue_item_unusable',
    });
  });
});
