import { ChannelError, type ChannelErrorKind } from '../../src/channel/errors.ts';
import { quotable } from '../../src/domain/text-safety.ts';
import type { LimitFamily } from './limits.ts';
import type { CxmlContext } from './settings.ts';
import { attributeOf, childOf } from './xml-element.ts';
import { readXml, XmlRefusal } from './xml-reading.ts';

/** Codes of statuses that the partner gave inside its answer begin with this; those of HTTP do not. */
export const statusCodePrefix = 'CXML_';

/**
 * Sends one document and reads the status in the answer. It may be repeated: a partner takes a payloadID once, and what
 * we send replaces by key.
 * @returns the status code, one of 200 to 299
 */
export async function sendDocument(
  context: CxmlContext,
  call: { family: LimitFamily; content: string; contentType?: string; timeoutMs?: number },
): Promise<number> {
  const response = await context.http.request({
    method: 'POST',
    // The path is a part of the address the partner gave.
    path: '',
    family: call.family,
    safe: true,
    text: { contentType: call.contentType ?? 'text/xml; charset=UTF-8', content: call.content },
    ...(call.timeoutMs !== undefined && { timeoutMs: call.timeoutMs }),
  });
  const { code, text } = statusOf(response.body);
  if (code >= 200 && code < 300) return code;
  throw new ChannelError(kindOf(code), {
    code: `${statusCodePrefix}${code}`,
    sent: true,
    channelMessage: text === null ? null : quotable(text, 200),
  });
}

function statusOf(body: unknown): { code: number; text: string | null } {
  if (typeof body !== 'string') throw unreadable('EMPTY');
  let root: ReturnType<typeof readXml>;
  try {
    root = readXml(Buffer.from(body, 'utf8'));
  } catch (error) {
    if (error instanceof XmlRefusal) throw unreadable(`NOT_XML_${error.code}`);
    throw error;
  }
  const status = root.name === 'cXML' ? childOf(root, 'Response', 'Status') : undefined;
  const code = attributeOf(status, 'code') ?? '';
  if (!/^\d{3}$/.test(code)) throw unreadable('NO_STATUS');
  return { code: Number(code), text: status?.text.trim() || attributeOf(status, 'text') || null };
}

function unreadable(code: string): ChannelError {
  return new ChannelError('protocol', { code, sent: true, channelMessage: 'the answer is no cXML Response' });
}

/** 4xx is for people, 5xx (560 above all) is for later. */
function kindOf(code: number): ChannelErrorKind {
  if (code === 401) return 'unauthorized';
  if (code === 403) return 'forbidden';
  if (code === 409) return 'conflict';
  if (code >= 400 && code < 500) return 'rejected';
  return code >= 500 && code < 600 ? 'unavailable' : 'protocol';
}
