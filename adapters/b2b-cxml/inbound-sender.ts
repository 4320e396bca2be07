import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';
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

/**
 * Refuses a message for another supplier or from another buyer than the account lists: it came through the wrong door, and
 * booking it would ship goods to somebody else. Only where a list is given, and only what the message says: partners write
 * one party under identities of several domains, and an order that is refused for that is lost.
 */
export function checkParties(
  header: XmlElement | undefined,
  settings: Pick<CxmlSettings, 'fromIdentities' | 'toIdentities'>,
): void {
  if (!isNamed(childOf(header, 'To'), settings.toIdentities)) {
    throw new Refusal(
      400,
      'To names another supplier than the one of this address. Check the identity and the address.',
      'To의 식별자가 이 주소의 공급자가 아닙니다. 식별자와 주소를 확인하십시오.',
    );
  }
  if (!isNamed(childOf(header, 'From'), settings.fromIdentities)) {
    throw new Refusal(
      400,
      'From names another buyer than the one agreed on for this address. Check the identity, or ask our staff to add it.',
      'From의 식별자가 이 주소에 약속된 구매처가 아닙니다. 식별자를 확인하거나 담당자에게 추가를 요청하십시오.',
    );
  }
}

/** By the identity alone: partners write one identity under several domains. */
function isNamed(party: XmlElement | undefined, known: readonly string[] | undefined): boolean {
  const plain = (text: string) => text.trim().toLowerCase();
  const named = childrenOf(party, 'Credential').flatMap((one) => textOf(one, 'Identity') ?? []);
  if (named.length === 0 || known === undefined) return true;
  return named.some((one) => known.some((identity) => plain(identity) === plain(one)));
}

/** Over digests, because `timingSafeEqual` wants equal lengths and a length is a hint too. */
function isSame(sent: string, known: string): boolean {
  return timingSafeEqual(digestOf(sent), digestOf(known));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
