/**
 * The 41 groups of the product information notice and their items.
 *
 * Nine groups, those of the green catalogue, have the items that the law asks for; the others have two each, enough to
 * tell a caller that picks a wrong group.
 */

export interface NoticeGroup {
  officialNoticeNo: number;
  officialNoticeName: string;
}

export interface NoticeCode {
  officialNoticeItemelementCode: string;
  officialNoticeItemelementName: string;
  isRequired: boolean;
}

const GROUP_NAMES = [
  '의류',
  '구두/신발',
  '가방',
  '패션잡화',
  '침구류/커튼',
  '가구',
  '영상가전',
  '가정용 전기제품',
  '계절가전',
  '사무용기기',
  '광학기기',
  '소형전자',
  '휴대폰',
  '내비게이션',
  '자동차용품',
  '의료기기',
  '주방용품',
  '화장품',
  '귀금속/보석/시계류',
  '식품(농수산물)',
  '가공식품',
  '건강기능식품',
  '영유아용품',
  '악기',
  '스포츠용품',
  '서적',
  '호텔/펜션 예약',
  '여행패키지',
  '항공권',
  '자동차 대여',
  '물품대여 서비스(정수기 등)',
  '물품대여 서비스(서적 등)',
  '디지털 콘텐츠',
  '상품권/쿠폰',
  '기타 재화',
  '모바일 쿠폰',
  '영화/공연',
  '기타 용역',
  '어린이제품',
  '생활화학제품',
  '살생물제품',
];

const MAKER = '제조자(수입자)';
const CONTACT = 'A/S 책임자와 전화번호';
const APPLIANCE = [
  '품명 및 모델명',
  'KC 인증정보',
  '정격전압, 소비전력',
  '에너지소비효율등급',
  '동일모델의 출시년월',
  MAKER,
  '제조국',
];

const ITEM_NAMES: Record<string, readonly string[]> = {
  의류: [
    '제품 소재(함유율)',
    '색상',
    '치수',
    MAKER,
    '제조국',
    '세탁방법 및 취급시 주의사항',
    '제조연월',
    '품질보증기준',
    CONTACT,
  ],
  가방: ['종류', '소재', '색상', '크기', MAKER, '제조국', '취급시 주의사항', '품질보증기준', CONTACT],
  가구: [
    '품명',
    'KC 인증정보',
    '주요 소재',
    '색상',
    '크기',
    '구성품',
    MAKER,
    '제조국',
    '배송·설치비용',
    '품질보증기준',
    CONTACT,
  ],
  사무용기기: [...APPLIANCE, '크기 및 무게', '주요 사양', '품질보증기준', CONTACT],
  '가정용 전기제품': [...APPLIANCE, '크기', '품질보증기준', CONTACT, '추가설치비용'],
  소형전자: [
    '품명 및 모델명',
    'KC 인증정보',
    '정격전압, 소비전력',
    '동일모델의 출시년월',
    MAKER,
    '제조국',
    '크기 및 무게',
    '주요 사양',
    '품질보증기준',
    CONTACT,
  ],
  화장품: [
    '용량 또는 중량',
    '제품 주요 사양',
    '사용기한 또는 개봉 후 사용기간',
    '사용방법',
    '화장품제조업자 및 화장품책임판매업자',
    '제조국',
    '화장품법에 따라 기재해야 하는 모든 성분',
    '기능성 화장품 심사필 여부',
    '사용할 때의 주의사항',
    '품질보증기준',
    '소비자상담 관련 전화번호',
  ],
  생활화학제품: [
    '품목 및 제품명',
    '용도 및 제형',
    '제조연월 및 유통기한',
    '중량·용량·매수·크기',
    '효과·효능(승인대상제품에 한함)',
    '수입자, 제조국 및 제조사',
    '어린이보호포장 대상 제품 유무',
    '사용 화학물질 명칭',
    '사용상 주의사항',
    '안전기준 적합확인 신고번호 또는 승인번호',
    '소비자상담 관련 전화번호',
  ],
  '기타 재화': [
    '품명 및 모델명',
    '법에 의한 인증·허가 등을 받았음을 확인할 수 있는 경우 그에 대한 사항',
    '제조국 또는 원산지',
    MAKER,
    CONTACT,
  ],
};

/** Items that not every product of the group has: a value may be left out. */
const OPTIONAL_ITEMS = new Set(['추가설치비용', '효과·효능(승인대상제품에 한함)']);

export const NOTICE_GROUPS: readonly NoticeGroup[] = GROUP_NAMES.map((name, position) => ({
  officialNoticeNo: position + 1,
  officialNoticeName: name,
}));

export const NOTICE_CODES: ReadonlyMap<number, readonly NoticeCode[]> = new Map(
  NOTICE_GROUPS.map((group) => [
    group.officialNoticeNo,
    (ITEM_NAMES[group.officialNoticeName] ?? ['품명 및 모델명', CONTACT]).map((name, position) => ({
      officialNoticeItemelementCode: `${group.officialNoticeNo}-${position + 1}`,
      officialNoticeItemelementName: name,
      isRequired: !OPTIONAL_ITEMS.has(name),
    })),
  ]),
);
