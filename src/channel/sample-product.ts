import type { Product } from '../domain/product.ts';

/** A product that every kind of channel takes, for harnesses; two calls differ in the SKU alone. Company and goods are invented. */
export function sampleProduct(sku: string): Product {
  const company = {
    businessNo: '1018100001',
    nameKo: '(주)가상푸른종이',
    nameEn: 'Gasang Pureun Paper Co., Ltd.',
    mailOrderReportNo: '제2024-서울성동-00000호',
    addressKo: '서울특별시 성동구 가상로 3, 2층',
    districtKo: '성동구',
    phone: '02-0000-0001',
  };
  return {
    sku,
    name: { ko: '재생 복사용지 A4 75g 2,500매', en: 'Recycled Copy Paper A4 75 gsm, 2,500 sheets' },
    brand: { ko: '푸른종이(가상)', en: 'Pureun Paper (demo)' },
    company,
    category: { code: '01', ko: '사무/교육/영상/가전', en: 'Office, education, AV and appliances' },
    group: { code: null, ko: '사무용지', en: 'Office paper' },
    modelName: 'PP01-01',
    gtin: '2000000000015',
    certificates: [
      {
        kind: 'eco_label',
        number: '99001',
        issuerKo: '한국환경산업기술원',
        validFrom: '2024-01-01',
        validTo: '2027-12-31',
        holderBusinessNo: company.businessNo,
        coveredModels: ['PP01-01'],
        reasonsKo: ['자원순환성 향상(유효자원 재활용)'],
      },
    ],
    isStatutoryGreenProduct: true,
    priceKrw: 23_900,
    listPriceKrw: 26_900,
    vatIncluded: true,
    stockQty: 50,
    shippingFeeKrw: 3000,
    moq: 200,
    moqUnit: 'box',
    exportPriceUsd: '15.80',
    incoterm: 'FOB Busan',
    hsCode: '480256',
    originCountry: 'KR',
    weightG: 12_500,
    packageMm: { width: 310, depth: 225, height: 270 },
    kc: { status: 'not_applicable', number: null },
    householdChemical: { applies: false, reportNo: null },
    noticeType: 'other',
    notice: {
      productname: '재생 복사용지 A4 75g 2,500매 (PP01-01)',
      warranty: '환경표지 99001',
      manufacturer: company.nameKo,
      manufacturecountry: '대한민국',
      director: `${company.nameKo} 고객지원 ${company.phone}`,
    },
    description: {
      ko: '재생 펄프를 섞은 사무용 복사용지입니다. 500매 5권이 한 상자입니다.',
      en: 'Office copy paper with recycled pulp; five reams of 500 sheets per box.',
    },
    claims: [{ textKo: '환경표지 인증 제품(인증번호 99001)', basis: 'eco_label', evidenceRef: '99001' }],
    images: [{ file: 'main.png', altKo: '재생 복사용지 대표 이미지' }],
  };
}
