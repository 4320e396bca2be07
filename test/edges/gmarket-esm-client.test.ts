import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { callEsm } from '../../adapters/gmarket-esm/client.ts';
import type { ResultFamily } from '../../adapters/gmarket-esm/errors.ts';
import { contextAt, host, useNock } from '../support/gmarket-esm-nock.ts';

useNock();

describe('errors of the channel', () => {
  const call = (results: ResultFamily, method: 'GET' | 'POST' = 'POST') =>
    callEsm(contextAt(), { method, path: '/x', results, limit: 'items', safe: false });

  it.each<[ResultFamily, unknown, string, string]>([
    ['item', { resultCode: 1000, message: '[InvalidApiRequestEx][GMKT]x' }, 'rejected', '1000'],
    ['item', { ResultCode: '3000', Message: 'x' }, 'unavailable', '3000'],
    ['item', { resultCode: 2181, message: 'x' }, 'rejected', '2181'],
    ['search', { resultCode: 3000, message: 'x' }, 'rate-limited', '3000'],
    ['order-query', { ResultCode: 3000, Message: 'x' }, 'rate-limited', '3000'],
    ['order-query', { ResultCode: 1001, Message: 'x' }, 'rate-limited', '1001'],
    ['order-query', { ResultCode: 2000, Message: 'x' }, 'rejected', '2000'],
    ['order-look-up', { ResultCode: 3000, Message: 'x' }, 'rejected', '3000'],
    ['order-write', { ResultCode: 2141, Message: 'x' }, 'rejected', '2141'],
    ['claim', { ResultCode: 8000, Message: 'x' }, 'unavailable', '8000'],
    ['claim', { ResultCode: 8668, Message: 'x', BizRuleCode: 'W8-1' }, 'rejected', '8668/W8-1'],
    ['claim', { ResultCode: 99999, Message: 'x' }, 'not-found', '99999'],
    ['account', { ResultCode: 414, Message: 'x', Details: 'y' }, 'unavailable', '414'],
    ['account', { ResultCode: 77, Message: 'x' }, 'protocol', '77'],
    ['claim', { status: { message: 'no right', status_code: 401 } }, 'unauthorized', 'GATEWAY_401'],
    ['claim', { Data: [] }, 'protocol', 'NO_RESULT_CODE'],
    ['claim', 'a text', 'protocol', 'UNEXPECTED_ANSWER'],
  ])('%s answering %j is %s', async (family, answer, kind, code) => {
    nock(host).post('/x').reply(200, JSON.stringify(answer));
    await expect(call(family)).rejects.toMatchObject({ name: 'ChannelError', kind, code, sent: true });
  });

  it.each([
    [401, '{"status":{"message":"The user does not have right access to the api","status_code":401}}', 'unauthorized'],
    [403, '', 'forbidden'],
    [429, '', 'rate-limited'],
    [500, '<html>', 'unavailable'],
    [200, '<html>', 'protocol'],
    [200, '{"resultCode":0,"mess', 'protocol'],
    [200, '', 'protocol'],
    [400, '{"resultCode":1000,"message":"x"}', 'rejected'],
    [400, '{}', 'rejected'],
  ])('HTTP %i with %s is %s', async (status, body, kind) => {
    nock(host).post('/x').reply(status, body);
    await expect(call('item')).rejects.toMatchObject({ kind });
  });

  it('tells how long the order guard lasts', async () => {
    nock(host).post('/x').reply(200, { ResultCode: 3000, Message: '잠시 후' });
    await expect(call('order-query')).rejects.toMatchObject({ retryAfterMs: 5_200, channelMessage: '잠시 후' });
  });

  it('takes the word success for 0', async () => {
    nock(host).post('/x').reply(200, { ResultCode: 'Success', Data: [] });
    await expect(call('claim')).resolves.toMatchObject({ data: [] });
  });

  it('carries neither key nor token in a lost connection', async () => {
    nock(host)
      .post('/x')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    const error = await call('item').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'unavailable', code: 'ECONNRESET', sent: true });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/Bearer|eyJ|a-secret/);
  });
});
