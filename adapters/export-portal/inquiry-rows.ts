import { createHash } from 'node:crypto';
import type { PulledInquiry, RowFault } from '../../src/channel/inquiries.ts';
import type { BuyerContact, Inquiry } from '../../src/domain/inquiry.ts';
import { hasLostLetters } from '../../src/domain/text-safety.ts';
import { type InquiryField, kindOf, kindOfNumberHeading } from './inquiry-columns.ts';
import { countryCodeOf } from './inquiry-countries.ts';
import { endOfDay, momentOf, periodOf, type WrittenMoment } from './inquiry-days.ts';
import { type RowFaultCode, rowFault } from './inquiry-faults.ts';
import { cleanText, contactOf, withoutPersonalData } from './inquiry-personal-data.ts';
import { type Cell, textOf } from './inquiry-table.ts';
import { incotermOf, isNothing, priceOf, quantityOf, unitOf } from './inquiry-values.ts';

/** One column of a list: its heading as the file spells it, and what it holds as far as that is known. */
export interface InquiryColumn {
  heading: string;
  field: InquiryField | null;
}

/** What a list says about all of its rows. */
export interface InquirySheet {
  columns: readonly InquiryColumn[];
  /** The kind of rows that do not name theirs. */
  kind: Inquiry['kind'];
  now: Date;
  /** Of a mail, its own id: no two mails share it, and the same mail saved twice keeps it. */
  messageId?: string;
}

const control = /[\p{Cc}]/u;
const dayMs = 86_400_000;

/** A fault on its way out of the readings below; never leaves this file. */
class Refusal extends Error {
  readonly code: RowFaultCode;
  readonly heading: string;

  constructor(code: RowFaultCode, heading = '') {
    super(code);
    this.code = code;
    this.heading = heading;
  }
}

/** One row as an inquiry, or the reason why it cannot be one. */
export function readInquiryRow(row: number, cells: readonly Cell[], sheet: InquirySheet): PulledInquiry | RowFault {
  try {
    return readRow(row, cells, sheet);
  } catch (error) {
    if (error instanceof Refusal) return rowFault(row, error.code, error.heading);
    throw error;
  }
}

/** True for the fault of a row. */
export function isRowFault(reading: PulledInquiry | RowFault): reading is RowFault {
  return 'code' in reading;
}

function readRow(row: number, cells: readonly Cell[], sheet: InquirySheet): PulledInquiry {
  const words = new Words(cells, sheet.columns);
  const when = readWhen(words, sheet.now);
  const product = words.text('product');
  const title = words.text('title');
  const message = withoutPersonalData(product && title ? joined(title, words.text('message')) : words.text('message'));
  const productWords = withoutPersonalData(product || title) || null;
  if (!when.day && !productWords && message === '') throw new Refusal('inquiry_empty');

  const contact = contactOf({
    name: words.known('contactName'),
    email: words.known('contactEmail'),
    phone: words.known('contactPhone'),
    mixed: words.known('contact'),
  });
  const name = contact?.name ?? null;
  const country = words.text('country');
  const number = withoutPersonalData(words.text('channelNumber')) || null;
  const value: Inquiry = {
    channelNumber: number,
    kind: readKind(words, sheet.kind),
    receivedAt: when.receivedAt,
    productWords,
    buyerCompany: withoutPersonalData(words.known('company')) || null,
    buyerCountry: country ? (countryCodeOf(country) ?? (withoutPersonalData(country) || null)) : null,
    ...readQuantity(words),
    ...readTerms(words),
    // A signature stands at the end of most mails.
    message: withoutName(name, message),
    expiresAt: when.expiresAt,
  };
  return {
    externalId: number ?? keyOf(value, when.day),
    row,
    value,
    contact,
    sender: number === null ? senderOf(contact, sheet.messageId ?? '') : null,
    extras: extrasWithout(name, words.extras),
  };
}

/** The cells of one row by field. Cells that no field takes become extras. */
class Words {
  readonly extras: [string, string][] = [];
  readonly #found = new Map<InquiryField, { text: string; heading: string }>();

  constructor(cells: readonly Cell[], columns: readonly InquiryColumn[]) {
    for (const [index, { heading, field }] of columns.entries()) {
      const cell = cells[index];
      // What nobody knows hinders nobody: a formula there only makes a link.
      if (cell && 'fault' in cell && field && field !== 'private') throw new Refusal(cell.fault, heading);
      const raw = textOf(cell).replace(/\r\n?/g, '\n').trim();
      if (raw === '' || field === 'private') continue;
      if (control.test(raw.replace(/[\n\t]/g, ' '))) throw new Refusal('control_characters', heading);
      if (field && hasLostLetters(raw)) throw new Refusal('letters_lost', heading);
      const text = cleanText(raw);
      if (text === '') continue;
      if (field && !this.#found.has(field)) this.#found.set(field, { text, heading });
      else if (!field?.startsWith('contact')) this.extras.push([heading, text]);
    }
  }

  text(field: InquiryField): string {
    return this.#found.get(field)?.text ?? '';
  }

  /** The text, unless it is one of the words for nothing. */
  known(field: InquiryField): string {
    const text = this.text(field);
    return isNothing(text) ? '' : text;
  }

  heading(field: InquiryField): string {
    return this.#found.get(field)?.heading ?? '';
  }

  /** Keeps a cell as written, because it says more than its field can hold. */
  keep(field: InquiryField): void {
    const found = this.#found.get(field);
    if (found) this.extras.push([found.heading, found.text]);
  }
}

interface When {
  receivedAt: Date;
  expiresAt: Date | null;
  /** The stated Seoul day; empty where none is stated, so that a later import of the file makes the same key. */
  day: string;
}

function readWhen(words: Words, now: Date): When {
  const received = readMoment(words, 'receivedAt');
  const periodText = words.known('period');
  const period = periodText ? periodOf(periodText) : null;
  if (period === 'ambiguous') throw new Refusal('date_ambiguous', words.heading('period'));
  // `유효기간` also stands above a single day, the last one.
  const only = periodText && !period ? readMoment(words, 'period') : null;
  const expires = readMoment(words, 'expiresAt') ?? period?.to ?? only;
  const first = received ?? period?.from ?? null;
  return {
    receivedAt: first?.at ?? now,
    expiresAt: expires ? endOfDay(expires) : readDaysLeft(words, now),
    day: first?.day ?? '',
  };
}

function readMoment(words: Words, field: 'receivedAt' | 'expiresAt' | 'period'): WrittenMoment | null {
  const text = words.known(field);
  if (text === '') return null;
  const moment = momentOf(text);
  if (moment === 'ambiguous') throw new Refusal('date_ambiguous', words.heading(field));
  if (moment === null) throw new Refusal('date_unreadable', words.heading(field));
  return moment;
}

/** Counted from today: a list says `12 days left` as of the moment it was saved, which is all that is known of it. */
function readDaysLeft(words: Words, now: Date): Date | null {
  const days = /^(?:D-)?(\d{1,4})\s*(?:days?|일)?\s*(?:left|남음)?$/i.exec(words.known('daysLeft'))?.[1];
  if (days === undefined) {
    words.keep('daysLeft');
    return null;
  }
  const last = momentOf(new Date(now.getTime() + Number(days) * dayMs).toISOString());
  return last && last !== 'ambiguous' ? endOfDay(last) : null;
}

function readKind(words: Words, usual: Inquiry['kind']): Inquiry['kind'] {
  const text = words.text('kind');
  const named = text ? kindOf(text) : null;
  if (text && !named) words.keep('kind');
  return named ?? kindOfNumberHeading(words.heading('channelNumber')) ?? usual;
}

function readQuantity(words: Words): Pick<Inquiry, 'quantity' | 'unit'> {
  const reading = quantityOf(words.text('quantity'));
  const unit = unitOf(words.known('unit'));
  if (typeof reading === 'object') return { quantity: reading.quantity, unit: reading.unit ?? unit };
  // A lead is worth more than its quantity: the words stay, and a person reads them.
  words.keep('quantity');
  return { quantity: null, unit };
}

function readTerms(words: Words): Pick<Inquiry, 'targetPrice' | 'incoterm' | 'port'> {
  const priceText = words.known('targetPrice');
  const priceHeading = words.heading('targetPrice');
  const currency = words.text('currency') || (/[([（［]([^)\]）］]*)/.exec(priceHeading)?.[1] ?? '');
  const targetPrice = priceText ? priceOf(priceText, currency) : null;
  if (!targetPrice) {
    words.keep('targetPrice');
    if (priceText) words.keep('currency');
  }
  const stated = words.known('incoterm');
  const term = incotermOf(stated) ?? incotermOf(priceText);
  if (stated && !incotermOf(stated)) words.keep('incoterm');
  const port = withoutPersonalData(words.known('port')).slice(0, 100);
  return { targetPrice, incoterm: term?.code ?? null, port: port || (term?.place ?? null) };
}

function joined(title: string, message: string): string {
  return message.includes(title) ? message : [title, message].filter((part) => part !== '').join('\n');
}

/** Where the channel gives no number: what makes an inquiry itself (facts §3), without regard to blanks and case. */
function keyOf(value: Inquiry, day: string): string {
  const plain = (text: string | null) => (text ?? '').normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  const message = Array.from(plain(value.message)).slice(0, 200).join('');
  const parts = [plain(value.buyerCompany), plain(value.buyerCountry), plain(value.productWords), message, day];
  return createHash('sha256').update(parts.join('|')).digest('hex');
}

/** What tells senders apart, without regard to how it was written; null where nothing is shown of them. */
function senderOf(contact: BuyerContact | null, messageId: string): string | null {
  if (messageId !== '') return `mail ${messageId}`;
  if (contact?.email) return `e-mail ${contact.email.toLowerCase()}`;
  if (contact?.phone) return `phone ${contact.phone.replace(/\D/g, '')}`;
  return contact?.name ? `name ${contact.name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')}` : null;
}

/** A name of one letter would take letters out of other words. */
function withoutName(name: string | null, text: string): string {
  return name && name.length > 1 ? text.replaceAll(name, '[name]') : text;
}

function extrasWithout(name: string | null, extras: readonly [string, string][]): Record<string, string> {
  const found = new Map<string, string>();
  for (const [heading, text] of extras) {
    let key = heading;
    for (let more = 2; found.has(key); more += 1) key = `${heading} (${more})`;
    found.set(key, withoutPersonalData(withoutName(name, text)));
  }
  return Object.fromEntries(found);
}
