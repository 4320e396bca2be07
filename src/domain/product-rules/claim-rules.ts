import { CERTIFICATE_NAMES, type CertificateKind } from '../certificate.ts';
import {
  claimsEcoLabel,
  namedAttributes,
  unknownNumbers,
  unprovenMentions,
} from '../claim-wording/certificate-mentions.ts';
import { matchWording, squeeze, type WordingMatch, type WordingSubject } from '../claim-wording/match-wording.ts';
import { quotable } from '../text-safety.ts';
import type { ProductDraft } from './draft.ts';
import type { FindingList } from './findings-of-product.ts';
import { isHouseholdChemical } from './notice-rules.ts';
import { fieldLabel } from './source-fields.ts';

/** Environmental wording: every claim bound to evidence, no certificate named that is not on file, no barred words. */
export function checkClaims(draft: ProductDraft, findings: FindingList): void {
  const subject: WordingSubject = {
    isHouseholdChemical: isHouseholdChemical(draft),
    certificates: draft.certificates,
    ownNames: [draft.brand.ko, draft.brand.en, draft.company.nameKo, draft.company.nameEn].flatMap((name) =>
      name ? [squeeze(name)] : [],
    ),
  };
  const kinds = new Set(draft.certificates.map(({ kind }) => kind).filter((kind) => kind !== undefined));
  // With an unreadable certificate nobody can say what is on file; its own finding already stops the row.
  const isFileReadable = draft.certificates.every(({ kind, number }) => kind !== undefined && number !== undefined);
  const numbers = new Set(
    [...draft.certificates.map(({ number }) => number), draft.kc.number, draft.householdChemical.reportNo]
      .filter((number) => typeof number === 'string')
      .map((number) => number.normalize('NFKC').toUpperCase()),
  );
  for (const { field, text, hasOtherEvidence } of wordedFields(draft)) {
    const squeezed = squeeze(text);
    const matches = matchWording(text, squeezed, subject, hasOtherEvidence);
    if (matches.length > 0) reportWords(field, matches, findings);
    if (isFileReadable) checkMentions(field, text, squeezed, kinds, numbers, findings);
  }
  draft.claims.forEach((claim, index) => {
    checkEvidence(draft, claim, `claims[${index}]`, isFileReadable, findings);
  });
}

function reportWords(field: string, matches: readonly WordingMatch[], findings: FindingList): void {
  const label = fieldLabel(field);
  for (const { rule, result, phrases } of matches) {
    const shown = phrases.map((phrase) => quotable(phrase, 30)).join(', ');
    findings.add(result, rule.rule, field, {
      ko: `${label.ko}의 "${shown}": ${rule.reason.ko}. ${rule.advice.ko}`,
      en: `"${shown}" in ${label.en}: ${rule.reason.en}. ${rule.advice.en}`,
    });
  }
}

function checkMentions(
  field: string,
  text: string,
  squeezed: string,
  kinds: ReadonlySet<CertificateKind>,
  numbers: ReadonlySet<string>,
  findings: FindingList,
): void {
  for (const scheme of unprovenMentions(squeezed, kinds)) {
    const label = fieldLabel(field);
    findings.block('claim_certificate_not_on_file', field, {
      ko: `${label.ko}에 ${scheme.ko} 인증이 언급되었지만 등록된 인증서가 없습니다. 인증서를 입력하거나 문구를 지워 주십시오.`,
      en: `${label.en} names the ${scheme.en} certificate, but none is on file. Enter the certificate or remove the words.`,
    });
  }
  for (const number of unknownNumbers(text, numbers)) {
    const label = fieldLabel(field);
    findings.block('claim_certificate_number_differs', field, {
      ko: `${label.ko}에 적힌 인증번호(${quotable(number, 30)})가 등록된 인증서와 다릅니다. 번호를 확인해 주십시오.`,
      en: `the certificate number in ${label.en} (${quotable(number, 30)}) is none of those on file. Check the number.`,
    });
  }
}

function checkEvidence(
  draft: ProductDraft,
  claim: ProductDraft['claims'][number],
  field: string,
  isFileReadable: boolean,
  findings: FindingList,
): void {
  const { basis, evidenceRef, textKo } = claim;
  if (basis === undefined || evidenceRef === undefined || !isFileReadable) return;
  if (basis === 'none' || (basis === 'other' && evidenceRef === null)) {
    findings.warn('claim_without_evidence', `${field}.basis`, {
      ko: '환경 문구에 근거가 없습니다. 근거가 되는 인증서나 증빙 문서 번호를 입력하거나 문구를 지워 주십시오.',
      en: 'the environmental claim rests on nothing. Give the certificate or document it rests on, or remove the claim.',
    });
    return;
  }
  if (basis === 'other') return;
  const certificate = draft.certificates.find(({ kind, number }) => kind === basis && number === evidenceRef);
  if (!certificate) {
    const scheme = CERTIFICATE_NAMES[basis];
    findings.block('claim_evidence_not_on_file', `${field}.evidence_ref`, {
      ko: `환경 문구의 근거로 적힌 ${scheme.ko} 인증서가 등록된 인증서 목록에 없습니다. 근거번호를 확인해 주십시오.`,
      en: `the ${scheme.en} certificate given as evidence of the claim is not on file. Check the evidence number.`,
    });
    return;
  }
  const squeezed = squeeze(textKo ?? '');
  if (certificate.kind !== 'eco_label' || !claimsEcoLabel(squeezed)) return;
  // The eco-label is shown with its certification reason, and nothing beyond those reasons may be suggested (Guideline).
  const named = namedAttributes(squeezed);
  if (named.length === 0) {
    findings.warn('claim_eco_label_reason_missing', `${field}.text_ko`, {
      ko: '환경표지는 인증사유와 함께 표시해야 합니다. "환경표지 인증 제품(인증번호, 인증사유)"으로 고쳐 주십시오.',
      en: 'the Eco-Label must be shown with its certification reason. Write number and reason beside it.',
    });
    return;
  }
  const granted = squeeze(certificate.reasonsKo.join(' '));
  if (certificate.reasonsKo.length > 0 && named.some((attribute) => !granted.includes(attribute))) {
    findings.warn('claim_reason_not_granted', `${field}.text_ko`, {
      ko: '문구에 적힌 인증사유 중 인증서에 없는 것이 있습니다. 인증서의 인증사유만 적어 주십시오.',
      en: 'the claim names a certification reason that is not on the certificate. Name only the reasons printed there.',
    });
  }
}

interface WordedField {
  field: string;
  text: string;
  hasOtherEvidence: boolean;
}

function wordedFields(draft: ProductDraft): WordedField[] {
  const fields: [string, string | undefined, boolean][] = [
    ['name_ko', draft.name.ko, false],
    ['name_en', draft.name.en, false],
    ['description_ko', draft.description.ko, false],
    ['description_en', draft.description.en, false],
    ...draft.claims.map((claim, index): [string, string | undefined, boolean] => [
      `claims[${index}].text_ko`,
      claim.textKo,
      claim.basis === 'other' && typeof claim.evidenceRef === 'string',
    ]),
    ...draft.images.map((image, index): [string, string | undefined, boolean] => [
      `images[${index}].alt_ko`,
      image.altKo,
      false,
    ]),
  ];
  return fields.flatMap(([field, text, hasOtherEvidence]) => (text ? [{ field, text, hasOtherEvidence }] : []));
}
