import { CERTIFICATE_NAMES, type CertificateKind, coversModel, STATUTORY_KINDS } from '../certificate.ts';
import { endOfSeoulDay, formatSeoul, type SeoulDay } from '../seoul-time.ts';
import { quotable } from '../text-safety.ts';
import type { CertificateDraft, ProductDraft } from './draft.ts';
import type { FindingList } from './findings-of-product.ts';
import type { CampaignWindow, RuleContext } from './rule-context.ts';

/** Staff need about this long to obtain a renewed certificate; also the "30 days after" of the programme's rule. */
const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Disposable cups, plates, containers and bags left the eco-label in 2022 (ministry notice drafted in November 2021);
 * certificates then valid ran on to their end, so a current one is for a person to confirm.
 */
const SINGLE_USE =
  /종이컵|플라스틱컵|일회용|1회용|종이접시|비닐봉투|비닐봉지|나무젓가락|빨대|papercup|disposable|singleuse/;
const INSTEAD_OF_SINGLE_USE = /(일회용|1회용)(품|컵|봉투)?(을|를)?(대신|대체|줄이|줄여|이아닌|이아니)/g;

/** Certificates: present, dated, in force, the seller's own, and for this very model. */
export function checkCertificates(draft: ProductDraft, context: RuleContext, findings: FindingList): void {
  if (draft.certificates.length === 0 && !findings.has('certificates')) {
    findings.block('cert_missing', 'certificates', {
      ko: '인증서가 하나도 없습니다. 환경표지, GR, 저탄소제품 등 유효한 인증서를 한 건 이상 입력해 주십시오.',
      en: 'no certificate is given. Enter at least one valid certificate, such as Eco-Label, GR or Low-Carbon.',
    });
  }
  draft.certificates.forEach((certificate, index) => {
    const field = `certificates[${index}]`;
    const name = describe(certificate);
    checkDates(draft, certificate, field, name, context, findings);
    checkHolderAndModel(draft, certificate, field, name, findings);
    checkNumber(draft, certificate, index, name, findings);
    checkSingleUse(draft, certificate, field, name, findings);
  });
  checkStatutoryFlag(draft, findings);
}

function checkDates(
  draft: ProductDraft,
  certificate: CertificateDraft,
  field: string,
  name: { ko: string; en: string },
  context: RuleContext,
  findings: FindingList,
): void {
  const { validFrom, validTo } = certificate;
  if (validFrom !== undefined && validTo !== undefined && validTo < validFrom) {
    findings.block('cert_dates_reversed', `${field}.valid_to`, {
      ko: `${name.ko}의 종료일(${validTo})이 시작일(${validFrom})보다 빠릅니다. 인증서에 적힌 날짜를 확인해 주십시오.`,
      en: `the last day (${validTo}) of ${name.en} is before its first day (${validFrom}). Check the dates printed on it.`,
    });
    return;
  }
  if (validTo !== undefined && validTo < context.today) {
    // A second certificate in force keeps the product lawful; the old one is then only clutter for a person to remove.
    const result = isCoveredByAnother(draft, certificate, context) ? 'warn' : 'block';
    findings.add(result, 'cert_expired', `${field}.valid_to`, {
      ko: `${name.ko}의 유효기간이 ${validTo}에 끝났습니다. 갱신된 인증서의 번호와 기간을 입력하거나 이 인증서를 목록에서 빼 주십시오.`,
      en: `${name.en} expired on ${validTo}. Enter the renewed certificate's number and dates, or take it out of the file.`,
    });
    return;
  }
  if (validFrom !== undefined && validFrom > context.today) {
    const result = isCoveredByAnother(draft, certificate, context) ? 'warn' : 'block';
    findings.add(result, 'cert_not_yet_valid', `${field}.valid_from`, {
      ko: `${name.ko}의 유효기간은 ${validFrom}에 시작됩니다. 그날 이후에 다시 등록해 주십시오.`,
      en: `${name.en} is valid only from ${validFrom}. Import the product again from that day.`,
    });
  }
  if (validTo !== undefined) warnOfEnd(validTo, field, name, context, findings);
}

function warnOfEnd(
  validTo: string,
  field: string,
  name: { ko: string; en: string },
  context: RuleContext,
  findings: FindingList,
): void {
  const inside = context.campaigns.filter((campaign) => endsInside(validTo, campaign));
  for (const campaign of inside) {
    const title = quotable(campaign.name);
    findings.warn('cert_expires_during_campaign', `${field}.valid_to`, {
      ko: `${name.ko}의 유효기간이 ${validTo}까지로, 기획전 "${title}" 기간(${formatSeoul(campaign.startsAt)}부터 ${formatSeoul(campaign.endsAt)}까지) 중에 끝납니다. 종료 전에 갱신 인증서를 등록하지 않으면 판매가 중지됩니다.`,
      en: `${name.en} is valid to ${validTo} and ends during the campaign "${title}" (${formatSeoul(campaign.startsAt)} to ${formatSeoul(campaign.endsAt)}, Seoul). Enter the renewed certificate before then, or the sale stops.`,
    });
  }
  if (inside.length === 0 && daysBetween(context.today, validTo) <= SOON_DAYS) {
    findings.warn('cert_expires_soon', `${field}.valid_to`, {
      ko: `${name.ko}의 유효기간이 ${validTo}에 끝납니다(앞으로 ${SOON_DAYS}일 이내). 갱신 인증서를 미리 준비해 주십시오.`,
      en: `${name.en} ends on ${validTo}, within ${SOON_DAYS} days. Have the renewed certificate ready.`,
    });
  }
}

function endsInside(validTo: SeoulDay, campaign: CampaignWindow): boolean {
  // Zone arithmetic is slow, and nearly every certificate ends far from the campaign: three days cover any zone.
  const roughly = Date.parse(validTo);
  const margin = 3 * DAY_MS;
  if (roughly < campaign.startsAt.getTime() - margin || roughly > campaign.endsAt.getTime() + margin) return false;
  // The last day is included, so validity ends at the first instant of the next day in Seoul.
  const end = endOfSeoulDay(validTo);
  return campaign.startsAt <= end && end < campaign.endsAt;
}

/** Calendar days from one day to another; days alone have no zone, so both may be read as UTC. */
function daysBetween(from: SeoulDay, to: SeoulDay): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** True when another certificate is in force today, belongs to the seller and names the model. */
function isCoveredByAnother(draft: ProductDraft, certificate: CertificateDraft, context: RuleContext): boolean {
  return draft.certificates.some(
    (other) =>
      other !== certificate &&
      other.validFrom !== undefined &&
      other.validTo !== undefined &&
      other.validFrom <= context.today &&
      context.today <= other.validTo &&
      other.kind !== 'epd' &&
      other.holderBusinessNo === draft.company.businessNo &&
      namesModel(other, draft.modelName) === true,
  );
}

function checkHolderAndModel(
  draft: ProductDraft,
  certificate: CertificateDraft,
  field: string,
  name: { ko: string; en: string },
  findings: FindingList,
): void {
  const holder = certificate.holderBusinessNo;
  const seller = draft.company.businessNo;
  if (holder !== undefined && seller !== undefined && holder !== seller) {
    findings.block('cert_holder_differs', `${field}.holder_business_no`, {
      ko: `${name.ko}의 보유 사업자와 판매 업체의 사업자등록번호가 다릅니다. 번호를 바로잡거나, 두 업체의 관계를 증명하는 서류를 담당자에게 제출해 주십시오.`,
      en: `${name.en} belongs to another business number than the seller's. Correct the number, or hand in proof of the relation.`,
    });
  }
  const { modelName } = draft;
  if (modelName !== undefined && namesModel(certificate, modelName) === false) {
    findings.block('cert_model_not_covered', `${field}.covered_models`, {
      ko: `${name.ko}의 인증 모델 목록에 이 상품의 모델(${quotable(modelName)})이 없습니다. 인증서는 적힌 모델에만 적용되므로 모델명을 확인하거나 이 모델의 인증서를 입력해 주십시오.`,
      en: `${name.en} does not name this product's model (${quotable(modelName)}). A certificate applies only to the models on it: check the model, or enter the certificate of this one.`,
    });
  }
}

/** Undefined when it cannot be said because a cell was unreadable. */
function namesModel(certificate: CertificateDraft, modelName: string | undefined): boolean | undefined {
  const models = certificate.coveredModels.filter((model) => model !== undefined);
  if (modelName === undefined || models.length < certificate.coveredModels.length) return undefined;
  return coversModel({ coveredModels: models }, modelName);
}

/** Only the eco-label's number has a confirmed shape (plain integer of up to ten digits); the others stay free text. */
function checkNumber(
  draft: ProductDraft,
  certificate: CertificateDraft,
  index: number,
  name: { ko: string; en: string },
  findings: FindingList,
): void {
  const { kind, number } = certificate;
  if (number === undefined) return;
  const field = `certificates[${index}].number`;
  if (kind === 'eco_label' && !/^\d{1,10}$/.test(number)) {
    findings.warn('cert_number_format', field, {
      ko: '환경표지 인증번호는 숫자로만 되어 있습니다. EL로 시작하는 코드는 제품군 코드이므로, 인증서에 적힌 인증번호를 입력해 주십시오.',
      en: 'an Eco-Label number has digits only. A code that begins with EL names the product group: enter the number printed on the certificate.',
    });
  }
  const first = draft.certificates.findIndex((other) => other.kind === kind && other.number === number);
  if (first < index) {
    findings.warn('cert_repeated', field, {
      ko: `${name.ko}가 두 번 입력되었습니다. 하나를 지워 주십시오.`,
      en: `${name.en} is entered twice. Remove one of them.`,
    });
  }
}

function checkSingleUse(
  draft: ProductDraft,
  certificate: CertificateDraft,
  field: string,
  name: { ko: string; en: string },
  findings: FindingList,
): void {
  if (certificate.kind !== 'eco_label') return;
  const texts = [draft.name.ko, draft.name.en, draft.group.ko, draft.group.en, draft.description.ko];
  const isSingleUse = texts.some((text) => {
    const squeezed = (text ?? '')
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
    return SINGLE_USE.test(squeezed.replace(INSTEAD_OF_SINGLE_USE, ''));
  });
  if (!isSingleUse) return;
  findings.warn('eco_label_single_use', field, {
    ko: `1회용품으로 보이는 상품에 ${name.ko}가 있습니다. 1회용 포장류는 2022년부터 환경표지 대상에서 제외되었으므로, 한국환경산업기술원에 유효 여부를 확인한 뒤 승인해 주십시오.`,
    en: `this looks like a single-use product with ${name.en}. Single-use packaging goods left the Eco-Label in 2022: ask KEITI whether the certificate stands before you approve.`,
  });
}

function checkStatutoryFlag(draft: ProductDraft, findings: FindingList): void {
  const kinds = draft.certificates.map((certificate) => certificate.kind).filter((kind) => kind !== undefined);
  if (kinds.length > 0 && kinds.length === draft.certificates.length && kinds.every((kind) => kind === 'epd')) {
    findings.block('epd_not_green_product', 'certificates', {
      ko: '환경성적표지만으로는 녹색제품이 아닙니다. 저탄소제품 인증서 등 다른 인증서를 함께 입력해 주십시오.',
      en: 'an EPD alone does not make a green product. Enter a further certificate, such as Low-Carbon Product.',
    });
  }
  const flag = draft.isStatutoryGreenProduct;
  if (flag === undefined || kinds.length < draft.certificates.length) return;
  const isStatutory = kinds.some((kind: CertificateKind) => STATUTORY_KINDS.has(kind));
  if (flag && !isStatutory) {
    findings.block('statutory_flag_wrong', 'is_statutory_green_product', {
      ko: '법정 녹색제품으로 표시되었지만 환경표지, GR, 저탄소제품 인증서가 없습니다. 표시를 아니오(false)로 바꾸거나 인증서를 입력해 주십시오.',
      en: 'it is marked as a statutory green product but holds no Eco-Label, GR or Low-Carbon certificate. Set the mark to false, or enter the certificate.',
    });
  } else if (!flag && isStatutory) {
    findings.warn('statutory_flag_wrong', 'is_statutory_green_product', {
      ko: '환경표지, GR 또는 저탄소제품 인증서가 있는데 법정 녹색제품이 아닌 것으로 표시되었습니다. 표시를 확인해 주십시오.',
      en: 'it holds an Eco-Label, GR or Low-Carbon certificate but is not marked as a statutory green product. Check the mark.',
    });
  }
}

/** The certificate as staff would name it on the phone. */
function describe(certificate: CertificateDraft): { ko: string; en: string } {
  const names = certificate.kind ? CERTIFICATE_NAMES[certificate.kind] : { ko: '인증', en: 'certificate' };
  const number = certificate.number === undefined ? undefined : quotable(certificate.number, 30);
  return number === undefined
    ? { ko: `${names.ko} 인증서`, en: `the ${names.en} certificate` }
    : { ko: `${names.ko} ${number} 인증서`, en: `the ${names.en} certificate ${number}` };
}
