/**
 * How the channel's notice groups and items (상품정보제공고시) are called, for our nine notice types. The words are those of
 * the Fair Trade Commission's notice on product information, as in force since 2023-01-01; our keys are the catalogue's,
 * whose oddities are kept (`warranty` of `other` holds certificates, `configuration` of `household_chemical` the report
 * number).
 */

/** A name without blanks, marks and what stands in brackets. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\([^)]*\)?/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}

/**
 * Our notice key for an item of the channel, by its whole name, or else by what stands before its first comma
 * (`제조자, 수입품의 경우 …` is `제조자`). Null when no name fits, or more than one.
 */
export function noticeKeyOf(items: NoticeNames['items'], name: string): string | null {
  for (const wanted of [nameKey(name), nameKey(name.split(',')[0] ?? '')]) {
    const keys = Object.keys(items).filter((key) => items[key]?.some((alias) => nameKey(alias) === wanted));
    if (keys.length > 0) return keys.length === 1 ? (keys[0] ?? null) : null;
  }
  return null;
}

interface NoticeNames {
  groups: readonly string[];
  /** By notice key; `a+b` is both values in one item. */
  items: Readonly<Record<string, readonly string[]>>;
}

const productName = ['품명 및 모델명', '품명', '제품명', '품명/모델명', '품명·모델명'];
const kc = [
  'KC 인증정보',
  'KC인증',
  'KC 인증 정보',
  'KC 인증 필 유무',
  'KC 인증번호',
  'KC 마크',
  '인증/허가 사항',
  '안전인증',
];
const maker = ['제조자', '제조자/수입자', '제조자(수입자)', '제조사', '제조사/수입사', '제조업자'];
const country = ['제조국', '원산지', '제조국 또는 원산지'];
const warranty = ['품질보증기준', '품질보증 기준'];
const service = [
  'A/S 책임자와 전화번호',
  'A/S 책임자 전화번호',
  'AS 책임자와 전화번호',
  'A/S 책임자/전화번호',
  'A/S 책임자 및 전화번호',
  '소비자상담 관련 전화번호',
  '소비자 상담 전화번호',
];
const launched = ['동일모델의 출시년월', '출시년월', '동일모델 출시년월', '모델 출시년월'];
const power = ['정격전압', '정격전압/소비전력', '정격전압 및 소비전력', '정격전압·소비전력'];
const energyGrade = ['에너지소비효율등급', '에너지효율등급'];
const size = ['크기', '크기/무게', '크기 및 무게', '크기·무게', '치수', '크기/형태', '크기/중량'];

const common = { manufacturer: maker, manufacturecountry: country, director: service };

export const noticeNames: Readonly<Record<string, NoticeNames>> = {
  furniture: {
    groups: ['가구'],
    items: {
      ...common,
      productname: productName,
      kc,
      material: ['주요 소재', '소재', '재질'],
      color: ['색상'],
      size,
      configuration: ['구성품'],
      installation: ['배송·설치비용', '배송/설치비용', '배송 및 설치비용'],
      warranty,
    },
  },
  office_equipment: {
    groups: ['사무용기기', '사무용 기기'],
    items: {
      ...common,
      productname: productName,
      kc,
      energy: power,
      energyperformance: energyGrade,
      date: launched,
      size,
      specifications: ['주요 사양', '사양'],
      warranty,
    },
  },
  home_appliance: {
    groups: ['가정용 전기제품'],
    items: {
      ...common,
      productname: productName,
      kc,
      energy: power,
      energyperformance: energyGrade,
      date: launched,
      size,
      installation: ['추가설치비용', '추가 설치비용', '설치비용'],
      warranty,
    },
  },
  small_electronics: {
    groups: ['소형전자', '소형 전자', '소형전자기기'],
    items: {
      ...common,
      productname: productName,
      kc,
      energy: power,
      date: launched,
      size,
      specifications: ['주요 사양', '사양'],
      warranty,
    },
  },
  cosmetic: {
    groups: ['화장품'],
    items: {
      ...common,
      productname: ['제품 주요 사양', '제품명', '품명 및 모델명', '품명'],
      material: ['모든 성분', '전성분', '화장품법에 따라 기재해야 하는 모든 성분'],
      date: ['사용기한 또는 개봉 후 사용기간', '사용기한', '제조연월일 및 사용기한'],
      method: ['사용방법'],
      specifications: ['내용물의 용량 또는 중량', '용량 또는 중량', '용량'],
      kc: [
        '기능성 화장품 심사필 유무',
        '기능성 화장품 심사필 여부',
        '기능성화장품 심사필',
        '기능성 화장품 여부',
        '기능성 심사',
      ],
      precautions: ['사용할 때의 주의사항', '사용시 주의사항', '주의사항'],
      manufacturer: [...maker, '화장품제조업자', '제조업자/책임판매업자', '화장품제조업자 및 화장품책임판매업자'],
      warranty,
    },
  },
  household_chemical: {
    groups: ['생활화학제품'],
    items: {
      ...common,
      productname: ['품목 및 제품명', '품명 및 제품명', ...productName],
      'manufacturecountry+manufacturer': ['수입자, 제조국 및 제조사'],
      purpose: ['용도 및 제형', '용도', '용도/제형', '용도(표백제의 경우 계열을 함께 표시) 및 제형'],
      date: ['제조연월 및 유통기한', '제조연월', '제조연월/유통기한', '유통기한'],
      size: ['중량·용량·매수', '중량/용량/매수', '중량·용량·매수·크기', '용량', '중량'],
      function: ['효과·효능', '효과/효능', '효능·효과', '효능/효과'],
      kc: [
        '어린이보호포장 대상제품 유무',
        '어린이보호포장',
        '어린이 보호포장 대상제품 유무',
        '어린이보호포장 대상 여부',
      ],
      specifications: [
        '제품에 사용된 화학물질 명칭',
        '사용 화학물질 명칭',
        '화학물질 명칭',
        '사용된 화학물질',
        '주요물질',
        '제품에 사용된 주요 물질',
      ],
      precautions: ['사용상 주의사항', '사용시 주의사항', '사용상의 주의사항', '주의사항'],
      configuration: [
        '안전기준 적합확인 신고번호 또는 안전확인대상 승인번호',
        '안전기준 적합확인 신고번호 또는 승인번호',
        '신고번호 또는 승인번호',
        '신고번호',
      ],
    },
  },
  bag: {
    groups: ['가방'],
    items: {
      ...common,
      kinds: ['종류'],
      material: ['소재', '주요 소재', '재질'],
      color: ['색상'],
      size,
      precautions: ['취급시 주의사항', '취급 시 주의사항', '주의사항'],
      warranty,
    },
  },
  clothing: {
    groups: ['의류'],
    items: {
      ...common,
      material: ['제품 소재', '제품소재', '소재'],
      color: ['색상'],
      size,
      precautions: ['세탁방법 및 취급시 주의사항', '세탁방법 및 취급 시 주의사항', '세탁방법'],
      date: ['제조연월', '제조년월'],
      warranty,
    },
  },
  other: {
    groups: ['기타 재화', '기타'],
    items: {
      ...common,
      productname: productName,
      warranty: [
        '법에 의한 인증·허가 등을 받았음을 확인할 수 있는 경우 그에 대한 사항',
        '인증/허가 사항',
        '인증·허가 사항',
        '법에 의한 인증/허가 사항',
        '인증 허가 사항',
      ],
    },
  },
};
