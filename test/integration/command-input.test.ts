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
