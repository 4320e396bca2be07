import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandDoor, openCommandDoor } from '../support/command-door.ts';
import { MORNING } from '../support/house.ts';

let door: CommandDoor;

beforeAll(async () => {
  door = await openCommandDoor(MORNING);
});
afterAll(() => door.close());

const campaign = (members: unknown) => ({
  id: 'winter',
  name: '겨울 기획전',
  starts_at: '2026-12-07T00:00:00+09:00',
  ends_at: '2026-12-28T00:00:00+09:00',
  accounts: [],
  members,
});

describe('text that no store keeps', () => {
  const broken = [
    ['NUL', 'a\u0000b'],
    ['half of a pair', 'a\ud800b'],
  ] as const;
  const inputs: [string, (text: string) => unknown][] = [
    ['products show', (sku) => ({ sku })],
    ['products approve', (by) => ({ skus: ['SG-01-001'], by })],
    ['products decide', (reason) => ({ skus: ['SG-01-001'], to: 'suspended', by: '담당자', reason })],
    ['push', (campaignId) => ({ campaignId })],
    ['pull', (accountId) => ({ stream: 'all', accountId })],
    ['sales', (campaignId) => ({ campaignId })],
    ['listings', (accountId) => ({ accountId })],
    ['dead-letters list', (accountId) => ({ accountId })],
    ['mappings show', (accountId) => ({ accountId })],
    ['export list', (accountId) => ({ accountId })],
    ['orders list', (accountId) => ({ accountId })],
    ['inquiries answer', (inquiryId) => ({ inquiryId, accountId: 'esm', by: '담당자' })],
    ['products import', (path) => ({ path })],
    ['campaigns apply', (sku) => ({ file: campaign([sku]) })],
    ['mappings import', (word) => ({ accountId: 'esm', file: { categories: { [word]: 'x' } } })],
    [
      'accounts add',
      (key) => ({ accountId: 'esm', adapterId: 'gmarket-esm', file: { credentials: { secretKey: key } } }),
    ],
    ['rates import', (source) => ({ file: [{ currency: 'USD', day: '2026-11-20', krw_per_unit: '1391.5', source }] })],
  ];
  it.each(inputs.flatMap(([name, make]) => broken.map(([what, text]) => [name, what, make(text)] as const)))(
    '%s refuses %s with a sentence',
    async (name, _what, input) => {
      const { status, error } = await door.command(name, input);
      expect({ status, code: error.code }).toEqual({ status: 422, code: 'input_unstorable' });
      expect(error.message_ko).toMatch(/[가-힣]/);
      expect(error.message_en).toContain('U+');
    },
  );
});

describe('names and reasons', () => {
  it.each([
    ['products approve', { skus: ['SG-01-001'], by: '   ' }],
    ['products approve', { skus: ['SG-01-001'], by: '담당자', acceptWarnings: ' \u3000' }],
    ['products decide', { skus: ['SG-01-001'], to: 'suspended', by: ' ', reason: '품질' }],
    ['products decide', { skus: ['SG-01-001'], to: 'suspended', by: '담당자', reason: ' ' }],
    ['inquiries answer', { inquiryId: '1', accountId: 'esm', by: ' ' }],
    ['orders acknowledge', { orderId: '1', accountId: 'esm', by: ' ' }],
    ['orders ship', { orderId: '1', accountId: 'esm', by: '담당자', courierCode: ' ', invoiceNo: '1' }],
  ])('%s takes no blanks for one', async (name, input) => {
    const { status, error } = await door.command(name, input);
    expect({ status, code: error.code }).toEqual({ status: 422, code: 'input_invalid' });
  });
});

describe('names that nobody gave to anything', () => {
  it.each([
    ['sales', { campaignId: 'nope' }, 'campaign_unknown'],
    ['sales', { from: '2026-12-02', to: '2026-12-01' }, 'window_invalid'],
    ['listings', { accountId: 'nope' }, 'account_unknown'],
    ['dead-letters list', { accountId: 'nope' }, 'account_unknown'],
    ['mappings show', { accountId: 'nope' }, 'account_unknown'],
    ['export list', { accountId: 'nope' }, 'account_unknown'],
    ['orders list', { accountId: 'nope' }, 'account_unknown'],
    ['orders list', { from: '2026-12-02', to: '2026-12-01' }, 'window_invalid'],
    ['inquiries list', { accountId: 'nope' }, 'account_unknown'],
  ])('%s %o is no empty answer', async (name, input, code) => {
    const { status, error } = await door.command(name, input);
    expect({ status, code: error.code }).toEqual({ status: 422, code });
  });

  it.each([
    ['/sales?campaign=nope', 'campaign_unknown'],
    ['/sales?from=2026-12-02&to=2026-12-01', 'window_invalid'],
    ['/listings?account=nope', 'account_unknown'],
  ])('GET %s is refused', async (url, code) => {
    const { status, error } = await door.get(url);
    expect({ status, code: error.code }).toEqual({ status: 422, code });
  });

  it('a product that is not there cannot be suspended', async () => {
    const { answer } = await door.command('products decide', {
      skus: ['NOPE'],
      to: 'suspended',
      by: '담당자',
      reason: '품질',
    });
    expect(answer.refused).toMatchObject([{ sku: 'NOPE', rule: 'product_unknown' }]);
  });
});

it('a campaign that names a product twice is refused with its SKU', async () => {
  const member = (price: number) => ({ sku: 'SG-01-001', price_krw: price });
  const file = {
    id: 'winter',
    name: '겨울',
    start: '2026-12-07',
    end: '2026-12-27',
    accounts: ['esm'],
    members: [member(9_000), member(8_000)],
  };
  const { status, error } = await door.command('campaigns apply', { file });
  expect({ status, code: error.code }).toEqual({ status: 422, code: 'campaign_sku_repeated' });
  expect(error.message_ko).toContain('SG-01-001');
});

describe('rates', () => {
  const rate = (day: string, krw: string) => ({ currency: 'USD', day, krw_per_unit: krw, source: '고시' });

  it('of nothing and two for one day are kept out with a sentence; the good ones go in', async () => {
    const file = [
      rate('2026-11-18', '0'),
      rate('2026-11-19', '1390'),
      rate('2026-11-20', '1391'),
      rate('2026-11-20', '1392'),
    ];
    const { status, exitCode, answer } = await door.command('rates import', { file });
    expect({ status, exitCode, rates: answer.rates }).toEqual({ status: 200, exitCode: 1, rates: 1 });
    expect(answer.refused).toMatchObject([
      { row: 1, message_ko: expect.stringContaining('0보다'), message_en: expect.stringContaining('above 0') },
      { row: 3, message_ko: expect.stringContaining('USD 2026-11-20') },
      { row: 4, message_en: expect.stringContaining('USD 2026-11-20') },
    ]);
    const listed = (await door.command('rates list', {})).answer.rates as { day: string }[];
    expect(listed.map(({ day }) => day)).toEqual(['2026-11-19']);
  });
});

it.each([
  ['products approve', { skus: ['SG-01-001'], by: '' }],
  ['dead-letters replay', { id: 'abc' }],
  ['campaigns apply', { file: { id: 'ä', name: '', start: 'x', end: 'y', accounts: [], members: [] } }],
  ['accounts add', { accountId: 'esm', adapterId: 'gmarket-esm', file: { settings: 7 } }],
  ['rates import', { file: [] }],
])('%s tells what is wrong with a field in each language of its own', async (name, input) => {
  const { error } = await door.command(name, input);
  expect(error.message_ko).not.toMatch(/Invalid|expected|Too small|letters, digits|ISO time$/);
  expect(error.message_en).not.toMatch(/[가-힣]/);
});
