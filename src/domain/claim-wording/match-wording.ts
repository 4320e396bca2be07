import type { CertificateKind } from '../certificate.ts';
import type { FindingResult } from '../finding.ts';
import { CLAIM_ATTRIBUTES, WORDING_RULES, type WordingRule } from './wording-table.ts';

/** What the wording of a product is judged against. */
export interface WordingSubject {
  isHouseholdChemical: boolean;
  certificates: readonly { kind: CertificateKind | undefined; reasonsKo: readonly (string | undefined)[] }[];
  /** Names of the brand and the company, squeezed: "에코" inside them is a name, not a claim. */
  ownNames: readonly string[];
}

export interface WordingMatch {
  rule: WordingRule;
  result: FindingResult;
  /** The phrases as they were found, without spaces and symbols. */
  phrases: string[];
}

/** Lower case, without spaces and symbols, so that `친 환-경` is found; `%` carries meaning and stays. */
export function squeeze(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}%]/gu, '');
}

/**
 * Phrases of one text that a wording rule blocks or puts before a person.
 *
 * @param text the text as written; @param whole the same, squeezed.
 * @param hasOtherEvidence the text is a claim whose basis is another document that a person can look at.
 */
export function matchWording(
  text: string,
  whole: string,
  subject: WordingSubject,
  hasOtherEvidence: boolean,
): WordingMatch[] {
  const matches: WordingMatch[] = [];
  // A phrase that one rule has found is blanked, so that the rules after it do not complain about the same words.
  let squeezed = whole;
  let written = text;
  for (const rule of WORDING_RULES) {
    if (!isInScope(rule, subject)) continue;
    if (rule.rule === 'claim_vague') squeezed = withoutNames(squeezed, subject.ownNames);
    const searched = rule.asWritten ? written : squeezed;
    const phrases = [...new Set(searched.match(rule.pattern))];
    if (phrases.length === 0) continue;
    if (rule.asWritten) written = written.replace(rule.pattern, ' ');
    else squeezed = squeezed.replace(rule.pattern, ' ');
    const result = judge(rule, whole, subject, hasOtherEvidence);
    if (result) matches.push({ rule, result, phrases });
  }
  return matches;
}

function isInScope(rule: WordingRule, subject: WordingSubject): boolean {
  if (rule.scope === 'all') return true;
  return (rule.scope === 'household_chemical') === subject.isHouseholdChemical;
}

function judge(
  rule: WordingRule,
  squeezed: string,
  subject: WordingSubject,
  hasOtherEvidence: boolean,
): FindingResult | undefined {
  const kinds = new Set(subject.certificates.map((certificate) => certificate.kind));
  switch (rule.excuse) {
    case undefined:
      return rule.result;
    case 'attribute_named':
      return namesAttribute(squeezed) ? undefined : rule.result;
    case 'other_evidence':
      return hasOtherEvidence || squeezed.includes('미검출') ? 'warn' : rule.result;
    case 'recycling_proven':
      return isRecyclingProven(subject) || /\d%/.test(squeezed) ? undefined : rule.result;
    case 'low_carbon_certificate':
      if (kinds.has('low_carbon')) return undefined;
      // Publishing an EPD is not a reduction.
      return kinds.size === 1 && kinds.has('epd') ? 'block' : rule.result;
    case 'standard_and_time':
      return /(ks|iso|en|astm)[a-z]?\d{3,}|ksmiso\d+/.test(squeezed) &&
        /\d+(일|주|개월|days|weeks|months)/.test(squeezed)
        ? undefined
        : rule.result;
    case 'comparison_stated':
      return /대비|비교|보다|기준/.test(squeezed) ? undefined : rule.result;
  }
}

function namesAttribute(squeezed: string): boolean {
  return (
    CLAIM_ATTRIBUTES.some((attribute) => squeezed.includes(attribute)) || /환경표지인증|환경표지제품/.test(squeezed)
  );
}

function isRecyclingProven(subject: WordingSubject): boolean {
  return subject.certificates.some(
    ({ kind, reasonsKo }) =>
      kind === 'gr' ||
      (kind === 'eco_label' && reasonsKo.some((reason) => squeeze(reason ?? '').includes('자원순환성향상'))),
  );
}

function withoutNames(squeezed: string, names: readonly string[]): string {
  let rest = squeezed;
  for (const plain of names) {
    // A name that is nothing but the barred word itself may not open the door for it.
    if (plain.length > 3) rest = rest.replaceAll(plain, ' ');
  }
  return rest;
}
