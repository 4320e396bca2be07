import { mkdtemp } from 'node:fs/promises';
import { it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
it('x', async () => {
  const app = await createApp({ config: loadConfig({ NARU_DATA_DIR: await mkdtemp('/tmp/zz-') }), registry: createRegistry([]), log: createLogger({ level: 'silent' }) });
  await app.queues.depth(null);
  const t0 = Date.now();
  await app.close();
  process.stderr.write(`closed ${Date.now() - t0}\n`);
  const r = (n: string, p: Promise<unknown>) => p.then(() => process.stderr.write(`${n} ok\n`), (e: Error) => process.stderr.write(`${n} ${e.message}\n`));
  r('store', app.store.query('select 1'));
  r('depth', app.queues.depth(null));
  await new Promise((d) => setTimeout(d, 5000));
});
