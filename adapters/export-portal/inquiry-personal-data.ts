import type { BuyerContact } from '../../src/domain/inquiry.ts';
import { normalizeText, unsafeCharacters } from '../../src/domain/text-safety.ts';

const domain = String.raw`(?:[\p{L}\p{N}-]{1,63}\.){1,8}(?:[A-Za-z]{2,24}|xn--[\w-]{2,50}|\p{L}{2,24})`;
const local = String.raw`(?<![\w.%+'*-])[\w.%+'*-]{1,120}`;
/** The end of a domain name has letters: `1000pcs@5.50` is a price. */
const email = new RegExp(`${local}@${domain}`, 'gu');
const maskedEmail =
  /(?<![\w.%+'*-])[\w.%+'*-]{1,120}@[\w.*-]*\*[\w.*-]*|(?<![\w.%+'*-])[\w.%+'-]*\*[\w.%+'*-]*@[\w.-]+/g;
const spelledEmail = new RegExp(
  String.raw`${local}\s?[[({]\s?at\s?[\])}]\s?[\p{L}\p{N}-]{1,63}(?:(?:\.|\s?[[({]\s?dot\s?[\])}]\s?)[A-Za-z]{2,24}){1,4}`,
  'giu',
);

/** Between the groups of a number: a line never breaks there, and a full stop with a blank ends a sentence. */
const gap = String.raw`(?:[./]|[ \t\u00a0()\-\u2010-\u2015\u2212]{1,3})`;
const start = String.raw`(?<![\w\-./,])`;
const end = String.raw`(?![\w]|[-.,]\d)`;
/**
 * Numbers that can be nothing else than telephone numbers. A model number, HS code (`8539.50-0000`), date, price or
 * bar code must survive, so a plain row of digits counts only where Korean mobiles look like one or a label says so.
 */
const phones: readonly RegExp[] = [
  // Korea from abroad, with its trunk zero or without.
  new RegExp(String.raw`(?<![\w\-./,+])\+?\s?82${gap}(?:0${gap}?)?(?:\d{1,2})${gap}\d{3,4}${gap}\d{4}${end}`, 'g'),
  new RegExp(String.raw`(?<![\w+])\+\s?\(?\d{1,15}\)?(?:${gap}\d{1,12}){0,6}${end}`, 'g'),
  new RegExp(String.raw`${start}00[1-9]\d{0,2}(?:${gap}\d{2,9}){2,5}${end}`, 'g'),
  // Korea: mobile, Seoul, the provinces, internet and virtual numbers.
  new RegExp(String.raw`(?<![\w\-./,])\(?0(?:2|[3-6][1-5]|1[016-9]|70|50\d?|80)${gap}\d{3,4}${gap}\d{4}${end}`, 'g'),
  new RegExp(String.raw`${start}(?:010\d{8}|01[16-9]\d{7,8})${end}`, 'g'),
  // North America.
  new RegExp(String.raw`(?<![\w\-./,])(?:1[ .-])?\([2-9]\d\d\)[ .-]?[2-9]\d\d[ .-]\d{4}${end}`, 'g'),
  new RegExp(String.raw`${start}(?:1-)?[2-9]\d\d-[2-9]\d\d-\d{4}${end}`, 'g'),
  // China's mobiles.
  new RegExp(String.raw`${start}(?:86${gap})?1[3-9]\d-\d{4}-\d{4}${end}`, 'g'),
  // Masked by the portal.
  new RegExp(String.raw`${start}(?=[\d*\-]*\*)(?=[\d*\-]*\d)[\d*]{2,4}-[\d*]{3,4}-[\d*]{4}(?![\w*])`, 'g'),
];
const labelled =
  /((?:\b(?:tel|telephone|phone|mobile|cell(?:phone)?|fax|h\.?p|mob|whatsapp|wechat|viber)|전화|연락처|휴대폰|휴대전화|핸드폰|팩스|카톡)(?:번호|\s?(?:no|number))?\s?[.:#：]?\s?[.:#：]?\s{0,3})(\(?\d{1,15}(?:(?:[./]|[ \t()-]{1,3})\d{1,12}){0,6})(?![\w]|[-.,]\d)/gi;
const codeOrDate = /^(?:\d{4}\.\d{2}(?:[.-]\d{2,4}){0,2}|\d{4}[-./]\d{1,2}[-./]\d{1,2})$/;
const residentNumber = /(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\s?-\s?[1-8]\d{6}(?!\d)/g;

/** The text with e-mail addresses, telephone and resident numbers taken out; everything else stays as it is. */
export function withoutPersonalData(text: string): string {
  let left = text
    // Full-width letters and signs are the same to whoever dials or mails.
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  if (left.includes('@')) left = left.replace(email, '[e-mail]').replace(maskedEmail, '[e-mail]');
  left = left.replace(spelledEmail, '[e-mail]').replace(residentNumber, '[number]');
  if (!/\d/.test(left)) return left;
  for (const phone of phones) left = left.replace(phone, (found) => (isLongEnough(found) ? '[phone]' : found));
  return left.replace(labelled, (found, label: string, number: string) =>
    isLongEnough(number) && !codeOrDate.test(number.trim()) ? `${label}[phone]` : found,
  );
}

/** Longer than any number is still taken out: losing a fact costs less than keeping a number. */
function isLongEnough(found: string): boolean {
  return found.replace(/[^\d*]/g, '').length >= 7;
}

/** NFC, and without the characters that nobody sees; controls are judged before, because they mean a broken file. */
export function cleanText(text: string): string {
  const normal = normalizeText(text.replace(/[\u2028\u2029]/g, '\n'));
  if (unsafeCharacters(normal, true).length === 0) return normal;
  const seen = Array.from(normal).filter((character) => unsafeCharacters(character, true).length === 0);
  return normalizeText(seen.join(''));
}

const masked = /[*•●○□■＊※]|x{3,}|\bhidden\b|비공개|회원\s*(?:공개|전용)|로그인|members?\s*only|log\s*in/i;
const wholeEmail = new RegExp(`^[\\w.%+'-]{1,64}@${domain}$`, 'u');
const automatic =
  /^(?:no-?_?reply|do-?not-?reply|mailer-daemon|postmaster|notification|notice|system|admin|webmaster)\b/i;

export interface ContactWords {
  name: string;
  email: string;
  phone: string;
  /** One field that may hold any of the three. */
  mixed: string;
}

/** The buyer's contact as far as it is shown; a masked part is no part, and where none is left there is no contact. */
export function contactOf(words: ContactWords): BuyerContact | null {
  const mixed = masked.test(words.mixed) ? '' : words.mixed;
  const mixedEmail = mixed.match(email)?.[0] ?? '';
  const rest = mixed.replace(mixedEmail, ' ').trim();
  const restPhone = /[+(]?\d[\d \t().+\-/]{5,24}\d/.exec(rest)?.[0] ?? '';
  const restName = rest.replace(restPhone, ' ');
  const found: BuyerContact = {
    name: nameIn(words.name) ?? nameIn(restName),
    email: emailIn(words.email) ?? emailIn(words.name) ?? emailIn(mixedEmail),
    phone: phoneIn(words.phone) ?? phoneIn(restPhone),
  };
  return found.name || found.email || found.phone ? found : null;
}

function emailIn(text: string): string | null {
  if (masked.test(text)) return null;
  const found = text.match(email)?.[0] ?? '';
  return wholeEmail.test(found) && !automatic.test(found) ? found : null;
}

function phoneIn(text: string): string | null {
  const phone = text.trim();
  if (masked.test(phone) || !/^[+\d(][\d \t().+\-/]*(?:(?:ext|x|내선)\.?\s?\d{1,6})?$/i.test(phone)) return null;
  const digits = phone.replace(/\D/g, '').length;
  return digits >= 7 && digits <= 20 ? phone : null;
}

function nameIn(text: string): string | null {
  if (masked.test(text)) return null;
  const name = withoutPersonalData(text)
    .replace(/\[(?:e-mail|phone|number)\]/g, ' ')
    .replace(/[<>()[\]"/,;:|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return /\p{L}/u.test(name) ? name.slice(0, 100) : null;
}
