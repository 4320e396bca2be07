import PostalMime from 'postal-mime';
import type { InboundMessage } from '../../src/channel/inbound.ts';
import { XmlRefusal } from './xml-reading.ts';

/**
 * Bounds of a message in parts, before a MIME reader sees it and before anybody has proven who he is. The reader keeps
 * something for every border and every line: five megabytes of borders took it a minute and three gigabytes (measured
 * 2026-11-23).
 */
const maxBorders = 1_000;
const maxLines = 150_000;
const xmlTypes = ['text/xml', 'application/xml', 'application/cxml+xml'];

/** The bytes of the document: the whole message, or of one with attachments the part that `start` names, or the first XML part. */
export async function documentBytes({ contentType, bytes }: InboundMessage): Promise<Uint8Array> {
  if (!/^\s*multipart\//i.test(contentType)) return bytes;
  const head = Buffer.from(`Content-Type: ${contentType.replace(/[\r\n]+/g, ' ')}\r\n\r\n`, 'latin1');
  const message = Buffer.concat([head, bytes]);
  if (hasMoreThan(maxBorders, '\n--', message) || hasMoreThan(maxLines, '\n', message)) {
    throw new XmlRefusal('bounds', 'it has too many parts or lines');
  }
  const parts = await partsOf(message);
  const start = startOf(contentType);
  const named = start === null ? undefined : parts.find(({ contentId }) => bareId(contentId) === start);
  const part = named ?? parts.find(({ mimeType }) => xmlTypes.includes(mimeType));
  if (!part) throw new XmlRefusal('malformed', 'no part of it is XML');
  return new Uint8Array(part.content as ArrayBuffer);
}

/** The id of the root part (RFC 2387); null when the message leaves it to the order of its parts. */
function startOf(contentType: string): string | null {
  const [, quoted, plain] = /;\s*start\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return bareId(quoted ?? plain) || null;
}

function bareId(id: string | undefined): string {
  return (id ?? '').trim().replace(/^<|>$/g, '');
}

function hasMoreThan(limit: number, text: string, message: Buffer): boolean {
  let count = 0;
  for (let at = message.indexOf(text); at !== -1; at = message.indexOf(text, at + 1)) {
    count += 1;
    if (count > limit) return true;
  }
  return false;
}

async function partsOf(
  message: Uint8Array,
): Promise<{ mimeType: string; contentId?: string | undefined; content: unknown }[]> {
  const bounds = { maxNestingDepth: 5, maxHeadersSize: 64 * 1024, maxRfc822NestingDepth: 0 };
  try {
    return (await PostalMime.parse(message, bounds)).attachments;
  } catch {
    // It throws for its own bounds only, and that is about what was sent.
    throw new XmlRefusal('bounds', 'its parts are nested too deeply or their heads are too long');
  }
}
