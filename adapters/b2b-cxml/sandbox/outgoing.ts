/** The documents that the buyer sends. */

import { create } from 'xmlbuilder2';
import { decimalText } from './amounts.ts';
import { dtdFor } from './envelope.ts';
import type { Parties } from './parties.ts';
import type { Dock } from './receiving-dock.ts';

const VERSION = '1.2.063';

/** An element by its parts: `@name` is an attribute, `#` text, an array repeats. */
type Node = { [part: string]: string | Node | Node[] };

export interface OrderedLine {
  sku: string;
  /** Second part of the item's id, which a cart may bring. */
  auxiliary: string | null;
  quantity: number;
  /** Minor units. */
  unitPrice: number;
  currency: string;
  description: string;
}

export interface OrderDocument {
  orderId: string;
  orderDate: string;
  type: 'new' | 'update' | 'delete';
  orderVersion: number;
  lines: OrderedLine[];
  currency: string;
  dock: Dock;
}

/** The buyer's local time, five hours behind: a supplier that reads only the digits is late. */
export function stamp(ms: number): string {
  return `${new Date(ms - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`;
}

function written(root: string, content: string, tree: Node): string {
  return create({ version: '1.0', encoding: 'UTF-8' }, { [root]: tree })
    .dtd({ sysID: `http://xml.cxml.org/schemas/cXML/${VERSION}/${dtdFor(content)}.dtd` })
    .end({ prettyPrint: true });
}

/** A request in its envelope, with the secret that the supplier knows. */
export function requestDocument(
  parties: Parties,
  ids: { payloadId: string; timestamp: string },
  content: string,
  body: Node,
): string {
  const credential = (domain: string, identity: string): Node => ({
    Credential: { '@domain': domain, Identity: identity },
  });
  const { buyer, supplier, senderIdentity, sharedSecret } = parties;
  return written('cXML', content, {
    '@payloadID': ids.payloadId,
    '@timestamp': ids.timestamp,
    '@xml:lang': 'en-US',
    Header: {
      From: credential(buyer.domain, buyer.identity),
      To: credential(supplier.domain, supplier.identity),
      Sender: {
        Credential: { '@domain': buyer.domain, Identity: senderIdentity, SharedSecret: sharedSecret },
        UserAgent: 'Naru sandbox buyer',
      },
    },
    Request: { '@deploymentMode': 'test', [content]: body },
  });
}

/** The buyer's answer to a document of the supplier; `inner` is what stands beside the Status. */
export function responseDocument(
  ids: { payloadId: string; timestamp: string },
  status: { code: number; text: string; detail: string },
  inner: Node = {},
): string {
  return written('cXML', 'Response', {
    '@payloadID': ids.payloadId,
    '@timestamp': ids.timestamp,
    Response: {
      Status: { '@code': String(status.code), '@text': status.text, '#': status.detail },
      ...inner,
    },
  });
}

/** What the buyer takes, and where. */
export function profileAnswer(timestamp: string, url: string): Node {
  const names = ['CatalogUploadRequest', 'ConfirmationRequest', 'ShipNoticeRequest', 'QuoteMessage', 'ProfileRequest'];
  return {
    ProfileResponse: {
      '@effectiveDate': timestamp,
      Transaction: names.map((name) => ({ '@requestName': name, URL: url })),
    },
  };
}

const money = (minor: number, currency: string): Node => ({
  Money: { '@currency': currency, '#': decimalText(minor, currency) },
});

function phone(dock: Dock): Node {
  return {
    TelephoneNumber: {
      CountryCode: { '@isoCountryCode': 'US', '#': '1' },
      AreaOrCityCode: '202',
      Number: dock.phone,
    },
  };
}

function postal(dock: Dock): Node {
  return {
    DeliverTo: dock.name,
    Street: dock.street,
    City: dock.city,
    PostalCode: dock.postalCode,
    Country: { '@isoCountryCode': 'US', '#': 'United States' },
  };
}

function address(dock: Dock, addressId: string): Node {
  return {
    Address: {
      '@addressID': addressId,
      Name: { '@xml:lang': 'en', '#': dock.name },
      PostalAddress: postal(dock),
      Email: dock.email,
      Phone: phone(dock),
    },
  };
}

function contact(dock: Dock): Node {
  return {
    '@role': 'purchasingAgent',
    Name: { '@xml:lang': 'en', '#': dock.desk },
    PostalAddress: postal(dock),
    Email: dock.email,
    Phone: phone(dock),
  };
}

function itemId(line: OrderedLine): Node {
  return {
    SupplierPartID: line.sku,
    ...(line.auxiliary === null ? {} : { SupplierPartAuxiliaryID: line.auxiliary }),
  };
}

function itemDetail(line: OrderedLine): Node {
  return {
    UnitPrice: money(line.unitPrice, line.currency),
    Description: { '@xml:lang': 'en', '#': line.description },
    UnitOfMeasure: 'EA',
    Classification: { '@domain': 'UNSPSC', '#': '14111500' },
  };
}

export function totalOf(lines: readonly OrderedLine[]): number {
  return lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
}

export function orderBody(order: OrderDocument): Node {
  return {
    OrderRequestHeader: {
      '@orderID': order.orderId,
      '@orderDate': order.orderDate,
      '@type': order.type,
      '@orderVersion': String(order.orderVersion),
      Total: money(totalOf(order.lines), order.currency),
      ShipTo: address(order.dock, 'dock'),
      BillTo: address(order.dock, 'billing'),
      Contact: contact(order.dock),
      Comments: { '@xml:lang': 'en', '#': order.dock.remark },
    },
    ItemOut: order.lines.map((line, index) => ({
      '@quantity': String(line.quantity),
      '@lineNumber': String(index + 1),
      ItemID: itemId(line),
      ItemDetail: itemDetail(line),
    })),
  };
}

export function punchOutBody(visit: {
  cookie: string;
  operation: 'create' | 'edit' | 'inspect' | 'source';
  returnUrl: string;
  supplierUrl: string;
  selectedSku: string | null;
  lines: OrderedLine[];
  dock: Dock;
}): Node {
  return {
    '@operation': visit.operation,
    BuyerCookie: visit.cookie,
    Extrinsic: { '@name': 'UserEmail', '#': visit.dock.email },
    BrowserFormPost: { URL: visit.returnUrl },
    Contact: contact(visit.dock),
    SupplierSetup: { URL: visit.supplierUrl },
    ShipTo: address(visit.dock, 'dock'),
    ...(visit.selectedSku === null ? {} : { SelectedItem: { ItemID: { SupplierPartID: visit.selectedSku } } }),
    ...(visit.lines.length === 0
      ? {}
      : { ItemOut: visit.lines.map((line) => ({ '@quantity': String(line.quantity), ItemID: itemId(line) })) }),
  };
}

export function quoteBody(quote: {
  requestId: string;
  requestDate: string;
  openDate: string;
  closeDate: string;
  currency: string;
  title: string;
  message: string;
  lines: OrderedLine[];
  dock: Dock;
}): Node {
  return {
    QuoteRequestHeader: {
      '@requestID': quote.requestId,
      '@requestDate': quote.requestDate,
      '@openDate': quote.openDate,
      '@closeDate': quote.closeDate,
      '@currency': quote.currency,
      '@xml:lang': 'en',
      Name: { '@xml:lang': 'en', '#': quote.title },
      ShipTo: address(quote.dock, 'dock'),
      Contact: contact(quote.dock),
      Comments: { '@xml:lang': 'en', '#': `${quote.message} ${quote.dock.remark}`.trim() },
    },
    QuoteItemOut: quote.lines.map((line, index) => ({
      '@quantity': String(line.quantity),
      '@lineNumber': String(index + 1),
      ItemID: itemId(line),
      ItemDetail: itemDetail(line),
    })),
  };
}
