/**
 * The buyer's side of cXML as a real server on loopback: it takes catalogues, confirmations and notices, orders, asks and
 * visits the supplier's shop, keeps its own books and makes trouble on request.
 */

import fastify from 'fastify';
import type { RunningSandbox, SandboxOptions, StartSandbox } from '../../../src/channel/sandbox.ts';
import { Buyer, type CxmlLedger } from './buyer.ts';
import { addControlPaths } from './control-paths.ts';
import { addDoor, DOOR_PATH } from './door.ts';
import { dtdCheck } from './dtd-check.ts';
import { DEFAULT_PARTIES, type Parties } from './parties.ts';
import { Letters } from './sent-documents.ts';

export type { CxmlLedger, QuoteTaken, RefusedDocument } from './buyer.ts';
export type { Cart } from './carts.ts';
export type { CatalogueLoad } from './catalogue.ts';
export type { ConfirmationTaken, ShipNoticeTaken } from './order-book.ts';
export type { Parties, PartyIdentity } from './parties.ts';
export type { LineWish, OrderWish, SentDocument } from './sent-documents.ts';

export interface CxmlBuyerOptions extends SandboxOptions {
  /** Names and secret of both sides instead of the built-in ones. */
  parties?: Partial<Parties>;
  /** Folder with cXML.dtd, Fulfill.dtd and Quote.dtd of 1.2.063: then every document in both directions is validated. */
  dtdFolder?: string;
}

export interface CxmlBuyer extends RunningSandbox {
  ledger(): CxmlLedger;
  profile: Letters['profile'];
  order: Letters['order'];
  /** Sends a former document once more, byte for byte. */
  again: Letters['again'];
  punchOut: Letters['punchOut'];
  quote: Letters['quote'];
  /** Every personal text it has ever sent: none of it may be stored, logged or shown. */
  personalData(): string[];
}

/** A catalogue of some thousand items in one document. */
const BODY_LIMIT = 20 * 1024 * 1024;

/**
 * Starts the buyer on 127.0.0.1.
 * @throws when the port is taken, or a DTD folder is given but the validating library is not installed.
 */
export async function startCxmlBuyer(options: CxmlBuyerOptions): Promise<CxmlBuyer> {
  const parties = { ...DEFAULT_PARTIES, ...options.parties };
  const buyer = new Buyer(options, parties, await dtdCheck(options.dtdFolder ?? null));
  const letters = new Letters(buyer);
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT, exposeHeadRoutes: false, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  addDoor(app, buyer);
  addControlPaths(app, buyer, letters);
  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  buyer.door = `${url}${DOOR_PATH}`;
  return {
    url,
    accountConfig: () => ({
      settings: {
        baseUrl: buyer.door,
        identity: { ...parties.supplier },
        buyer: { ...parties.buyer },
        currency: parties.currency,
      },
      credentials: { identity: parties.senderIdentity, sharedSecret: parties.sharedSecret },
    }),
    ledger: () => buyer.ledger(),
    setFaults: (faults) => buyer.troubles.replace(faults, buyer.seed),
    profile: (to) => letters.profile(to),
    order: (wish) => letters.order(wish),
    again: (payloadId, to) => letters.again(payloadId, to),
    punchOut: (wish) => letters.punchOut(wish),
    quote: (wish) => letters.quote(wish),
    personalData: () => [...buyer.personal],
    close: async () => {
      // Calls that are left hanging on purpose would hold the server open.
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

export const startCxmlSandbox: StartSandbox = startCxmlBuyer;
