import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { channelErrorFrom } from '../channel-error.ts';
import { checkEndpointOf } from '../everything.ts';
import { type ConformanceCase, onStage } from '../stage.ts';

export const checkCases: ConformanceCase[] = [
  {
    name: 'check: good credentials connect, by a call that the channel sees',
    run: (subject) =>
      onStage(subject, async (stage) => {
        await stage.adapter.check(stage.context());
        assert.equal(stage.sandbox.ledger().traffic.byEndpoint[checkEndpointOf(stage)], 1);
      }),
  },
  {
    name: 'check: bad credentials are unauthorized',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const credentials = stage.harness.badCredentials(stage.sandbox.accountConfig().credentials);
        const error = await channelErrorFrom(stage.adapter.check(stage.context({ credentials })));
        assert.equal(error.kind, 'unauthorized');
      }),
  },
  {
    name: 'check: a port where nobody listens is unavailable, and certainly not sent',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const baseUrl = `http://127.0.0.1:${await deadPort()}`;
        const error = await channelErrorFrom(stage.adapter.check(stage.context({ baseUrl })));
        assert.deepEqual({ kind: error.kind, sent: error.sent }, { kind: 'unavailable', sent: false });
      }),
  },
];

/** A port that was free a moment ago. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}
