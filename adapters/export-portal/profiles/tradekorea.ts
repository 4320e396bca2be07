import type { ExportTemplate } from '../template.ts';
import { englishColumns as columns } from './english-columns.ts';

/** tradeKorea of KITA: FOB price, price basis, MOQ, HS code, specification, payment terms and lead time are seen on its product pages. */
export const tradekorea: ExportTemplate = {
  id: 'tradekorea',
  name: { ko: '트레이드코리아', en: 'tradeKorea' },
  version: '2026-11-assumed-1',
  assumed: [
    '업로드 양식이 공개되어 있지 않아 열 이름과 순서를 가정했습니다. / No upload form is published; headings and order are assumed.',
    '카테고리 목록이 공개되어 있지 않아 경로를 글로 적습니다. / No category list is published; the path is given as text.',
    '이미지 크기 제한이 알려져 있지 않습니다. / The limits of images are not known.',
    '상세설명에 HTML을 쓸 수 있는지 알려져 있지 않아 두 가지로 드립니다. / Whether HTML is taken is not known, so the description is given twice.',
    'FOB 가격, 가격 조건, MOQ, HS코드, 규격, 결제 조건, 납기는 공개된 상품 페이지에서 확인한 항목입니다. / FOB price, price basis, MOQ, HS code, specification, payment terms and lead time are seen on public product pages.',
  ],
  columns: [
    columns.modelNo,
    columns.name,
    columns.category,
    columns.keywords,
    columns.hsCode,
    columns.brand,
    columns.origin,
    columns.priceBasis,
    columns.currency,
    { ...columns.price, heading: 'FOB 단가 FOB Price' },
    columns.moq,
    columns.moqUnit,
    columns.port,
    columns.payment,
    columns.leadTime,
    columns.packaging,
    columns.sample,
    columns.specification,
    columns.certifications,
    columns.description,
    columns.descriptionHtml,
    columns.mainImage,
    columns.images,
    columns.supplier,
  ],
};
