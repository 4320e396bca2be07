import { expect, it } from 'vitest';
import { z } from 'zod';
import { exportPortal } from '../../adapters/export-portal/index.ts';
import { profileIds } from '../../adapters/export-portal/profiles/index.ts';
import { renderingOf } from '../../src/channel/contract.ts';

it('is a channel of batches and inquiries, and of nothing that would call a portal', () => {
  expect(Object.isFrozen(exportPortal) && Object.isFrozen(exportPortal.batches)).toBe(true);
  expect(exportPortal).toMatchObject({ id: 'export-portal', kind: 'export' });
  for (const group of ['listings', 'orders', 'claims', 'settlements', 'shipments', 'mappings', 'inbound'] as const) {
    expect(exportPortal[group], group).toBeUndefined();
  }
  expect(exportPortal.limits.map((limit) => limit.origin)).toEqual(['self']);
  expect(URL.canParse(exportPortal.documentation)).toBe(true);
});

it('lists a product at the one portal of the account, with nothing apart from its row', () => {
  for (const profile of profileIds) {
    const settings = exportPortal.settings.parse({ profile, staleDays: 3 });
    expect(renderingOf(exportPortal)?.sites(settings)).toEqual([profile]);
    expect(exportPortal.batches?.staleDays(settings)).toBe(3);
  }
  expect(renderingOf(exportPortal)?.parts).toEqual([]);
});

it('has settings that can be shown as a JSON schema, with words for people, and safe defaults', () => {
  const shown = JSON.stringify(z.toJSONSchema(exportPortal.settings, { io: 'input', unrepresentable: 'any' }));
  expect(shown).toContain('Fingerprint of the server');
  expect(shown).toContain('erased');
  expect(exportPortal.settings.parse({ profile: 'ec21' })).toMatchObject({
    delivery: { kind: 'none' },
    keepBuyerContacts: false,
    contactDays: 90,
    staleDays: 7,
  });
  expect(exportPortal.credentials.parse({})).toEqual({});
  expect(exportPortal.credentials.safeParse({ password: 'x' }).success).toBe(false);
});
