/** What came over the wire, taken apart: the document and what is attached to it. */

import PostalMime from 'postal-mime';
import { Refused } from './refusal.ts';

export interface Delivery {
  xml: string;
  /** The attached file that an address such as `cid:name@host` means; null when there is none. */
  attached(url: string): Uint8Array | null;
}

const XML_TYPES = ['text/xml', 'application/xml'];

/** @throws Refused when the bytes are not UTF-8. */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new Refused(406, 'the document is not UTF-8');
    throw error;
  }
}

function bytesOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
}

async function parted(contentType: string, body: Uint8Array): Promise<Delivery> {
  const head = new TextEncoder().encode(`MIME-Version: 1.0\r\nContent-Type: ${contentType}\r\n\r\n`);
  const mail = await PostalMime.parse(Buffer.concat([head, body]));
  const start = /\bstart="?([^";]+)"?/i.exec(contentType)?.[1];
  const root = mail.attachments.find((part) => (start === undefined ? true : part.contentId === start));
  if (!root || !XML_TYPES.includes(root.mimeType)) throw new Refused(406, 'the first part is no XML document');
  return {
    xml: utf8(bytesOf(root.content)),
    attached: (url) => {
      const id = /^cid:(.+)$/.exec(url)?.[1];
      if (id === undefined) return null;
      const part = mail.attachments.find((one) => one.contentId === `<${decodeURIComponent(id)}>`);
      if (part && part !== root) return bytesOf(part.content);
      // A plain text part without a disposition counts as the message's own text and has lost its Content-ID.
      return mail.text === undefined || mail.text === '' ? null : bytesOf(mail.text);
    },
  };
}

/** @throws Refused for a media type that carries no cXML. */
export async function deliveryOf(contentType: string, body: Uint8Array): Promise<Delivery> {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/related') return parted(contentType, body);
  if (!XML_TYPES.includes(type)) throw new Refused(406, `a document of type ${type || '(none)'} is not accepted`);
  return { xml: utf8(body), attached: () => null };
}
