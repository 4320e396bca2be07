import { describe, expect, it } from 'vitest';
import { sellerClaim, signToken } from '../../adapters/gmarket-esm/auth.ts';
import { settingsSchema } from '../../adapters/gmarket-esm/settings.ts';

const account = { masterId: 'greenmaster01', issuer: 'www.example-green.kr' };
const secret = 'ZDE2YjlmZjUtYTc0Mi00ZWU3';
const both = { gmkt: 'gmktseller1', iac: 'auctionseller1' };

describe('gmarket-esm tokens', () => {
  it('signs for both sites, byte for byte', async () => {
    const token = await signToken(account, secret, sellerClaim(both));
    expect(token).toBe(
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImdyZWVubWFzdGVyMDEifQ.eyJpc3MiOiJ3d3cuZXhhbXBsZS1ncmVlbi5rciIsInN1YiI6InNlbGwiLCJhdWQiOiJzYS5lc21wbHVzLmNvbSIsInNzaSI6IkE6YXVjdGlvbnNlbGxlcjEsRzpnbWt0c2VsbGVyMSJ9.WWn0_bdmm8ayjSV-Fteo0W0BU_9GsF8YEUOdF0Z2dxI',
    );
  });

  it('signs for one site with the time of issue, byte for byte', async () => {
    const token = await signToken(account, secret, sellerClaim(both, 'gmkt'), 1503294000);
    expect(token).toBe(
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImdyZWVubWFzdGVyMDEifQ.eyJpc3MiOiJ3d3cuZXhhbXBsZS1ncmVlbi5rciIsInN1YiI6InNlbGwiLCJhdWQiOiJzYS5lc21wbHVzLmNvbSIsImlhdCI6MTUwMzI5NDAwMCwic3NpIjoiRzpnbWt0c2VsbGVyMSJ9.3cre1xOFk6p_PuCDp3odzLsyiSauzqGiUNVHgcKjxdQ',
    );
  });

  it('names one seller where there is only one', () => {
    expect(sellerClaim({ iac: 'a1' })).toBe('A:a1');
    expect(sellerClaim({ gmkt: 'g1' })).toBe('G:g1');
  });

  it('does not keep a signature of another secret', async () => {
    const one = await signToken(account, secret, sellerClaim(both));
    expect(await signToken(account, `${secret}x`, sellerClaim(both))).not.toBe(one);
    expect(await signToken(account, secret, sellerClaim(both))).toBe(one);
  });
});

describe('gmarket-esm settings', () => {
  const good = { ...account, sellerIds: both };

  it('walks the sites that have a seller id, Gmarket first', () => {
    expect(settingsSchema.parse(good)).toMatchObject({ baseUrl: 'https://sa2.esmplus.com', sites: ['gmkt', 'iac'] });
    expect(settingsSchema.parse({ ...good, sellerIds: { iac: 'a1' } }).sites).toEqual(['iac']);
    expect(settingsSchema.parse({ ...good, sites: ['iac', 'gmkt'] }).sites).toEqual(['gmkt', 'iac']);
  });

  it.each([
    ['no seller id', { ...good, sellerIds: {} }],
    ['a site without a seller id', { ...good, sellerIds: { iac: 'a1' }, sites: ['gmkt'] }],
    ['no site', { ...good, sites: [] }],
    ['a seller id that would name a second one', { ...good, sellerIds: { gmkt: 'g1,A:other' } }],
    ['an open line to another machine', { ...good, baseUrl: 'http://sa2.esmplus.com' }],
    ['a period the channel does not have', { ...good, sellingPeriodDays: 45 }],
    ['a word nobody knows', { ...good, sellerid: 'x' }],
  ])('refuses %s', (_, settings) => {
    expect(settingsSchema.safeParse(settings).success).toBe(false);
  });

  it('speaks plain HTTP to this machine only', () => {
    expect(settingsSchema.parse({ ...good, baseUrl: 'http://127.0.0.1:9' }).baseUrl).toBe('http://127.0.0.1:9');
  });
});
