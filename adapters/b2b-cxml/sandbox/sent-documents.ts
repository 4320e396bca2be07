/** What the buyer sends to the supplier's door, and what the supplier says to it. */

import type { Buyer } from './buyer.ts';
import { contentFault } from './content-model.ts';
import { dtdFor } from './envelope.ts';
import {
  type OrderDocument,
  type OrderedLine,
  orderBody,
  punchOutBody,
  quoteBody,
  requestDocument,
  stamp,
} from './outgoing.ts';
import { type Dock, personalTexts, receivingDock } from './receiving-dock.ts';
import { at, childrenOf, NotXml, readXml, textAt, type XmlElement } from './xml-tree.ts';

export interface SentDocument {
  kind: 'ProfileRequest' | 'OrderRequest' | 'PunchOutSetupRequest' | 'QuoteRequest';
  payloadId: string;
  url: string;
  xml: string;
  /** Null when no answer came. */
  httpStatus: number | null;
  /** Code of the Status; null when the answer held none. */
  code: number | null;
  text: string | null;
  /** What is wrong with the answer; null when nothing is. */
  answerFault: string | null;
  order: OrderDocument | null;
}

interface SupplierAnswer {
  sent: SentDocument;
  response: XmlElement | null;
}

export interface LineWish {
  sku: string;
  auxiliary?: string | undefined;
  quantity: number;
  unitPrice?: number | undefined;
  currency?: string | undefined;
  description?: string | undefined;
}

export interface OrderWish {
  url: string;
  lines?: LineWish[] | undefined;
  /** Order what this cart holds instead of `lines`. */
  cart?: string | undefined;
  orderId?: string | undefined;
  payloadId?: string | undefined;
  type?: 'new' | 'update' | 'delete' | undefined;
  orderVersion?: number | undefined;
}

/** A wish that the buyer itself cannot carry out. */
export class NotPossible extends Error {
  override name = 'NotPossible';
}

const DAY = 86_400_000;
/** A supplier that has not answered by then is taken to be silent. */
const ANSWER_TIMEOUT_MS = 30_000;

export class Letters {
  readonly #buyer: Buyer;
  #orderCount = 0;
  #quoteCount = 0;

  constructor(buyer: Buyer) {
    this.#buyer = buyer;
  }

  async profile(url: string): Promise<{ sent: SentDocument; transactions: { name: string; url: string }[] }> {
    const { sent, response } = await this.#send('ProfileRequest', url, {}, this.#buyer.ids(), null);
    const transactions = childrenOf(response && at(response, 'ProfileResponse'), 'Transaction');
    return {
      sent,
      transactions: transactions.map((one) => ({
        name: one.attributes.requestName ?? '',
        url: textAt(one, 'URL') ?? '',
      })),
    };
  }

  async order(wish: OrderWish): Promise<SentDocument & { orderId: string }> {
    const buyer = this.#buyer;
    const ids = buyer.ids();
    const type = wish.type ?? 'new';
    if (type === 'new' && wish.orderId === undefined) this.#orderCount += 1;
    const orderId = wish.orderId ?? `PO-${buyer.seed}-${String(this.#orderCount).padStart(5, '0')}`;
    const known = buyer.orders.orders.get(orderId);
    const lines = this.#orderedLines(wish, known?.lines);
    const [first] = lines;
    if (!first) throw new NotPossible('an order needs lines');
    if (lines.some((line) => line.currency !== first.currency)) throw new NotPossible('an order has one currency');
    const order: OrderDocument = {
      orderId,
      orderDate: ids.timestamp,
      type,
      orderVersion: wish.orderVersion ?? (type === 'new' ? 1 : (known?.version ?? 1) + 1),
      lines,
      currency: first.currency,
      dock: this.#dock(),
    };
    const payloadId = wish.payloadId ?? ids.payloadId;
    const { sent } = await this.#send('OrderRequest', wish.url, orderBody(order), { ...ids, payloadId }, order);
    return { ...sent, orderId };
  }

  /** The same bytes once more, as after a lost answer. */
  async again(payloadId: string, url: string | undefined): Promise<SentDocument> {
    const former = this.#buyer.sent.findLast((one) => one.payloadId === payloadId);
    if (!former) throw new NotPossible(`nothing was sent as ${payloadId}`);
    const { sent } = await this.#post({ ...former, url: url ?? former.url });
    return sent;
  }

  async punchOut(wish: {
    url: string;
    operation?: 'create' | 'edit' | 'inspect' | 'source' | undefined;
    selectedSku?: string | undefined;
    /** Go back into this cart. */
    cart?: string | undefined;
  }): Promise<{ sent: SentDocument; buyerCookie: string; startPage: string | null }> {
    const buyer = this.#buyer;
    const cookie = wish.cart ?? buyer.random.hex(24);
    buyer.cookies.add(cookie);
    const body = punchOutBody({
      cookie,
      operation: wish.operation ?? 'create',
      returnUrl: `${new URL(buyer.door).origin}/_return`,
      supplierUrl: wish.url,
      selectedSku: wish.selectedSku ?? null,
      lines: wish.cart === undefined ? [] : this.#cartLines(wish.cart),
      dock: this.#dock(),
    });
    const { sent, response } = await this.#send('PunchOutSetupRequest', wish.url, body, buyer.ids(), null);
    const startPage = response && textAt(response, 'PunchOutSetupResponse/StartPage/URL');
    return { sent, buyerCookie: cookie, startPage };
  }

  async quote(wish: {
    url: string;
    lines: LineWish[];
    requestId?: string | undefined;
    title?: string | undefined;
    message?: string | undefined;
    closesInDays?: number | undefined;
  }): Promise<SentDocument & { requestId: string }> {
    const buyer = this.#buyer;
    const ids = buyer.ids();
    this.#quoteCount += 1;
    const requestId = wish.requestId ?? String(700_000 + this.#quoteCount);
    const lines = this.#orderedLines({ lines: wish.lines }, undefined);
    const body = quoteBody({
      requestId,
      requestDate: ids.timestamp,
      openDate: ids.timestamp,
      closeDate: stamp(buyer.now() + (wish.closesInDays ?? 14) * DAY),
      currency: lines[0]?.currency ?? buyer.parties.currency,
      title: wish.title ?? 'Request for quotation',
      message: wish.message ?? '',
      lines,
      dock: this.#dock(),
    });
    const { sent } = await this.#send('QuoteRequest', wish.url, body, ids, null);
    return { ...sent, requestId };
  }

  #dock(): Dock {
    const dock = receivingDock(this.#buyer.random);
    for (const text of personalTexts(dock)) this.#buyer.personal.add(text);
    return dock;
  }

  #cartLines(cookie: string): OrderedLine[] {
    const cart = this.#buyer.carts.findLast((one) => one.buyerCookie === cookie);
    if (!cart) throw new NotPossible(`no cart came back for ${cookie}`);
    return cart.lines;
  }

  /** A price that is not said is that of the catalogue; a change that names no lines leaves them as they are. */
  #orderedLines(wish: Pick<OrderWish, 'cart' | 'lines'>, former: OrderedLine[] | undefined): OrderedLine[] {
    if (wish.cart !== undefined) return this.#cartLines(wish.cart);
    if (wish.lines === undefined) return former ?? [];
    return wish.lines.map((line) => {
      const listing = this.#buyer.catalogue.get(line.sku);
      const unitPrice = line.unitPrice ?? listing?.price;
      if (unitPrice === undefined) throw new NotPossible(`${line.sku} has no price here; say one`);
      return {
        sku: line.sku,
        auxiliary: line.auxiliary ?? null,
        quantity: line.quantity,
        unitPrice,
        currency: line.currency ?? listing?.currency ?? this.#buyer.parties.currency,
        description: line.description ?? listing?.name ?? line.sku,
      };
    });
  }

  async #send(
    kind: SentDocument['kind'],
    url: string,
    body: Parameters<typeof requestDocument>[3],
    ids: { payloadId: string; timestamp: string },
    order: OrderDocument | null,
  ): Promise<SupplierAnswer> {
    const xml = requestDocument(this.#buyer.parties, ids, kind, body);
    const invalid = await this.#buyer.dtd(xml, dtdFor(kind));
    if (invalid !== null) throw new Error(`the sandbox built an invalid ${kind}: ${invalid}`);
    const { payloadId } = ids;
    const silent = { httpStatus: null, code: null, text: null, answerFault: null };
    return this.#post({ kind, payloadId, url, xml, ...silent, order });
  }

  async #post(letter: SentDocument): Promise<SupplierAnswer> {
    const sent: SentDocument = { ...letter, httpStatus: null, code: null, text: null, answerFault: null };
    this.#buyer.sent.push(sent);
    let answer: string;
    try {
      const response = await fetch(sent.url, {
        method: 'POST',
        headers: { 'content-type': 'text/xml; charset=UTF-8' },
        body: sent.xml,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      sent.httpStatus = response.status;
      answer = await response.text();
    } catch (error) {
      // No answer is an outcome here, not a failure: the books say so and the letter may be sent again.
      sent.answerFault = error instanceof Error ? `no answer: ${error.message}` : 'no answer';
      return { sent, response: null };
    }
    const response = await this.#understand(sent, answer);
    if (sent.order !== null && sent.code !== null && sent.code >= 200 && sent.code < 300) {
      const oddity = this.#buyer.orders.accepted(sent.order, sent.payloadId);
      if (oddity !== null) this.#buyer.oddities.push(oddity);
    }
    return { sent, response };
  }

  async #understand(sent: SentDocument, answer: string): Promise<XmlElement | null> {
    try {
      const tree = readXml(answer);
      const response = at(tree.root, 'Response');
      const status = response && at(response, 'Status');
      const code = status?.attributes.code ?? '';
      sent.code = /^\d{3}$/.test(code) ? Number(code) : null;
      sent.text = status ? [status.attributes.text ?? '', status.text.trim()].filter(Boolean).join(': ') : null;
      sent.answerFault =
        (response === null ? 'the answer holds no Response' : null) ??
        contentFault(tree.root) ??
        (await this.#buyer.dtd(answer, 'cXML'));
      return response;
    } catch (error) {
      if (!(error instanceof NotXml)) throw error;
      sent.answerFault = `the answer is no XML: ${error.message}`;
      return null;
    }
  }
}
