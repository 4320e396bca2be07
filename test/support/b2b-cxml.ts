import pino from 'pino';
import { renderItem } from '../../adapters/b2b-cxml/mapping-listing.ts';
import {
  type CxmlCredentials,
  type CxmlInboundContext,
  type CxmlSettings,
  settingsSchema,
} from '../../adapters/b2b-cxml/settings.ts';
import type { ListingChange } from '../../src/channel/contract.ts';
import type { ChannelCall, ChannelResponse } from '../../src/channel/http.ts';
import type { Offer } from '../../src/channel/inbound.ts';
import type { Json } from '../../src/domain/listing.ts';
import { mappingsSchema } from '../../src/domain/mapping.ts';
import type { Product } from '../../src/domain/product.ts';
import { createManualClock } from '../../src/runtime/clock.ts';
import { demoProduct } from './export-portal.ts';

export const now = new Date('2026-11-23T00:30:00Z'); // 09:30 in Seoul
export const credentials: CxmlCredentials = { identity: 'AN0100', sharedSecret: 'welcome & <open>' };

/** Settings as an account file gives them, with the least it must say. */
export function settingsOf(change: Record<string, unknown> = {}): CxmlSettings {
  return settingsSchema.parse({ identity: { identity: 'AN0200' }, buyer: { identity: 'AN0100' }, ...change });
}

/** What `render` makes of the first demonstration product, changed. */
export async function itemOf(settings: CxmlSettings, change: Partial<Product> = {}): Promise<Json> {
  const product = await demoProduct(change);
  const imageUrls = ['https://images.example/a.png'];
  return renderItem({ product, mappings: mappingsSchema.parse({}), settings, imageUrls }).document;
}

export interface Rehearsal {
  context: CxmlInboundContext;
  /** Calls to the partner, oldest first. */
  calls: ChannelCall[];
  /** The data of every visit that was opened. */
  visits: Json[];
  offers: Offer[];
}

/** A context with offers and visits in memory and a partner that answers with `answer`. */
export function rehearse(
  settings: CxmlSettings,
  options: { offers?: Offer[]; answer?: (call: ChannelCall) => ChannelResponse } = {},
): Rehearsal {
  const rehearsal: Omit<Rehearsal, 'context'> = { calls: [], visits: [], offers: options.offers ?? [] };
  const context: CxmlInboundContext = {
    account: { id: 'acme', settings },
    credentials,
    url: 'https://naru.example/partners/acme',
    clock: createManualClock(now),
    log: pino({ enabled: false }),
    signal: new AbortController().signal,
    http: {
      request: async (call) => {
        rehearsal.calls.push(call);
        return options.answer?.(call) ?? { status: 200, body: statusAnswer(200) };
      },
    },
    offers: {
      search: async ({ words, afterSku, limit }) =>
        rehearsal.offers
          .filter((offer) => offer.sku > afterSku && JSON.stringify(offer).includes(words))
          .sort((a, b) => (a.sku < b.sku ? -1 : 1))
          .slice(0, limit),
      bySku: async (skus) => rehearsal.offers.filter((offer) => skus.includes(offer.sku)),
    },
    visits: {
      open: async (data) => {
        rehearsal.visits.push(data);
        return `https://naru.example/visits/${rehearsal.visits.length}`;
      },
    },
  };
  return { ...rehearsal, context };
}

/** The answer of a partner that gives this status. */
export function statusAnswer(code: number, text = 'said'): string {
  return `<?xml version="1.0"?><cXML payloadID="p@buyer" timestamp="2026-11-23T09:30:00+09:00"><Response><Status code="${code}" text="${text}"/></Response></cXML>`;
}

/** A wanted change of one listing. */
export function changeOf(sku: string, document: Json, change: Partial<ListingChange> = {}): ListingChange {
  return {
    operation: 'create',
    sku,
    externalIds: {},
    observed: null,
    desired: {
      onSale: true,
      offReason: null,
      document,
      contentHash: 'x',
      price: { minor: 23_900, currency: 'KRW' },
      stock: 5,
      discount: null,
    },
    ...change,
  };
}

export interface SentMessage {
  body: string;
  secret?: string;
  identity?: string;
  payloadId?: string;
  mode?: 'production' | 'test';
}

/** A document as a buyer sends it; `body` stands inside its Request. */
export function buyerMessage(message: SentMessage): Uint8Array {
  const { body, secret = 'welcome &amp; &lt;open&gt;', identity = 'AN0100', payloadId = '1@buyer' } = message;
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.063/cXML.dtd">
<cXML payloadID="${payloadId}" timestamp="2026-11-23T09:29:58+09:00" xml:lang="ko-KR"><Header>
<From><Credential domain="NetworkId"><Identity>AN0100</Identity></Credential></From>
<To><Credential domain="NetworkId"><Identity>AN0200</Identity></Credential></To>
<Sender><Credential domain="NetworkId"><Identity>${identity}</Identity><SharedSecret>${secret}</SharedSecret></Credential>
<UserAgent>Buyer 1</UserAgent></Sender></Header>
<Request deploymentMode="${message.mode ?? 'production'}">${body}</Request></cXML>`);
}

export interface OrderText {
  attributes?: string;
  total?: string;
  header?: string;
  lines?: string;
}

/** One order line as a buyer writes it. */
export function lineXml(
  change: { attributes?: string; price?: string; currency?: string; more?: string } = {},
): string {
  const { attributes = 'quantity="3" lineNumber="10"', price = '23900', currency = 'KRW', more = '' } = change;
  return `<ItemOut ${attributes}><ItemID><SupplierPartID>SG-01-001</SupplierPartID></ItemID><ItemDetail>
<UnitPrice><Money currency="${currency}">${price}</Money></UnitPrice><Description xml:lang="ko">복사용지</Description>
<UnitOfMeasure>BX</UnitOfMeasure>${more}<Classification domain="UNSPSC">14111507</Classification></ItemDetail></ItemOut>`;
}

/** An order with an address, a contact and a comment, of which nothing may be kept. */
export function orderXml({
  attributes = 'orderID="PO-1" orderDate="2026-11-23T09:00:00+09:00"',
  total = '71700',
  header = '',
  lines = lineXml(),
}: OrderText = {}): string {
  const person = `<Address><Name xml:lang="ko">비밀상사</Name><PostalAddress><DeliverTo>홍비밀</DeliverTo><Street>비밀로 1</Street><City>서울</City><Country isoCountryCode="KR">대한민국</Country></PostalAddress><Email>secret@buyer.example</Email></Address>`;
  return `<OrderRequest><OrderRequestHeader ${attributes}><Total><Money currency="KRW">${total}</Money></Total>
<ShipTo>${person}</ShipTo><BillTo>${person}</BillTo>${header}<Contact role="buyer"><Name xml:lang="ko">홍비밀</Name></Contact>
<Comments>비밀번호는 비밀입니다</Comments></OrderRequestHeader>${lines}</OrderRequest>`;
}
