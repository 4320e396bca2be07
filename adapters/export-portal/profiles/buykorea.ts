import type { ExportTemplate } from '../template.ts';
import { englishColumns as columns } from './english-columns.ts';

/** buyKOREA of KOTRA: USD price tiers, MOQ, HS code, specification, keywords, gallery and detail images are seen on its product pages. */
export const buykorea: ExportTemplate = {
  id: 'buykorea',
  name: { ko: '바이코리아', en: 'buyKOREA' },
  version: '2026-11-assumed-1',
  assumed: [
    '업로드 양식이 공개되어 있지 않아 열 이름과 순서를 가정했습니다. / No upload form is published; headings and order are assumed.',
    '카테고리 목록이 공개되어 있지 않아 경로를 글로 적습니다. / No category list is published; the path is given as text.',
    '이미지 크기 제한이 알려져 있지 않습니다. / The limits of images are not known.',
    '상세설명에 HTML을 쓸 수 있는지 알려져 있지 않아 두 가지로 드립니다. / Whether HTML is taken is not known, so the description is given twice.',
    '수량별 단가 구간은 카탈로그에 없어 단가 하나만 적습니다. / The catalogue holds no price tiers, so one price is given.',
    'PDF 카탈로그와 인증서 사본은 직접 올려야 합니다. / PDF catalogues and copies of certificates are uploaded by hand.',
  ],
  columns: [
    columns.modelNo,
    columns.name,
    columns.category,
    columns.keywords,
    columns.hsCode,
    columns.brand,
    columns.origin,
    columns.priceTerm,
    columns.currency,
    columns.price,
    columns.moq,
    columns.moqUnit,
    columns.port,
    columns.payment,
    columns.supply,
    columns.leadTime,
    columns.specification,
    columns.certifications,
    columns.description,
    columns.descriptionHtml,
    columns.mainImage,
    columns.images,
    columns.supplier,
  ],
};
