import { createHash, timingSafeEqual } from 'node:crypto';
import type { CxmlCredentials, CxmlSettings } from './settings.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml-element.ts';

/** More credentials than this are no sender but a search for one. */
const maxCredentials = 10;

/** True when one of the Sender's credentials is the one we agreed on. Takes as long for a near miss as for a far one. */
export function isKnownSender(
  header: XmlElement | undefined,
  settings: Pick<CxmlSettings, 'senderDomain'>,
  credentials: Pick<CxmlCredentials, 'identity' | 'sharedSecret'>,
): boolean {
  const sent = childrenOf(childOf(header, 'Sender'), 'Credential').slice(0, maxCredentials);
  let isKnown = false;
  for (const credential of sent) {
    const isIdentity = isSame(textOf(credential, 'Identity') ?? '', credentials.identity);
    const isSecret = isSame(textOf(credential, 'SharedSecret') ?? '', credentials.sharedSecret);
    const domain = settings.senderDomain;
    const isDomain = domain === undefined || isSame(attributeOf(credential, 'domain') ?? '', domain);
    isKnown = (isIdentity && isSecret && isDomain) || isKnown;
  }
  return isKnown;
}

/** Over digests, because `timingSafeEqual` wants equal lengths and a length is a hint too. */
function isSame(sent: string, known: string): boolean {
  return timingSafeEqual(digestOf(sent), digestOf(known));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
