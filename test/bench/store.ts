/** A Naru of our own in this process, on the set-up that is measured. */

import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapters } from '../../adapters/index.ts';
import { type App, createApp } from '../../src/app.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import { loadConfig } from '../../src/config.ts';
import { createOffsetClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { packageRoot } from '../../src/runtime/package-files.ts';
import { approveProducts } from '../../src/sync/approve-products.ts';
import { importCatalogue } from '../../src/sync/import-catalogue.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { benchStart, type Environment, type SandboxProcess } from './children.ts';
import type { Servers } from './servers.ts';

export const adapterId = 'gmarket-esm';
export const accountId = 'bench';

export interface Place {
  env: Environment;
  remove(): Promise<void>;
}

/** A new, empty place for one Naru: a database on the servers, or a folder. */
export async function openPlace(servers: Servers | null): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'naru-bench-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  // The address is never fetched: the sandbox looks only at pictures on loopback.
  const common = { NARU_DATA_DIR: folder, NARU_PUBLIC_URL: 'https://images.example.kr', NARU_LOG_LEVEL: 'error' };
  if (!servers) return { env: common, remove };
  const databaseUrl = await servers.newDatabase();
  const secretKey = randomBytes(32).toString('base64');
  return {
    env: { ...common, DATABASE_URL: databaseUrl, REDIS_URL: servers.redisUrl, NARU_SECRET_KEY: secretKey },
    remove,
  };
}

/** Opens Naru in this process on that place. */
export function openNaru(place: Place): Promise<App> {
  const config = loadConfig(place.env);
  const log = createLogger({ level: config.logLevel, terminal: false });
  return createApp({ config, registry: createRegistry(adapters), log, clock: createOffsetClock(benchStart) });
}

interface CatalogueEntry {
  sku: string;
  model_name: string;
  name_ko: string;
  certificates: { covered_models: string[] }[];
  [field: string]: unknown;
}

/** Takes `count` variants of the demo's products into the store and adds the account. */
export async function stock(app: App, sandbox: SandboxProcess, count: number): Promise<string[]> {
  const demo: CatalogueEntry[] = JSON.parse(
    await readFile(join(packageRoot(), 'demo', 'catalogue', 'products.json'), 'utf8'),
  );
  const rows = Array.from({ length: count }, (_, index) => variantOf(demo[index % demo.length], index));
  const folder = await mkdtemp(join(tmpdir(), 'naru-bench-catalogue-'));
  try {
    const path = join(folder, 'products.json');
    await writeFile(path, JSON.stringify(rows));
    await importCatalogue(app.deps, { path, allowRename: false });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // After the products: the mappings that are fetched with it are those of their words.
  await addAccount(app.deps, { accountId, adapterId, file: sandbox.account });
  return rows.map((row) => row.sku);
}

/** Approves products, whatever the catalogue rules warn of. */
export async function approve(app: App, skus: readonly string[]): Promise<void> {
  const { refused } = await approveProducts(app.deps, { skus, by: 'bench', acceptWarnings: 'bench' });
  if (refused.length > 0) throw new Error(`${refused.length} products were refused: ${refused[0]?.messageEn}`);
}

function variantOf(entry: CatalogueEntry | undefined, index: number): CatalogueEntry {
  if (!entry) throw new Error('the demo catalogue is empty');
  const number = String(index + 1).padStart(6, '0');
  const model = `${entry.model_name}-${number}`;
  return {
    ...entry,
    sku: `BENCH-${number}`,
    model_name: model,
    name_ko: `${entry.name_ko} ${number}`,
    certificates: entry.certificates.map((certificate) => ({
      ...certificate,
      covered_models: [...certificate.covered_models, model],
    })),
  };
}
