import type { PulledInquiry } from '../../src/channel/inquiries.ts';
import type { BuyerContact } from '../../src/domain/inquiry.ts';
import { currencySchema, type Money, parseMoney } from '../../src/domain/money.ts';
import { parseSeoulInstant } from '../../src/domain/seoul-time.ts';
import { withoutContacts, withoutNames } from './contact-words.ts';
import type { Envelope } from './inbound-order.ts';
import { Refusal } from './refusal.ts';
import { cutTo } from './short-text.ts';
import { requiredId, wholeUnits } from './wire-values.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml-element.ts';

const maxWord = 300;

/** A `QuoteRequest` as inquiries, one for each item asked about. */
export function readQuote(request: XmlElement, envelope: Envelope, buyer: string | null): PulledInquiry[] {
  const header = childOf(request, 'QuoteRequestHeader');
  const requestId = requiredId(attributeOf(header, 'requestID'), { en: 'requestID', ko: '견적 요청 번호(requestID)' });
  if (attributeOf(header, 'type') === 'delete') {
    throw new Refusal(
      450,
      'A quote request cannot be taken back here; tell our staff.',
      '견적 요청 취소는 여기서 처리하지 않습니다. 담당자에게 알려 주십시오.',
    );
  }
  const items = childrenOf(request, 'QuoteItemOut');
  const asked = items.length === 0 ? [undefined] : items;
  const numbers = asked.map((item, index) => attributeOf(item, 'lineNumber') ?? String(index + 1));
  if (new Set(numbers).size !== numbers.length) {
    throw new Refusal(400, 'Two items have one lineNumber.', '품목 번호(lineNumber)가 겹칩니다.');
  }
  return asked.map((item, index) => {
    const line = numbers[index] ?? '';
    const externalId = asked.length === 1 ? requestId : `${requestId}#${cutTo(line, 20)}`;
    return {
      externalId,
      row: index + 1,
      value: {
        channelNumber: externalId,
        kind: 'rfq',
        receivedAt: dateOf(header, 'requestDate') ?? envelope.sentAt ?? envelope.receivedAt,
        productWords: wordOf(textOf(item, 'ItemID', 'SupplierPartID') ?? itemWords(item)),
        buyerCompany: wordOf(buyer ?? undefined),
        buyerCountry: countryOf(item) ?? countryOf(header),
        quantity: wholeUnits(attributeOf(item, 'quantity')),
        unit: wordOf(textOf(item, 'ItemDetail', 'UnitOfMeasure')),
        targetPrice: priceOf(item),
        incoterm: null,
        port: null,
        message: messageOf(header, item),
        expiresAt: dateOf(header, 'closeDate'),
      },
      contact: contactOf(childOf(header, 'Contact')),
      extras: extrasOf(item),
    };
  });
}

function itemWords(item: XmlElement | undefined): string | undefined {
  return textOf(item, 'ItemDetail', 'Description', 'ShortName') ?? textOf(item, 'ItemDetail', 'Description');
}

function wordOf(text: string | undefined): string | null {
  return (text && cutTo(withoutContacts(text), maxWord)) || null;
}

function dateOf(header: XmlElement | undefined, name: string): Date | null {
  const text = attributeOf(header, name);
  return text === undefined ? null : parseSeoulInstant(text);
}

function countryOf(element: XmlElement | undefined): string | null {
  const country = childOf(element, 'ShipTo', 'Address', 'PostalAddress', 'Country');
  const code = attributeOf(country, 'isoCountryCode')?.toUpperCase();
  return code && /^[A-Z]{2}$/.test(code) ? code : null;
}

/** A wish, not a booking: one that cannot be read exactly is left out and told among the extras. */
function priceOf(item: XmlElement | undefined): Money | null {
  const element = childOf(item, 'ItemDetail', 'UnitPrice', 'Money');
  const currency = currencySchema.safeParse(attributeOf(element, 'currency')).data;
  const price = element && currency ? parseMoney(element.text, currency) : null;
  return price && price.minor > 0 ? price : null;
}

function extrasOf(item: XmlElement | undefined): Record<string, string> {
  const element = childOf(item, 'ItemDetail', 'UnitPrice', 'Money');
  const amount = element?.text.trim();
  if (!amount || priceOf(item) || Number(amount) === 0) return {};
  return { UnitPrice: cutTo(`${amount} ${attributeOf(element, 'currency') ?? ''}`.trim(), maxWord) };
}

function messageOf(header: XmlElement | undefined, item: XmlElement | undefined): string {
  const texts = [
    textOf(header, 'Name'),
    textOf(header, 'Description'),
    textOf(header, 'Comments'),
    textOf(item, 'ItemDetail', 'Description'),
    textOf(item, 'Comments'),
  ];
  const names = [...childrenOf(header, 'Contact'), ...childrenOf(item, 'Contact')].map((one) => textOf(one, 'Name'));
  return withoutContacts(withoutNames(definedOf(names), definedOf(texts).join('\n')));
}

function definedOf(texts: readonly (string | undefined)[]): string[] {
  return texts.flatMap((text) => (text === undefined ? [] : [text]));
}

function contactOf(contact: XmlElement | undefined): BuyerContact | null {
  if (!contact) return null;
  const number = childOf(contact, 'Phone', 'TelephoneNumber');
  const phone = ['CountryCode', 'AreaOrCityCode', 'Number']
    .map((name) => textOf(number, name))
    .filter((part) => part !== undefined)
    .join('-');
  const found = {
    name: cutTo(textOf(contact, 'Name') ?? '', maxWord) || null,
    email: cutTo(textOf(contact, 'Email') ?? '', maxWord) || null,
    phone: cutTo(phone, maxWord) || null,
  };
  return found.name || found.email || found.phone ? found : null;
}
