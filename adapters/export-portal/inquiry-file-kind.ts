import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { NamedFile } from '../../src/channel/batches.ts';
import { inquiryFileError } from './inquiry-file-errors.ts';

export type InquirySource = { kind: 'workbook' } | { kind: 'mail' } | { kind: 'page' | 'csv'; text: string };

const zipStart = 0x504b0304;
const oleStart = 0xd0cf11e0;
/** Heads that every mail has some of. One alone could be the first line of a note; two are a mail. */
const mailHeads =
  /^(?:from|to|subject|date|message-id|mime-version|received|return-path|reply-to|content-type|delivered-to):/gim;
const pageStart =
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)*<(?:!doctype\s+html|html|head|meta|body|table|style|div)\b/i;

/**
 * What a file is, by what stands in it: portals give pages the name `.xls` (facts §4), and people rename files.
 *
 * @throws PeopleError for what is none of the kinds that can be read.
 */
export function sourceOf(file: NamedFile): InquirySource {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  if (bytes.length === 0) throw inquiryFileError('inquiry_file_empty', file.name);
  const start = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (start === zipStart) return { kind: 'workbook' };
  if (start === oleStart) {
    const isMail = /\.msg$/i.test(file.name);
    throw inquiryFileError(isMail ? 'inquiry_outlook_file' : 'inquiry_old_workbook', file.name);
  }
  if (isMail(bytes)) return { kind: 'mail' };
  const text = decodeSaved(bytes);
  if (text.trim() === '') throw inquiryFileError('inquiry_file_empty', file.name);
  // No text of any of these encodings holds a zero byte: this is a picture, a PDF or the like.
  if (text.slice(0, 4096).includes('\0') || text.startsWith('%PDF')) {
    throw inquiryFileError('inquiry_file_unknown', file.name);
  }
  const isPage = pageStart.test(text) || (/\.(?:xls|html?)$/i.test(file.name) && /<table\b/i.test(text));
  return { kind: isPage ? 'page' : 'csv', text };
}

function isMail(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 16_384).replace(/^(?:\xef\xbb\xbf)?\s*/, '');
  const end = /\r?\n\r?\n/.exec(head)?.index ?? head.length;
  const found = new Set((head.slice(0, end).match(mailHeads) ?? []).map((name) => name.toLowerCase()));
  return /^[a-z][a-z0-9-]*:/i.test(head) && found.size >= 2;
}

/**
 * Text of a file whose encoding nobody states reliably. Bytes that are valid UTF-8 to the end are UTF-8, whatever the
 * page says about itself (old JSP pages say EUC-KR and are not); Korean text in CP949 practically never is valid.
 */
function decodeSaved(bytes: Buffer): string {
  if (bytes.length >= 2 && [0xfffe, 0xfeff].includes(bytes.readUInt16BE(0))) return iconv.decode(bytes, 'utf-16');
  if (isUtf8(bytes)) return iconv.decode(bytes, 'utf-8');
  const stated = /charset\s*=\s*["']?\s*([\w-]{2,30})/i.exec(bytes.toString('latin1', 0, 4096))?.[1];
  const usable = stated && !/^utf-?8$/i.test(stated) && iconv.encodingExists(stated) ? stated : 'cp949';
  return iconv.decode(bytes, usable);
}
