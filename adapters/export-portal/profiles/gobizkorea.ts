import type { ExportTemplate } from '../template.ts';
import { englishColumns as columns } from './english-columns.ts';

/** GobizKorea of KOSME: price with Incoterm, MOQ, payment terms, supply ability and specification are seen on its pages. */
export const gobizkorea: ExportTemplate = {
  id: 'gobizkorea',
  name: { ko: '고비즈코리아', en: 'GobizKorea' },
  version: '2026-11-assumed-1',
  assumed: [
    '업로드 양식이 공개되어 있지 않아 열 이름과 순서를 가정했습니다. / No upload form is published; headings and order are assumed.',
    '카테고리 목록이 공개되어 있지 않아 경로를 글로 적습니다. / No category list is published; the path is given as text.',
    '이미지 크기 제한이 알려져 있지 않습니다. / The limits of images are not known.',
    '상세설명에 HTML을 쓸 수 있는지 알려져 있지 않아 두 가지로 드립니다. / Whether HTML is taken is not known, so the description is given twice.',
    '가격 줄에 인코텀즈가 함께 쓰이는 것을 공개 페이지에서 확인했습니다. / Public pages show prices with their Incoterm.',
    '인콰이어리 정보의 재판매는 약관이 금지한다고 알려져 있습니다. / Its terms are reported to forbid the resale of inquiries.',
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
    columns.packaging,
    columns.specification,
    columns.certifications,
    columns.description,
    columns.descriptionHtml,
    columns.mainImage,
    columns.images,
    columns.supplier,
  ],
};
