/** The buyer: everything it knows, and what it does with a document of the supplier. */

import { createHash } from 'node:crypto';
import type { SandboxLedger, SandboxOptions } from '../../../src/channel/sandbox.ts';
import { type Cart, readCart } from './carts.ts';
import { Catalogue, type CatalogueFile, type CatalogueLoad } from './catalogue.ts';
import { looksLikeCif, readCif } from './cif-file.ts';
import { contentFault } from './content-model.ts';
import { type Delivery, utf8 } from './delivery.ts';
import type { DtdCheck } from './dtd-check.ts';
import { checkBrowserHeader, checkDoctype, checkHeader, checkStamp, dtdFor } from './envelope.ts';
import { Troubles } from './faults.ts';
import { readIndex } from './index-file.ts';
import { type ConfirmationTaken, OrderBook, type ShipNoticeTaken, salesOf } from './order-book.ts';
import { profileAnswer, responseDocument, stamp } from './outgoing.ts';
import type { Parties } from './parties.ts';
import { Refused } from './refusal.ts';
import { type Seeded, seeded } from './seeded.ts';
import type { SentDocument } from './sent-documents.ts';
import { at, NotXml, readXml, textAt, type XmlElement, type XmlTree } from './xml-tree.ts';

export interface QuoteTaken {
  quoteId: string;
  type: string;
  requestId: string | null;
}

/** A document that was not taken. */
export interface RefusedDocument {
  payloadId: string | null;
  code: number;
  reason: string;
}

export interface CxmlLedger extends SandboxLedger {
  loads: CatalogueLoad[];
  confirmations: ConfirmationTaken[];
  shipNotices: ShipNoticeTaken[];
  quotes: QuoteTaken[];
  carts: Cart[];
  sent: SentDocument[];
  refused: RefusedDocument[];
  /** Documents that came again under the same id and were answered without being done again. */
  repeats: number;
  /** What the supplier did that no partner should. */
  oddities: string[];
}

const TEXTS: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  406: 'Not Acceptable',
  409: 'Conflict',
  450: 'Not Implemented',
  500: 'Internal Server Error',
};
export const CXML_VERSION = '1.2.063';

interface Answered {
  digest: string;
  /** A promise, so that the second of two that come together waits for the first. */
  xml: Promise<string>;
}

export class Buyer {
  readonly parties: Parties;
  readonly now: () => number;
  readonly random: Seeded;
  readonly dtd: DtdCheck;
  readonly catalogue = new Catalogue();
  readonly orders = new OrderBook();
  readonly quotes: QuoteTaken[] = [];
  readonly carts: Cart[] = [];
  readonly cookies = new Set<string>();
  readonly sent: SentDocument[] = [];
  readonly refused: RefusedDocument[] = [];
  readonly oddities: string[] = [];
  readonly personal = new Set<string>();
  readonly troubles = new Troubles();
  readonly seed: number;
  readonly traffic = { calls: 0, rateErrors: 0, byEndpoint: new Map<string, number>() };
  repeats = 0;
  /** Address of the buyer's own door, known once it listens. */
  door = '';
  readonly #answered = new Map<string, Answered>();

  constructor(options: SandboxOptions, parties: Parties, dtd: DtdCheck) {
    this.parties = parties;
    this.now = options.now;
    this.seed = options.seed ?? 1;
    this.random = seeded(this.seed);
    this.dtd = dtd;
    this.troubles.replace(options.faults ?? {}, this.seed);
  }

  ids(): { payloadId: string; timestamp: string } {
    return { payloadId: `${this.random.hex(16)}@buyer.example.com`, timestamp: stamp(this.now()) };
  }

  /** A Status in its envelope; also what stands beside it. */
  answer(code: number, detail: string, inner?: Parameters<typeof responseDocument>[2]): string {
    return responseDocument(this.ids(), { code, text: TEXTS[code] ?? 'Error', detail }, inner);
  }

  /** The tree of a text that is no XML is a refusal like any other. */
  read(xml: string): XmlTree {
    try {
      return readXml(xml);
    } catch (error) {
      if (error instanceof NotXml) throw new Refused(406, error.message);
      throw error;
    }
  }

  /** @throws Refused when the content breaks the rules of the format, by our own reading or by the DTD. */
  async checkContent(tree: XmlTree, xml: string, content: string): Promise<void> {
    const version = checkDoctype(tree, content);
    const fault = contentFault(tree.root);
    if (fault !== null) throw new Refused(406, fault);
    if (version !== CXML_VERSION) return;
    const invalid = await this.dtd(xml, dtdFor(content));
    if (invalid !== null) throw new Refused(406, invalid);
  }

  /** Takes a delivery and gives the answer document. Nothing the supplier may send makes it throw. */
  async receive(open: () => Promise<Delivery>): Promise<string> {
    let payloadId: string | null = null;
    try {
      const delivery = await open();
      const tree = this.read(delivery.xml);
      if (tree.root.name === 'Index') return await this.#bareIndex(tree, delivery.xml);
      if (tree.root.name !== 'cXML') throw new Refused(406, `${tree.root.name} is no cXML document`);
      payloadId = checkStamp(tree.root).payloadId;
      checkHeader(tree.root, this.parties);
      const body = (at(tree.root, 'Request') ?? at(tree.root, 'Message'))?.children.find(
        (one) => one.name !== 'Status',
      );
      if (!body) throw new Refused(406, 'there is no request');
      await this.checkContent(tree, delivery.xml, body.name);
      return await this.#once(payloadId, delivery, body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refused.push({ payloadId, code: error.code, reason: error.message });
      return this.answer(error.code, error.message);
    }
  }

  async #once(payloadId: string, delivery: Delivery, body: XmlElement): Promise<string> {
    const url = textAt(body, 'Attachment/URL');
    const attached = url === null ? null : delivery.attached(url);
    const digest = createHash('sha256')
      .update(delivery.xml)
      .update(attached ?? '')
      .digest('hex');
    const before = this.#answered.get(payloadId);
    if (before) {
      if (before.digest !== digest) throw new Refused(409, `another document came as ${payloadId}`);
      this.repeats += 1;
      return before.xml;
    }
    const xml = this.#act(body, url, attached);
    this.#answered.set(payloadId, { digest, xml });
    try {
      return await xml;
    } catch (error) {
      // What was refused may be sent again under its id.
      this.#answered.delete(payloadId);
      throw error;
    }
  }

  /** Without an envelope nobody vouches for the sender: the supplier's name in it is all there is. */
  async #bareIndex(tree: XmlTree, xml: string): Promise<string> {
    await this.checkContent(tree, xml, 'Index');
    this.catalogue.take(readIndex(tree.root), this.parties.supplier, null);
    return this.answer(200, 'the catalogue was taken');
  }

  async #act(body: XmlElement, url: string | null, attached: Uint8Array | null): Promise<string> {
    switch (body.name) {
      case 'ProfileRequest':
        return this.answer(200, '', profileAnswer(stamp(this.now()), this.door));
      case 'CatalogUploadRequest': {
        if (attached === null) throw new Refused(400, `nothing is attached as ${url ?? '(no address)'}`);
        this.catalogue.take(await this.#catalogueFile(attached), this.parties.supplier, textAt(body, 'CatalogName'));
        return this.answer(200, 'the catalogue was taken');
      }
      case 'ConfirmationRequest':
        this.orders.takeConfirmation(body);
        return this.answer(200, 'the confirmation was taken');
      case 'ShipNoticeRequest':
        this.orders.takeShipNotice(body);
        return this.answer(200, 'the notice was taken');
      case 'QuoteMessage': {
        const { quoteID = '', type = '' } = at(body, 'QuoteMessageHeader')?.attributes ?? {};
        const requestId = at(body, 'QuoteMessageHeader/QuoteRequestReference')?.attributes.requestID ?? null;
        this.quotes.push({ quoteId: quoteID, type, requestId });
        return this.answer(200, 'the quote was taken');
      }
      default:
        throw new Refused(450, `${body.name} is not taken here`);
    }
  }

  async #catalogueFile(bytes: Uint8Array): Promise<CatalogueFile> {
    if (looksLikeCif(bytes)) return readCif(bytes);
    const xml = utf8(bytes);
    const tree = this.read(xml);
    if (tree.root.name !== 'Index') throw new Refused(406, 'the attachment is neither an Index nor CIF 3.0');
    await this.checkContent(tree, xml, 'Index');
    return readIndex(tree.root);
  }

  /** A cart that the browser brings. @throws Refused when it is not the one that was asked for. */
  async takeCart(xml: string): Promise<Cart> {
    const tree = this.read(xml);
    checkStamp(tree.root);
    checkBrowserHeader(tree.root, this.parties);
    const message = at(tree.root, 'Message/PunchOutOrderMessage');
    if (message === null) throw new Refused(406, 'there is no PunchOutOrderMessage');
    await this.checkContent(tree, xml, 'PunchOutOrderMessage');
    const cart = readCart(message);
    if (!this.cookies.has(cart.buyerCookie)) throw new Refused(400, 'nobody went out with this BuyerCookie');
    this.carts.push(cart);
    return cart;
  }

  ledger(): CxmlLedger {
    const lines = this.orders.lines();
    return {
      channel: 'b2b-cxml',
      listings: this.catalogue.listings(),
      orders: lines,
      sales: salesOf(lines),
      traffic: {
        calls: this.traffic.calls,
        byEndpoint: Object.fromEntries(this.traffic.byEndpoint),
        rateErrors: this.traffic.rateErrors,
        smallestOrderQueryGapMs: null,
      },
      loads: [...this.catalogue.loads],
      confirmations: [...this.orders.confirmations],
      shipNotices: [...this.orders.shipNotices],
      quotes: [...this.quotes],
      carts: [...this.carts],
      sent: this.sent.map((one) => ({ ...one })),
      refused: [...this.refused],
      repeats: this.repeats,
      oddities: [...this.oddities],
    };
  }
}
