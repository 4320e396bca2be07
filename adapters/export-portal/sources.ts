/** A person reads and corrects a value where it comes from. */
export type Origin = 'catalogue' | 'mappings' | 'settings' | 'images';

export interface SourceDescription {
  /** As the seller's file, the mappings or the settings spell it. */
  field: string;
  ko: string;
  en: string;
  origin: Origin;
}

const catalogue = (field: string, ko: string, en: string): SourceDescription => ({
  field,
  ko,
  en,
  origin: 'catalogue',
});
const terms = (field: string, ko: string, en: string): SourceDescription => {
  return { field: `terms.${field}`, ko, en, origin: 'settings' };
};
const category = (ko: string, en: string): SourceDescription => ({ field: 'categories', ko, en, origin: 'mappings' });
const image = (ko: string, en: string): SourceDescription => ({ field: 'images', ko, en, origin: 'images' });

/** Every value that a column of a form can be filled from, by the word that templates use. */
export const sources = {
  sku: catalogue('sku', '상품코드', 'SKU'),
  modelNo: catalogue('model_name', '모델명', 'model number'),
  gtin: catalogue('gtin', '바코드', 'bar code'),
  nameEn: catalogue('name_en', '영문 상품명', 'English product name'),
  nameKo: catalogue('name_ko', '국문 상품명', 'Korean product name'),
  brandEn: catalogue('brand_en', '영문 브랜드', 'English brand'),
  brandKo: catalogue('brand_ko', '국문 브랜드', 'Korean brand'),
  companyEn: catalogue('company_name_en', '영문 업체명', 'English company name'),
  companyKo: catalogue('company_name_ko', '국문 업체명', 'Korean company name'),
  companyPhone: catalogue('company_phone', '업체 전화번호', 'telephone of the company'),
  keywordsEn: catalogue('product_group_en', '영문 키워드', 'English keywords'),
  category: category('카테고리 경로', 'category path'),
  category1: category('1차 카테고리', 'first category'),
  category2: category('2차 카테고리', 'second category'),
  category3: category('3차 카테고리', 'third category'),
  hsCode: catalogue('hs_code', 'HS코드', 'HS code'),
  originCountry: catalogue('origin_country', '원산지', 'country of origin'),
  originKo: catalogue('origin_country', '원산지 구분', 'origin, domestic or not'),
  priceUsd: catalogue('export_price_usd', '수출 단가(USD)', 'export price in USD'),
  priceBasis: catalogue('incoterm', '가격 조건', 'price basis (Incoterms)'),
  priceTerm: catalogue('incoterm', '인도 조건', 'delivery term with its place'),
  priceKrw: catalogue('price_krw', '판매가(원)', 'price in won'),
  moq: catalogue('moq', '최소 주문 수량', 'minimum order quantity'),
  moqUnit: catalogue('moq_unit', '최소 주문 단위', 'minimum order unit'),
  stock: catalogue('stock_qty', '재고 수량', 'stock'),
  shippingFeeKrw: catalogue('shipping_fee_krw', '배송비(원)', 'shipping fee in won'),
  shippingKindKo: catalogue('shipping_fee_krw', '배송비 종류', 'kind of shipping fee'),
  portOfLoading: terms('portOfLoading', '선적항', 'port of loading'),
  paymentTerms: terms('paymentTerms', '결제 조건', 'payment terms'),
  supplyAbility: terms('supplyAbility', '공급 능력', 'supply ability'),
  leadTimeDays: terms('leadTimeDays', '납기(일)', 'lead time in days'),
  packaging: terms('packaging', '포장 방법', 'packaging'),
  sampleTerms: terms('sampleTerms', '샘플 조건', 'sample terms'),
  oem: terms('oem', 'OEM 가능 여부', 'OEM'),
  certificatesEn: catalogue('certificates', '인증(영문)', 'certificates in English'),
  ecoLabelNo: catalogue('certificates', '환경표지 인증번호', 'Korea Eco-Label number'),
  recycledNo: catalogue('certificates', '우수재활용제품(GR) 인증번호', 'Good Recycled number'),
  lowCarbonNo: catalogue('certificates', '저탄소제품 인증번호', 'Low-Carbon number'),
  greenTechNo: catalogue('certificates', '녹색기술제품 확인번호', 'Green Technology number'),
  kcNo: catalogue('kc.number', 'KC 인증번호', 'KC number'),
  weightKg: catalogue('weight_g', '무게', 'weight'),
  packageSize: catalogue('package_mm', '포장 크기', 'package size'),
  specificationEn: catalogue('package_mm', '영문 규격', 'specification in English'),
  specificationKo: catalogue('notice', '규격', 'specification'),
  materialKo: catalogue('notice.material', '소재·재질', 'material'),
  manufacturerKo: catalogue('notice.manufacturer', '제조사', 'manufacturer'),
  warrantyKo: catalogue('notice.warranty', '품질보증', 'warranty'),
  descriptionEn: catalogue('description_en', '영문 상세설명', 'English description'),
  descriptionEnHtml: catalogue('description_en', '영문 상세설명(HTML)', 'English description as HTML'),
  descriptionKoHtml: catalogue('description_ko', '국문 상세설명(HTML)', 'Korean description as HTML'),
  images: image('이미지', 'images'),
  image1: image('대표 이미지', 'main image'),
  image2: image('이미지 2', 'image 2'),
  image3: image('이미지 3', 'image 3'),
  image4: image('이미지 4', 'image 4'),
  image5: image('이미지 5', 'image 5'),
} as const satisfies Record<string, SourceDescription>;

export type SourceName = keyof typeof sources;

/** True for a word that a column's `source` may be: a source value, or `=` and a fixed text. */
export function isSourceWord(word: string): boolean {
  return word.startsWith('=') || isSourceName(word);
}

export function isSourceName(word: string): word is SourceName {
  return Object.hasOwn(sources, word);
}

/** Which image a column names: its number from 1, or all of them; null when it names none. */
export function imageChoice(source: string | null): number | 'all' | null {
  if (source === 'images') return 'all';
  const digit = /^image(\d)$/.exec(source ?? '')?.[1];
  return digit ? Number(digit) : null;
}
