import * as http from 'node:http';
import PostalMime from 'postal-mime';
import { afterEach, describe, expect, it } from 'vitest';
import { pushCatalogue } from '../../adapters/b2b-cxml/catalogue-upload.ts';
import { limits } from '../../adapters/b2b-cxml/limits.ts';
import { createChannelHttp } from '../../src/channel/http.ts';
import { changeOf, itemOf, rehearse, settingsOf, statusAnswer } from '../support/b2b-cxml.ts';

interface Seen {
  url: string;
  contentType: string;
  bytes: Buffer;
}

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A buyer's address on this machine that answers with these, one after the other. */
async function buyer(answers: { status: number; body: string }[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { url = '', headers } = request;
    seen.push({ url, contentType: headers['content-type'] ?? '', bytes: Buffer.concat(pieces) });
    const answer = answers[seen.length - 1] ?? { status: 500, body: '' };
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return { url: `http://127.0.0.1:${address.port}/net/cxml?tenant=7`, seen };
}

/** The same context with the real door to the partner. */
function over(baseUrl: string) {
  const settings = settingsOf({ baseUrl });
  const { context } = rehearse(settings);
  const { clock, log, signal } = context;
  const limiter = {
    take: async () => ({ granted: true, waitMs: 0 }),
    answered: async () => undefined,
    pause: async () => undefined,
  };
  const door = createChannelHttp({ accountId: 'acme', baseUrl, limits, limiter, clock, log, signal });
  return { settings, context: { ...context, http: door } };
}

describe('a catalogue upload over HTTP', () => {
  it('arrives at the very address, as the parts it was made of', async () => {
    const { url, seen } = await buyer([{ status: 200, body: statusAnswer(201) }]);
    const { settings, context } = over(url);
    const outcomes = await pushCatalogue(context, [changeOf('A-1', await itemOf(settings))]);
    expect(outcomes[0]?.status).toBe('accepted');
    expect(seen[0]?.url).toBe('/net/cxml?tenant=7');
    const head = Buffer.from(`Content-Type: ${seen[0]?.contentType}\r\n\r\n`);
    const { attachments } = await PostalMime.parse(Buffer.concat([head, seen[0]?.bytes ?? Buffer.alloc(0)]));
    expect(attachments.map((part) => part.mimeType)).toEqual(['text/xml', 'text/xml']);
    expect(new TextDecoder().decode(attachments[1]?.content as ArrayBuffer)).toContain('재생 복사용지 A4');
  });

  it('is repeated as the same document when the connection was of no use', async () => {
    const { url, seen } = await buyer([
      { status: 503, body: '' },
      { status: 200, body: statusAnswer(200) },
    ]);
    const { settings, context } = over(url);
    await pushCatalogue(context, [changeOf('A-1', await itemOf(settings))]);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.bytes.equals(seen[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([
    [401, 'unauthorized'],
    [404, 'not-found'],
    [302, 'protocol'],
  ])('is not taken when HTTP says %i', async (status, kind) => {
    const { url } = await buyer([{ status, body: statusAnswer(200) }]);
    const { settings, context } = over(url);
    const pushed = pushCatalogue(context, [changeOf('A-1', await itemOf(settings))]);
    await expect(pushed).rejects.toMatchObject({ name: 'ChannelError', kind });
  });
});
