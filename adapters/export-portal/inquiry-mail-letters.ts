import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { Attachment, Email } from 'postal-mime';
import { readPageText } from './inquiry-page.ts';

/**
 * Korean letters in mails. The runtime's own decoder of `euc-kr` does not know the letters that CP949 added (똠, 펲), and
 * the reader of mails knows no other, so it is handed heads in UTF-8, and bodies as parts that it passes on as bytes.
 */

/** What mail programs call it; all of them send CP949, whatever they say. */
const charset = String.raw`(?:x-)?(?:euc[-_]?kr|ks[-_]?c[-_]?5601(?:[-_:]19\d\d)?|(?:cp|ms|windows)[-_]?949|uhc|korean)`;
const encodedWord = String.raw`=\?${charset}(?:\*[\w-]*)?\?([BQ])\?([^?\s]*)\?=`;
const words = new RegExp(`${encodedWord}(?:[ \\t\\r\\n]+${encodedWord})*`, 'gi');
const bodyType = new RegExp(
  String.raw`^(content-type:[ \t]*(?:\r?\n[ \t]+)?)text/(plain|html)\b((?:[^\r\n]|\r?\n[ \t])*?\bcharset[ \t]*=[ \t]*"?${charset}"?(?![\w-]))`,
  'gim',
);
const passedOn = 'application/x-korean-';

/** The mail with its head in UTF-8, and with Korean bodies as parts that `koreanBody` reads. */
export function withReadableLetters(bytes: Uint8Array): Uint8Array {
  const mail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = mail.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const head = mail.subarray(0, end);
  // Old programs write Korean into heads as it is, which no standard allows.
  const headText = isUtf8(head) ? head.toString('utf8') : iconv.decode(head, 'cp949');
  const readable = asPassedOn(headText).replace(words, (run) => utf8Word(run));
  return Buffer.concat([Buffer.from(readable), Buffer.from(asPassedOn(text.slice(end)), 'latin1')]);
}

function asPassedOn(text: string): string {
  return text.replace(bodyType, (_whole, name: string, kind: string, rest: string) => {
    return `${name}${passedOn}${kind.toLowerCase()}${rest}`;
  });
}

/** Words in a row are decoded together: a letter may begin in one and end in the next. */
function utf8Word(run: string): string {
  const pieces = Array.from(run.matchAll(new RegExp(encodedWord, 'gi')), ([, way = '', text = '']) => {
    if (way.toUpperCase() === 'B') return Buffer.from(text, 'base64');
    const plain = text.replaceAll('_', ' ');
    return Buffer.from(
      plain.replace(/=([0-9A-F]{2})/gi, (_sign, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    );
  });
  const decoded = iconv.decode(Buffer.concat(pieces), 'cp949');
  return `=?utf-8?B?${Buffer.from(decoded).toString('base64')}?=`;
}

/** The text of the Korean bodies of a mail; its pages count where it holds no plain text. Empty where it has none. */
export function koreanBody(mail: Email, fileName: string): string {
  const textOf = (kind: string) =>
    mail.attachments
      .filter((part) => part.mimeType === passedOn + kind && part.disposition !== 'attachment')
      .map((part) => iconv.decode(bytesOf(part), 'cp949'))
      .filter((text) => text.trim() !== '');
  const plain = textOf('plain');
  if (plain.length > 0) return plain.join('\n');
  return textOf('html')
    .map((page) => readPageText(page, fileName))
    .join('\n');
}

function bytesOf({ content }: Attachment): Buffer {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof ArrayBuffer ? Buffer.from(content) : Buffer.from(content);
}
