import { describe, expect, it } from 'vitest';
import { briefs, check, goodRow, set } from '../support/catalogue-rows.ts';

const chair = 'SG-03-001'; // eco-label for indoor air and resource circulation
const window = 'SG-05-001'; // eco-label for energy alone
const cleaner = 'SG-09-003'; // household chemical
const carbon = 'SG-14-002'; // low-carbon alone

function describedAs(sku: string, text: string): string[] {
  return briefs(check(set(goodRow(sku), 'description_ko', text)));
}

describe('wording that is stopped or shown to a person', () => {
  it.each([
    [cleaner, '친 환-경 세제', 'block claim_prohibited_household_chemical description_ko'],
    [cleaner, '인체에 무해합니다', 'block claim_prohibited_household_chemical description_ko'],
    [chair, '무독성 의자', 'block claim_absolute_without_scope description_ko'],
    [chair, '완전 무해', 'block claim_absolute_without_scope description_ko'],
    [chair, '세계 최초 의자', 'block claim_superlative description_ko'],
    [chair, '100% 친환경', 'block claim_superlative description_ko'],
    [chair, '친환경 의자', 'warn claim_vague description_ko'],
    [chair, '지구를 지키는 의자', 'warn claim_vague description_ko'],
    [window, '재활용 소재 창호', 'warn claim_recycled_share description_ko'],
    [chair, '생분해 소재', 'warn claim_biodegradable_condition description_ko'],
    [window, '저탄소 창호', 'warn claim_carbon description_ko'],
    [carbon, '탄소중립 제품', 'warn claim_carbon_neutral description_ko'],
    [chair, '형광물질 무첨가', 'warn claim_free_of description_ko'],
    [chair, 'BPA-FREE 의자', 'warn claim_free_of description_ko'],
    [chair, 'KC 인증 친환경 의자', 'block claim_legal_duty_as_merit description_ko'],
    [chair, 'E1 등급 친환경 목재', 'block claim_legal_duty_as_merit description_ko'],
    [chair, '시험성적서로 인증받은 의자', 'block claim_test_report_as_certificate description_ko'],
    [chair, 'ISO 14001 회사의 의자', 'warn claim_company_award description_ko'],
    [window, '난방비 30% 절감', 'warn claim_reduction_without_comparison description_ko'],
    [chair, '우수재활용제품(GR) 의자', 'block claim_certificate_not_on_file description_ko'],
    [chair, '환경표지 인증번호 99008', 'block claim_certificate_number_differs description_ko'],
  ])('%s: %s', (sku, text, expected) => {
    expect(describedAs(sku, text)).toContain(expected);
  });

  it.each([
    [chair, '환경표지 인증 제품(인증번호 99007, 인증사유: 생활 환경오염 감소)입니다.'],
    [chair, '친환경: 환경표지 인증(사유: 자원순환성 향상)'],
    [chair, '재활용 플라스틱을 쓴 의자'],
    [chair, '라이트그린 에코백 증정'],
    [chair, '폼알데하이드 방출량 E0 등급'],
    [chair, 'FREE 사이즈'],
    [chair, '나무 해충에 강한 의자'],
    [chair, '생분해도가 우수한 원단'],
    [chair, '최대 하중 100kg'],
    [chair, 'KC 인증번호 R-R-abc-1234'],
    [window, '틀에 재활용 PVC 30%를 썼습니다'],
    [window, '자사 2024년 모델 대비 난방비 30% 절감'],
    [window, '저탄소강 보강재'],
    [carbon, '저탄소 활성탄'],
    [cleaner, '나무 해충 자국을 닦습니다'],
    ['SG-17-004', '1회용품이므로 환경표지 대상이 아닙니다.'],
  ])('%s says nothing wrong: %s', (sku, text) => {
    expect(describedAs(sku, text)).toEqual([]);
  });

  it('looks at names, claims and image texts too', () => {
    for (const path of ['name_ko', 'images[0].alt_ko', 'claims[0].text_ko']) {
      expect(briefs(check(set(goodRow(chair), path, '무공해 의자')))).toContain(
        `block claim_absolute_without_scope ${path}`,
      );
    }
  });

  it('takes a brand name for a name', () => {
    const row = set(set(goodRow(chair), 'brand_ko', '에코나라(가상)'), 'description_ko', '에코나라(가상) 의자');
    expect(briefs(check(row))).toEqual([]);
  });

  it('treats an EPD without low-carbon certificate as no reduction', () => {
    const row = set(goodRow(carbon), 'certificates[0].kind', 'epd');
    set(row, 'description_ko', '저탄소 활성탄');
    expect(briefs(check(row))).toContain('block claim_carbon description_ko');
  });
});

describe('evidence of a claim', () => {
  it.each([
    [{ text_ko: '튼튼한 의자', basis: 'none', evidence_ref: null }, ['warn claim_without_evidence claims[0].basis']],
    [{ text_ko: '튼튼한 의자', basis: 'other', evidence_ref: null }, ['warn claim_without_evidence claims[0].basis']],
    [{ text_ko: '튼튼한 의자', basis: 'other', evidence_ref: 'TR-2026-1' }, []],
    [
      { text_ko: '튼튼한 의자', basis: 'gr', evidence_ref: '99007' },
      ['block claim_evidence_not_on_file claims[0].evidence_ref'],
    ],
    [
      { text_ko: '튼튼한 의자', basis: 'eco_label', evidence_ref: '99008' },
      ['block claim_evidence_not_on_file claims[0].evidence_ref'],
    ],
    [
      { text_ko: '환경표지 인증 의자', basis: 'eco_label', evidence_ref: '99007' },
      ['warn claim_eco_label_reason_missing claims[0].text_ko'],
    ],
    [
      { text_ko: '환경표지 인증(사유: 에너지 절약)', basis: 'eco_label', evidence_ref: '99007' },
      ['warn claim_reason_not_granted claims[0].text_ko'],
    ],
    [
      { text_ko: '세계 최초 의자', basis: 'other', evidence_ref: 'TR-2026-1' },
      ['warn claim_superlative claims[0].text_ko'],
    ],
  ])('%j', (claim, expected) => {
    expect(briefs(check(set(goodRow(chair), 'claims', [claim])))).toEqual(expected);
  });
});
