import PostalMime, { type Address, type Email, type Mailbox } from 'postal-mime';
import type { InquiryFile } from '../../src/channel/inquiries.ts';
import { fieldOf, type InquiryField, kindOf } from './inquiry-columns.ts';
import { momentOf } from './inquiry-days.ts';
import { inquiryFileError } from './inquiry-file-errors.ts';
import { koreanBody, withReadableLetters } from './inquiry-mail-letters.ts';
import { readPageText } from './inquiry-page.ts';
import { isRowFault, readInquiryRow } from './inquiry-rows.ts';
import { quantityOf } from './inquiry-values.ts';

/** `Product: …` lines that count; whatever else a mail says stays in its message. */
const labelledFields: ReadonlySet<InquiryField> = new Set([
  ...(['channelNumber', 'product', 'company', 'country', 'quantity', 'targetPrice', 'incoterm', 'port'] as const),
  ...(['expiresAt', 'contactName', 'contactEmail', 'contactPhone'] as const),
]);
/** `No: …`, `Name: …` and the like stand in mails about anything. */
const looseLabels = /^(?:id|no|number|번호|sent|from|to|manager|sender)$/i;
const maxLabelLines = 400;

const replyMarks = /^\s*(?:(?:re|fw|fwd|회신|전달)\s*:\s*|\[[^\]]{0,40}\]\s*)+/i;
const askedFor =
  /^(?:(?:product|new|buyer)\s+)?(?:inquiry|enquiry|rfq|request for quotation|quotation request|sample order|question)\s*(?:for|about|on|regarding|:|-|–)\s*(.+)$/i;
const askedKorean =
  /^(.+?)\s*(?:에 대한|관련)?\s*(?:상품|제품)?\s*(?:문의|견적\s*요청|견적\s*문의|샘플\s*(?:주문|요청))(?:드립니다|입니다|합니다)?\.?$/;

/**
 * One saved mail as one inquiry.
 *
 * @throws PeopleError `inquiry_mail_broken`, `inquiry_html_broken`.
 */
export async function readMail(bytes: Uint8Array, fileName: string, now: Date): Promise<InquiryFile> {
  let mail: Email;
  try {
    mail = await PostalMime.parse(withReadableLetters(bytes), { maxNestingDepth: 30, maxRfc822NestingDepth: 2 });
  } catch {
    throw inquiryFileError('inquiry_mail_broken', fileName);
  }
  const body = withoutControls(bodyOf(mail, fileName));
  const subject = withoutControls(mail.subject ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  const labels = labelsIn(body);
  const sender = mailboxOf(mail.replyTo?.[0]) ?? mailboxOf(mail.from);
  const about = subject.replace(replyMarks, '').trim();
  const found: [string, InquiryField | null, string][] = [
    ...labels,
    ['Date', 'receivedAt', dateOf(mail)],
    ['Subject', 'product', labels.some(([, field]) => field === 'product') ? '' : productIn(about)],
    // A subject that is nothing but the product's name is told once.
    ['Subject', null, productIn(about) === subject ? '' : subject],
    ['Body', 'message', body.trim()],
    ['From', 'contactName', withoutControls(sender?.name ?? '')],
    ['From', 'contactEmail', withoutControls(sender?.address ?? '')],
  ];
  const used = new Set<InquiryField>();
  const lines = found.filter(([, field, text]) => {
    if (text === '' || (field && used.has(field))) return false;
    if (field) used.add(field);
    return true;
  });
  const reading = readInquiryRow(
    1,
    lines.map(([, , text]) => ({ text })),
    {
      columns: lines.map(([heading, field]) => ({ heading, field })),
      kind: kindOf(subject) ?? 'inquiry',
      now,
      messageId: (mail.messageId ?? '').trim(),
    },
  );
  return isRowFault(reading) ? { inquiries: [], faults: [reading] } : { inquiries: [reading], faults: [] };
}

/** Plain text before a page, and whatever the letters are in. */
function bodyOf(mail: Email, fileName: string): string {
  const plain = mail.text?.trim() ? mail.text : '';
  const korean = koreanBody(mail, fileName);
  if (plain !== '' || korean !== '') return [korean, plain].filter((text) => text !== '').join('\n');
  return mail.html ? readPageText(mail.html, fileName) : '';
}

/** The lines of a body that name what they hold; unreadable ones are left to the message, nobody can correct a mail. */
function labelsIn(body: string): [string, InquiryField, string][] {
  const found: [string, InquiryField, string][] = [];
  for (const line of body.split('\n', maxLabelLines)) {
    const match = /^[\s\-*•·▪■○>]*([\p{L}][\p{L}\p{N} ./()-]{0,38}?)\s*[:：]\s*(\S.{0,500})$/u.exec(line.slice(0, 600));
    if (!match) continue;
    const [, heading = '', text = ''] = match;
    const field = looseLabels.test(heading) ? null : fieldOf(heading);
    if (field && labelledFields.has(field) && isReadable(field, text)) found.push([heading, field, text.trim()]);
  }
  return found;
}

function isReadable(field: InquiryField, text: string): boolean {
  if (field === 'quantity') return quantityOf(text) !== 'no-number';
  if (field !== 'expiresAt') return true;
  const moment = momentOf(text);
  return moment !== null && moment !== 'ambiguous';
}

function productIn(about: string): string {
  return (askedFor.exec(about)?.[1] ?? askedKorean.exec(about.slice(0, 300))?.[1] ?? about).trim();
}

/** ISO where the mail's date is one; else as written, so that the row's fault says that it cannot be read. */
function dateOf(mail: Email): string {
  return withoutControls(mail.date ?? '').slice(0, 100);
}

function mailboxOf(address: Address | undefined): Mailbox | null {
  if (!address) return null;
  return address.group === undefined ? address : (address.group[0] ?? null);
}

/** Form feeds and the like are common in mails and say nothing. */
function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\p{Cc}]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ''));
}
