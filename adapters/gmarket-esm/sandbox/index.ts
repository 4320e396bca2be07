/**
 * The sandbox of the ESM Trading API: a real server on loopback that speaks the wire protocol of docs/channels/gmarket-esm.md,
 * keeps its own books and makes trouble on request.
 */

import fastify from 'fastify';
import type { RunningSandbox, SandboxOptions, StartSandbox } from '../../../src/channel/sandbox.ts';
import { addChannelRoutes } from './channel-routes.ts';
import { claimEndpoints } from './claim-endpoints.ts';
import { addControlPaths } from './control-paths.ts';
import { goodsEditingEndpoints } from './goods-editing.ts';
import { goodsReadingEndpoints } from './goods-reading.ts';
import { goodsWritingEndpoints } from './goods-writing.ts';
import { lookUpEndpoints } from './look-ups.ts';
import { orderFulfilmentEndpoints } from './order-fulfilment.ts';
import { orderQueryEndpoints } from './order-query.ts';
import { SellerAccount } from './seller-account.ts';
import { DEFAULT_SELLER, type SellerIdentity } from './seller-seed.ts';
import { settlementEndpoints } from './settlements.ts';
import { tokenVerifier } from './tokens.ts';

export type { SellerIdentity } from './seller-seed.ts';

export interface GmarketSandboxOptions extends SandboxOptions {
  /** The seller to hold instead of the default one. */
  seller?: SellerIdentity;
}

export interface GmarketSandbox extends RunningSandbox {
  /** Every value that identifies an invented buyer: none of it may ever be stored, logged or shown. */
  personalData(): string[];
}

/** Product documents carry whole descriptions. */
const BODY_LIMIT = 5 * 1024 * 1024;

/**
 * Starts the sandbox on 127.0.0.1.
 *
 * @param options the clock in ms, the port (0 = a free one), trouble to start with, the seller to hold.
 * @throws when the port is taken.
 */
export async function startGmarketSandboxWith(options: GmarketSandboxOptions): Promise<GmarketSandbox> {
  const account = new SellerAccount(options.seller ?? DEFAULT_SELLER, options.now, options.seed ?? 1);
  account.setFaults(options.faults ?? {});
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT, exposeHeadRoutes: false, forceCloseConnections: true });
  // Several calls have no body; clients send a content type all the same, and then an empty body is no error.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      done(null, JSON.parse(String(body)));
    } catch (error) {
      done(Object.assign(error as SyntaxError, { statusCode: 400 }));
    }
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'No resource was found.' }));
  addChannelRoutes(
    app,
    account,
    [
      ...goodsWritingEndpoints(account.goods),
      ...goodsEditingEndpoints(account.goods),
      ...goodsReadingEndpoints(account.goods),
      ...lookUpEndpoints(),
      ...orderQueryEndpoints(account.orders, account.guard),
      ...orderFulfilmentEndpoints(account.orders, account.claims),
      ...claimEndpoints(account.orders, account.claims),
      ...settlementEndpoints(account.settlements),
    ],
    await tokenVerifier(account.identity),
  );
  addControlPaths(app, account);
  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { masterId, issuer, secretKey, sellerIds } = account.identity;
  return {
    url,
    accountConfig: () => ({
      settings: { masterId, issuer, sellerIds: { ...sellerIds }, sites: ['gmkt', 'iac'], baseUrl: url },
      credentials: { secretKey },
    }),
    ledger: () => account.ledger(),
    setFaults: (faults) => account.setFaults(faults),
    personalData: () => account.personal(),
    close: async () => {
      // Calls that are left hanging on purpose would hold the server open.
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

export const startGmarketSandbox: StartSandbox = startGmarketSandboxWith;
