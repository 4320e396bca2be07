import { hasResidentNumber } from '../../src/domain/text-safety.ts';
import { cutTo } from './short-text.ts';

const email = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/**
 * Eight digits or more with the usual separators between them, or a local number of three and four: a number of goods
 * is never written so.
 */
const phone = /(?<![\p{L}\p{N}-])(?:\+?\(?\d(?:[\s().-]{0,2}\d){7,14}|\d{3}-\d{4})(?![\p{L}\p{N}-])/gu;
const maxMessage = 4_000;

/** A buyer's free text without addresses and numbers of people; empty when it holds a resident number. */
export function withoutContacts(text: string): string {
  if (hasResidentNumber(text)) return '';
  return cutTo(text, maxMessage)
    .replace(email, '[e-mail]')
    .replace(phone, '[phone]')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
}

/** A text without these names, however they are spaced and whatever their case; a name inside a longer word is left. */
export function withoutNames(names: readonly string[], text: string): string {
  return names.reduce((left, name) => {
    const words = name.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    // One letter alone would be taken out of lists and models.
    if (words.join('').length < 2) return left;
    // Korean particles follow a name without a blank; Latin letters would make it another word.
    const pattern = `(?<!\\p{Script=Latin})${words.join('\\s+')}(?!\\p{Script=Latin})`;
    return left.replace(new RegExp(pattern, 'giu'), '[name]');
  }, text);
}
