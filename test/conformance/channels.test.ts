import assert from 'node:assert/strict';
import { it } from 'vitest';
import { harnesses } from '../../adapters/harnesses.ts';
import { adapters } from '../../adapters/index.ts';
import { describeChannel } from './describe-channel.ts';

it('every registered adapter brings a harness, and every harness belongs to an adapter', () => {
  assert.ok(adapters.length > 0);
  assert.deepEqual(Object.keys(harnesses).sort(), adapters.map((adapter) => adapter.id).sort());
});

for (const adapter of adapters) {
  const harness = harnesses[adapter.id];
  if (harness) describeChannel(adapter, harness);
}
