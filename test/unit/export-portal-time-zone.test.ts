import { createHash } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { batchOf, buildBytes, demoProduct, itemOf, settingsFor } from '../support/export-portal.ts';

const before = process.env.TZ;
afterAll(() => {
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

it('gives the same bytes in every time zone of the machine', async () => {
  const settings = settingsFor('buykorea');
  const product = await demoProduct();
  const sums = new Set<string>();
  const offsets = new Set<number>();
  for (const zone of ['UTC', 'Asia/Seoul', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kathmandu']) {
    process.env.TZ = zone;
    offsets.add(new Date(0).getTimezoneOffset());
    sums.add(
      createHash('sha256')
        .update(await buildBytes(batchOf(settings, [itemOf(product, settings)])))
        .digest('hex'),
    );
  }
  // Five readings of the clock, or the zones were never set.
  expect(offsets.size).toBe(5);
  expect(sums.size).toBe(1);
});
