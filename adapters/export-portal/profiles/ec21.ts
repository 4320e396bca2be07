import type { ExportTemplate } from '../template.ts';
import { englishColumns as columns } from './english-columns.ts';

/** EC21, a private portal. Only its buying leads could be confirmed in public; all columns are the common set of trade portals. */
export const ec21: ExportTemplate = {
  id: 'ec21',
  name: { ko: 'EC21', en: 'EC21' },
  version: '2026-11-assumed-1',
  assumed: [
    '업로드 양식이 공개되어 있지 않아 열 이름과 순서를 가정했습니다. / No upload form is published; headings and order are assumed.',
    '카테고리 목록이 공개되어 있지 않아 경로를 글로 적습니다. / No category list is published; the path is given as text.',
    '상세설명에 HTML을 쓸 수 있는지 알려져 있지 않아 두 가지로 드립니다. / Whether HTML is taken is not known, so the description is given twice.',
    '이미지 제한은 2004년 무렵의 300KB와 5MB만 알려져 있어 검사하지 않습니다. / Only limits of about 2004 are known for images (300 KB, 5 MB), so none is checked.',
    '상품명 128자와 키워드 3개는 다른 무역 포털의 규칙을 빌렸습니다. / 128 letters of a name and 3 keywords are borrowed from another trade portal.',
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
    columns.price,
    columns.moq,
    columns.moqUnit,
    columns.port,
    columns.payment,
    columns.supply,
    columns.leadTime,
    columns.packaging,
    columns.sample,
    columns.oem,
    columns.specification,
    columns.certifications,
    columns.description,
    columns.descriptionHtml,
    columns.mainImage,
    columns.images,
    columns.supplier,
  ],
};
