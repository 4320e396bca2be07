import { CERTIFICATE_NAMES, type CertificateKind } from '../certificate.ts';
import { CLAIM_ATTRIBUTES } from './wording-table.ts';

interface Mention {
  kind: CertificateKind;
  /** Kinds of which any one makes the mention true. */
  provenBy: readonly CertificateKind[];
  pattern: RegExp;
}

/** "outside the scheme" is an honest remark and no claim to hold the certificate. */
const DENIAL = '(?!(인증)?(제품)?(의)?(대상|품목)?(이|은|에서)?(아닙|아니|아님|제외|없)|인증을?(받지|취득하지))';

const MENTIONS: readonly Mention[] = [
  {
    kind: 'eco_label',
    provenBy: ['eco_label'],
    pattern: new RegExp(`(환경표지|환경마크|에코라벨)${DENIAL}|ecolabelcertified|certifiedecolabel|koreaecolabel`),
  },
  { kind: 'gr', provenBy: ['gr'], pattern: new RegExp(`(우수재활용제품|gr인증|gr마크|gr제품)${DENIAL}`) },
  {
    kind: 'low_carbon',
    provenBy: ['low_carbon'],
    pattern: new RegExp(`(저탄소제품|저탄소인증)${DENIAL}`),
  },
  {
    kind: 'green_tech',
    provenBy: ['green_tech'],
    pattern: new RegExp(`(녹색기술제품|녹색기술인증|녹색인증)${DENIAL}`),
  },
  // The low-carbon certificate stands on top of an EPD, so it proves one.
  { kind: 'epd', provenBy: ['epd', 'low_carbon'], pattern: new RegExp(`환경성적표지${DENIAL}`) },
];

/** `인증번호 99001`, `확인번호: DEMO-GT-0001`; the words before it tell whether it is a KC or radio number. */
const NUMBER_SHOWN = /(.{0,12})(?:인증|확인)\s*번호\s*[:：]?\s*(?:제\s*)?([A-Za-z0-9][A-Za-z0-9-]*)/gu;
const OTHER_SCHEME = /KC|전파|적합|안전확인|안전인증|전기용품/i;

/** Certificate schemes that a squeezed text says the product holds, though none of the kinds on file proves it. */
export function unprovenMentions(
  squeezed: string,
  kindsOnFile: ReadonlySet<CertificateKind>,
): { ko: string; en: string }[] {
  return MENTIONS.filter(
    ({ pattern, provenBy }) => pattern.test(squeezed) && !provenBy.some((kind) => kindsOnFile.has(kind)),
  ).map(({ kind }) => CERTIFICATE_NAMES[kind]);
}

/** Certificate numbers shown in a text that are none of the numbers on file. */
export function unknownNumbers(text: string, numbersOnFile: ReadonlySet<string>): string[] {
  const unknown: string[] = [];
  if (!text.includes('번호')) return unknown;
  for (const [, before = '', number = ''] of text.normalize('NFKC').matchAll(NUMBER_SHOWN)) {
    if (OTHER_SCHEME.test(before)) continue;
    if (!numbersOnFile.has(number.toUpperCase())) unknown.push(number);
  }
  return unknown;
}

/** The certification reasons a squeezed text names, as squeezed attribute names. */
export function namedAttributes(squeezed: string): string[] {
  return CLAIM_ATTRIBUTES.filter((attribute) => squeezed.includes(attribute));
}

/** True when a squeezed text says that the product holds the eco-label. */
export function claimsEcoLabel(squeezed: string): boolean {
  return MENTIONS.some(({ kind, pattern }) => kind === 'eco_label' && pattern.test(squeezed));
}
