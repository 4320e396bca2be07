import { createHash } from 'node:crypto';
import { timestampOf } from './amounts.ts';
import { type CxmlContext, type CxmlSettings, xmlLanguage } from './settings.ts';
import { type Dtd, type XmlContent, xmlFragment, xmlProlog } from './xml-writing.ts';

/** A finished document and the id by which the partner knows it. */
export interface CxmlDocument {
  payloadId: string;
  xml: string;
}

const userAgent = 'Naru';

/**
 * The id of a document, made from what it says: the same thing sent again is the same document, which a partner that has
 * it already takes once (payloadID is the key of repeats).
 */
export function payloadIdOf(accountId: string, content: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
  return `${digest}@${accountId}.naru`;
}

/**
 * A request to the partner. `sameAs` is what makes it the same request; its content when left out. `at` is the stamp of
 * what may be told again: a partner may want the same document under the same id to the last byte.
 */
export function requestDocument(
  context: CxmlContext,
  request: { dtd: Dtd; name: string; content: XmlContent; sameAs?: unknown; at?: Date },
): CxmlDocument {
  const { settings, id } = context.account;
  const { credentials } = context;
  const payloadId = payloadIdOf(id, [request.name, request.sameAs ?? request.content]);
  const secret = credentials.outboundSecret ?? credentials.sharedSecret;
  const at = request.at ?? context.clock.now();
  return whole(
    context,
    { dtd: request.dtd, payloadId, at },
    {
      Header: headerOf(settings, secret),
      Request: { '@deploymentMode': settings.deploymentMode ?? 'production', [request.name]: request.content },
    },
  );
}

/**
 * A message that a person's browser carries. It goes through hands that must not learn our secret, so the sender is named
 * and not proven.
 */
export function messageDocument(context: CxmlContext, name: string, content: XmlContent): CxmlDocument {
  const { settings, id } = context.account;
  const payloadId = payloadIdOf(id, [name, content]);
  return whole(
    context,
    { dtd: 'cXML', payloadId, at: context.clock.now() },
    {
      Header: headerOf(settings, null),
      Message: { '@deploymentMode': settings.deploymentMode ?? 'production', [name]: content },
    },
  );
}

function headerOf(settings: CxmlSettings, secret: string | null): XmlContent {
  const us: XmlContent = { '@domain': settings.identity.domain, Identity: settings.identity.identity };
  return {
    From: { Credential: us },
    To: { Credential: { '@domain': settings.buyer.domain, Identity: settings.buyer.identity } },
    Sender: { Credential: secret === null ? us : { ...us, SharedSecret: secret }, UserAgent: userAgent },
  };
}

function whole(
  context: CxmlContext,
  { dtd, payloadId, at }: { dtd: Dtd; payloadId: string; at: Date },
  content: { [name: string]: XmlContent },
): CxmlDocument {
  const head = {
    '@payloadID': payloadId,
    '@timestamp': timestampOf(at),
    '@xml:lang': xmlLanguage(context.account.settings.language),
  };
  return { payloadId, xml: xmlProlog('cXML', dtd) + xmlFragment('cXML', { ...head, ...content }) };
}

export interface StatusContent {
  code: number;
  /** The standard phrase of the code. */
  phrase: string;
  /** What happened and what to do, for the partner's staff. */
  detail: string;
}

/** A response to the partner, in which a status always stands and sometimes an answer beside it. */
export function responseDocument(
  source: { id: string; at: Date },
  status: StatusContent,
  body: { [name: string]: XmlContent } = {},
): string {
  const content: XmlContent = {
    Status: { '@code': String(status.code), '@text': status.phrase, '#': status.detail },
    ...body,
  };
  const timestamp = timestampOf(source.at);
  const head = { '@payloadID': payloadIdOf(source.id, [timestamp, content]), '@timestamp': timestamp };
  return xmlProlog('cXML', 'cXML') + xmlFragment('cXML', { ...head, Response: content });
}
