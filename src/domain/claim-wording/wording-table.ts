import type { FindingResult } from '../finding.ts';

/**
 * What may not be said about a product, and what needs a person's eye: rules as data, first match first.
 *
 * Sources: "Act 34" = 생활화학제품 및 살생물제의 안전관리에 관한 법률 Art. 34 (text of 2025-12-31); "Notice" = 환경성 표시·광고
 * 관리제도에 관한 고시 No. 2025-165 (in force 2025-10-07); "Guideline" = 환경 관련 표시·광고에 관한 심사지침 No. 442.
 * The full list of barred words for household chemicals was not reachable; words beyond the two in the act are our
 * reading of "similar wording".
 */

/** `household_chemical`: only for those. `general`: every other product. `all`: both. */
export type WordingScope = 'household_chemical' | 'general' | 'all';

/** What makes a matched phrase acceptable; undefined when nothing does. */
export type WordingExcuse =
  /** A certification reason is named beside it, or the text states the certificate it rests on. */
  | 'attribute_named'
  /** The claim rests on a document a person can look at; turns `block` into `warn`. */
  | 'other_evidence'
  /** A GR certificate, an eco-label for resource circulation, or a share in per cent. */
  | 'recycling_proven'
  /** A low-carbon certificate; an EPD without it makes the phrase a `block`. */
  | 'low_carbon_certificate'
  /** A test standard and a time are stated. */
  | 'standard_and_time'
  /** What it is compared with is stated. */
  | 'comparison_stated';

export interface WordingRule {
  rule: string;
  scope: WordingScope;
  result: FindingResult;
  /** Matched against the text in lower case without spaces and symbols (`%` stays). Must be global. */
  pattern: RegExp;
  /** The pattern is matched against the text as written, because word boundaries matter. */
  asWritten?: true;
  excuse?: WordingExcuse;
  reason: { ko: string; en: string };
  advice: { ko: string; en: string };
  source: string;
}

export const WORDING_RULES: readonly WordingRule[] = [
  {
    rule: 'claim_prohibited_household_chemical',
    scope: 'household_chemical',
    result: 'block',
    pattern:
      /(100%|완전)?무독성|독성이?없|환경친화|친환경|자연친화|(인체)?(?<!나)무해(?!충)|무공해|안심성분|안전한성분|인체에?안전|먹어도(안전|되)|안전한(친환경|세정|세제)|nontoxic|ecofriendly|environmentallyfriendly|harmless/g,
    reason: {
      ko: '생활화학제품에는 증빙이 있어도 쓸 수 없는 표현입니다',
      en: 'this wording is barred for household chemicals, proof or not',
    },
    advice: {
      ko: '표현을 지우고, 인증이 있으면 "환경표지 인증 제품(인증번호, 인증사유)"으로만 적어 주십시오.',
      en: 'Remove it; a certified product may only say that it holds the Eco-Label, with number and reason.',
    },
    source: 'Act 34',
  },
  {
    rule: 'claim_legal_duty_as_merit',
    scope: 'all',
    result: 'block',
    pattern:
      /kc인증.{0,6}친환경|친환경.{0,6}kc인증|e1등급?.{0,6}친환경|친환경.{0,6}e1등급|fda(승인|인증)|법정기준.{0,8}친환경/g,
    reason: {
      ko: '법으로 정한 의무를 지킨 것은 환경성 개선이 아닙니다',
      en: 'meeting a legal duty is not an environmental improvement',
    },
    advice: {
      ko: '친환경이라는 말과 떼어 사실만 적어 주십시오(예: KC 인증번호).',
      en: 'State the bare fact (such as the KC number) without any environmental merit.',
    },
    source: 'Notice Art. 5, 7; Guideline',
  },
  {
    rule: 'claim_superlative',
    scope: 'all',
    result: 'block',
    pattern: /100%친환경|(세계|국내|업계|동종)(최초|최대|최고|유일)|유일(한|하게|의|무이)/g,
    excuse: 'other_evidence',
    reason: {
      ko: '객관적 증빙 없이 쓸 수 없는 단정·최상급 표현입니다',
      en: 'an absolute or superlative claim needs objective evidence',
    },
    advice: {
      ko: '표현을 지우거나, 근거를 "other"로 하고 증빙 문서 번호를 적어 주십시오.',
      en: 'Remove it, or set the basis to "other" and give the reference of the evidence.',
    },
    source: 'Notice Art. 7(3)',
  },
  {
    rule: 'claim_absolute_without_scope',
    scope: 'general',
    result: 'block',
    pattern: /무독성|무공해|(100%|완전)무해|인체(에)?무해|nontoxic/g,
    excuse: 'other_evidence',
    reason: {
      ko: '근거와 범위를 밝히지 않은 절대적 표현입니다',
      en: 'an absolute word without stated grounds and limits',
    },
    advice: {
      ko: '"○○ 미검출(시험 기준)"처럼 물질과 시험 기준을 밝혀 주십시오.',
      en: 'Name the substance and the test instead, such as "○○ not detected" with its standard.',
    },
    source: 'Notice Art. 6(3)',
  },
  {
    rule: 'claim_test_report_as_certificate',
    scope: 'all',
    result: 'block',
    pattern: /시험성적서(로|를|에의한)?인증|인증서?시험성적서|시험인증서/g,
    reason: { ko: '시험성적서는 인증서가 아닙니다', en: 'a test report is not a certificate' },
    advice: {
      ko: '"시험성적서 보유(시험 항목, 시험일)"로 고쳐 주십시오.',
      en: 'Say that a test report exists, with item and date of the test.',
    },
    source: 'Notice Art. 10',
  },
  {
    rule: 'claim_carbon',
    scope: 'all',
    result: 'warn',
    pattern: /저탄소(?!강|철)|lowcarbon(?!steel)/g,
    excuse: 'low_carbon_certificate',
    reason: {
      ko: '저탄소라는 표현은 저탄소제품 인증으로 뒷받침되어야 합니다',
      en: '"low-carbon" must rest on a Low-Carbon Product certificate',
    },
    advice: {
      ko: '저탄소제품 인증서를 입력하거나 감축량과 비교 기준을 밝혀 주십시오.',
      en: 'Enter the Low-Carbon certificate, or state the reduction and what it is compared with.',
    },
    source: 'Notice Art. 14',
  },
  {
    rule: 'claim_carbon_neutral',
    scope: 'all',
    result: 'warn',
    pattern: /탄소중립|탄소상쇄|탄소제로|넷제로|carbonneutral|carbonoffset|netzero/g,
    reason: {
      ko: '탄소중립·상쇄는 산정 범위와 근거를 밝혀야 하는 표현입니다',
      en: 'carbon neutrality or offsetting needs its scope and grounds',
    },
    advice: {
      ko: '산정 범위, 감축량, 상쇄 방법의 증빙을 확인한 뒤 승인해 주십시오.',
      en: 'See the evidence for scope, reduction and offset before you approve.',
    },
    source: 'Notice Art. 14',
  },
  {
    rule: 'claim_biodegradable_condition',
    scope: 'all',
    result: 'warn',
    pattern: /생분해(?!도)|썩는|퇴비화|biodegradable|compostable/g,
    excuse: 'standard_and_time',
    reason: {
      ko: '생분해 표현에는 시험 규격, 조건, 기간이 필요합니다',
      en: 'biodegradability needs a standard, a condition and a time',
    },
    advice: {
      ko: '예: "KS M ISO 14855 기준 180일 내 90% 분해"처럼 규격과 기간을 적어 주십시오.',
      en: 'Add them, such as "90% within 180 days by ISO 14855".',
    },
    source: 'Notice Art. 17',
  },
  {
    rule: 'claim_recycled_share',
    scope: 'all',
    result: 'warn',
    pattern: /재활용(?!품?분리|의무)|재생원료|업사이클|리사이클|upcycled/g,
    excuse: 'recycling_proven',
    reason: {
      ko: '재활용 표현에는 비율(%)과 적용 부위(본체 또는 포장)가 필요합니다',
      en: 'a recycled-content claim needs the share (%) and the part (body or packaging)',
    },
    advice: {
      ko: '예: "겉감에 재생 폴리에스터 100% 사용"처럼 비율과 부위를 적어 주십시오.',
      en: 'Add both, such as "outer fabric 100% recycled polyester".',
    },
    source: 'Notice Art. 15',
  },
  {
    rule: 'claim_free_of',
    scope: 'all',
    result: 'warn',
    pattern: /무첨가|무함유/g,
    reason: {
      ko: '어떤 물질이 없는지와 시험 결과를 밝혀야 하는 표현입니다',
      en: 'a "free of" claim needs the substance and the test',
    },
    advice: {
      ko: '물질명과 시험성적서를 확인해 주십시오. 법으로 이미 금지된 물질이면 쓸 수 없습니다.',
      en: 'See the substance and the test report; a substance that is banned anyway may not be advertised.',
    },
    source: 'Notice Art. 11; Guideline',
  },
  {
    rule: 'claim_free_of',
    scope: 'all',
    result: 'warn',
    asWritten: true,
    pattern: /\bfree\b(?!\s*(size|사이즈|shipping|delivery))|(?<![\d.])0\s?%(?!\s*할부)/gi,
    reason: {
      ko: '어떤 물질이 없는지와 시험 결과를 밝혀야 하는 표현입니다',
      en: 'a "free of" claim needs the substance and the test',
    },
    advice: {
      ko: '물질명과 시험성적서를 확인해 주십시오. 법으로 이미 금지된 물질이면 쓸 수 없습니다.',
      en: 'See the substance and the test report; a substance that is banned anyway may not be advertised.',
    },
    source: 'Notice Art. 11; Guideline',
  },
  {
    rule: 'claim_reduction_without_comparison',
    scope: 'all',
    result: 'warn',
    pattern: /\d+%.{0,8}(절감|감소|저감|절약)|(절감|감소|저감|절약).{0,4}\d+%/g,
    excuse: 'comparison_stated',
    reason: {
      ko: '절감률에는 비교 대상, 근거, 시점이 필요합니다',
      en: 'a reduction in per cent needs the compared product, the basis and the date',
    },
    advice: {
      ko: '예: "자사 2024년 모델 대비 30% 절감(시험성적서 번호)"처럼 적어 주십시오.',
      en: 'Add them, such as "30% less than our 2024 model (test report number)".',
    },
    source: 'Notice Art. 9, 13',
  },
  {
    rule: 'claim_company_award',
    scope: 'all',
    result: 'warn',
    pattern: /iso14001|환경경영(시스템)?인증|환경대상|대상수상|수상기업|녹색기업/g,
    reason: {
      ko: '기업의 인증이나 수상은 제품의 환경성이 아닙니다',
      en: "a company's certificate or award says nothing about the product",
    },
    advice: {
      ko: '기업에 대한 사실임을 분명히 하거나 문구를 지워 주십시오.',
      en: 'Make clear that it concerns the company, or remove it.',
    },
    source: 'Notice Art. 7(1)',
  },
  {
    rule: 'claim_vague',
    scope: 'general',
    result: 'warn',
    // 에코백 is the common noun for a tote bag, and 그린 is also a colour; neither says anything about the environment.
    pattern:
      /친환경|환경친화|자연친화|지구를?(지키|살리|위한)|에코(?!백)|(?<!라이트|다크|올리브|민트|카키|애플|네온|딥|페일)그린(?!색|컬러|계열|톤|티)|ecofriendly|environmentallyfriendly/g,
    excuse: 'attribute_named',
    reason: {
      ko: '무엇이 환경에 좋은지 밝히지 않은 포괄적 표현입니다',
      en: 'a vague claim that does not say what is better for the environment',
    },
    advice: {
      ko: '"환경표지 인증(사유: 자원순환성 향상)"처럼 인증과 사유를 함께 적어 주십시오.',
      en: 'Name the certificate and its reason, such as "환경표지 인증(사유: 자원순환성 향상)".',
    },
    source: 'Notice Art. 6',
  },
];

/** The seven attributes an environmental claim may name (Notice; certification reasons of the eco-label). */
export const CLAIM_ATTRIBUTES: readonly string[] = [
  '자원순환성향상',
  '에너지절약',
  '지구환경오염감소',
  '지역환경오염감소',
  '유해물질감소',
  '생활환경오염감소',
  '소음진동감소',
];
