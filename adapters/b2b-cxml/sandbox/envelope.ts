/** The envelope of every cXML document: who sends it to whom, and whether they may. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { DtdName } from './dtd-check.ts';
import type { Parties, PartyIdentity } from './parties.ts';
import { Refused } from './refusal.ts';
import { at, childrenOf, textAt, type XmlElement, type XmlTree } from './xml-tree.ts';

const ADDRESS = /^https?:\/\/xml\.cxml\.org\/schemas\/cXML\/(1\.2\.\d{3})\/(cXML|Fulfill|Quote)\.dtd$/i;

const dtdOfContent: Record<string, DtdName> = {
  ConfirmationRequest: 'Fulfill',
  ShipNoticeRequest: 'Fulfill',
  QuoteRequest: 'Quote',
  QuoteMessage: 'Quote',
};

/** The DTD that describes a document with this content. */
export function dtdFor(content: string): DtdName {
  return dtdOfContent[content] ?? 'cXML';
}

/**
 * The document's version, as its DOCTYPE names it.
 * @throws Refused without a DOCTYPE, or with one that belongs to other content.
 */
export function checkDoctype(tree: XmlTree, content: string): string {
  const [, version, dtd] = ADDRESS.exec(tree.systemId ?? '') ?? [];
  if (version === undefined) throw new Refused(406, 'the DOCTYPE names no version of cXML 1.2');
  if (tree.doctypeName !== tree.root.name) throw new Refused(406, 'the DOCTYPE names another root element');
  if (dtd?.toLowerCase() !== dtdFor(content).toLowerCase())
    throw new Refused(406, `${content} is described by ${dtdFor(content)}.dtd, not ${dtd}.dtd`);
  return version;
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function names(party: XmlElement | null, { domain, identity }: PartyIdentity): boolean {
  return childrenOf(party, 'Credential').some(
    (one) => one.attributes.domain === domain && textAt(one, 'Identity') === identity,
  );
}

/** @throws Refused when the sender is not the supplier, or the document is not for this buyer. */
export function checkHeader(root: XmlElement, parties: Parties): void {
  const header = at(root, 'Header');
  if (header === null) throw new Refused(406, 'there is no Header');
  const known = childrenOf(at(header, 'Sender'), 'Credential').some(
    (one) =>
      one.attributes.domain === parties.supplier.domain &&
      textAt(one, 'Identity') === parties.supplier.identity &&
      sameText(textAt(one, 'SharedSecret') ?? '', parties.sharedSecret),
  );
  if (!known) throw new Refused(401, 'the Sender is not known here, or its secret is wrong');
  if (!names(at(header, 'From'), parties.supplier)) throw new Refused(401, 'From is not the supplier');
  if (!names(at(header, 'To'), parties.buyer)) throw new Refused(400, 'To is not this buyer');
}

/**
 * The cart comes through the buyer's browser: there the secret must not stand, for whoever sits at it could read it.
 * @throws Refused when it does, or when the cart is of or for somebody else.
 */
export function checkBrowserHeader(root: XmlElement, parties: Parties): void {
  const header = at(root, 'Header');
  if (header === null) throw new Refused(406, 'there is no Header');
  for (const place of ['From', 'To', 'Sender']) {
    if (childrenOf(at(header, place), 'Credential').some((one) => at(one, 'SharedSecret') !== null))
      throw new Refused(400, 'a cart that passes through a browser must not carry the shared secret');
  }
  if (!names(at(header, 'From'), parties.supplier)) throw new Refused(401, 'From is not the supplier');
  if (!names(at(header, 'To'), parties.buyer)) throw new Refused(400, 'To is not this buyer');
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** @throws Refused when the timestamp has no offset, or the id is empty. */
export function checkStamp(root: XmlElement): { payloadId: string } {
  const { payloadID = '', timestamp = '' } = root.attributes;
  if (payloadID.trim() === '') throw new Refused(406, 'the payloadID is empty');
  if (!INSTANT.test(timestamp)) throw new Refused(406, 'the timestamp is no ISO 8601 instant with an offset');
  return { payloadId: payloadID };
}
