import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { InboundContext, InboundResult } from '../../../src/channel/inbound.ts';
import { type ConformanceCase, type ContextOptions, onStage, type Stage } from '../stage.ts';

interface Door {
  url: string;
  /** What came, in order. */
  results: InboundResult[];
}

/** A door like the core's, which keeps what the adapter made of each message. */
async function withDoor(stage: Stage, options: ContextOptions, play: (door: Door) => Promise<void>): Promise<void> {
  const { inbound } = stage.adapter;
  assert.ok(inbound, 'the adapter has no inbound');
  const results: InboundResult[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const message = { contentType: request.headers['content-type'] ?? '', bytes: Buffer.concat(pieces) };
    const result = await inbound.receive(contextOf(stage, options), message);
    results.push(result);
    const answer = result.answer('recorded');
    response.writeHead(answer.status, { 'content-type': answer.contentType, connection: 'close' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    await play({ url: `http://127.0.0.1:${address.port}/inbound/conformance`, results });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function contextOf(stage: Stage, options: ContextOptions = {}): InboundContext<never, never> {
  const context = {
    ...stage.context(options),
    url: 'https://naru.example/inbound/conformance',
    offers: { search: async () => [], bySku: async () => [] },
    visits: { open: async () => 'https://naru.example/visits/1' },
  };
  return context as unknown as InboundContext<never, never>;
}

export const inboundCases: ConformanceCase[] = [
  {
    name: 'inbound: an order comes in under an id of its own, and the same again under the same',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const brought = stage.harness.inbound;
        assert.ok(brought, 'the harness has no inbound');
        await withDoor(stage, {}, async ({ url, results }) => {
          const orderId = await brought.order(stage, url, 'INBOUND-1', { again: false });
          stage.clock.jumpTo(new Date(stage.clock.now().getTime() + 60_000));
          await brought.order(stage, url, 'INBOUND-1', { again: true });
          const [first, second] = results;
          assert.ok(first?.messageId, 'no id');
          assert.equal(second?.messageId, first.messageId);
          assert.deepEqual(second?.orders, first.orders);
          assert.equal(JSON.stringify(second?.says), JSON.stringify(first.says));
          assert.deepEqual(
            first.orders.map(({ value }) => [value.orderId, value.lines[0]?.sku]),
            [[orderId, 'INBOUND-1']],
          );
        });
      }),
  },
  {
    name: 'inbound: whoever does not know the secret is told no, and nothing is recorded',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const credentials = stage.harness.badCredentials(stage.sandbox.accountConfig().credentials);
        await withDoor(stage, { credentials }, async ({ url, results }) => {
          await stage.harness.inbound?.order(stage, url, 'INBOUND-1', { again: false }).catch(() => undefined);
          assert.deepEqual(
            results.map(({ messageId, orders, claims, inquiries }) => [messageId, orders, claims, inquiries]),
            [[null, [], [], []]],
          );
        });
      }),
  },
  {
    name: 'inbound: nothing about people is in what is recorded or logged',
    run: (subject) =>
      onStage(subject, async (stage) => {
        await withDoor(stage, {}, async ({ url, results }) => {
          await stage.harness.inbound?.order(stage, url, 'INBOUND-1', { again: false });
          const personal = await stage.harness.personalData(stage.sandbox);
          assert.ok(personal.length > 0, 'the harness invented nobody');
          const told = JSON.stringify(results.map(({ orders, claims }) => ({ orders, claims })));
          const leaked = personal.filter((text) => told.includes(text) || stage.logLines.join('\n').includes(text));
          assert.deepEqual(leaked, []);
        });
      }),
  },
  {
    name: 'inbound: nothing that may come makes it throw, and junk records nothing',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const { inbound } = stage.adapter;
        assert.ok(inbound && inbound.maxBytes > 0);
        const junk = ['', ' ', '\u0000', '{}', '<', '<a>', '<a/>', `${'<a>'.repeat(2_000)}`, 'x'.repeat(100_000)];
        for (const text of junk) {
          const message = { contentType: 'text/xml', bytes: Buffer.from(text) };
          const result = await inbound.receive(contextOf(stage), message);
          assert.deepEqual([result.messageId, result.orders, result.claims], [null, [], []]);
          assert.ok(result.answer('recorded').body.length > 0, 'no answer');
        }
        assert.ok(inbound.tooLarge(stage.clock.now()).body.length > 0);
      }),
  },
];
