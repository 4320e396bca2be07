import type { Finding } from '../../src/domain/finding.ts';
import type { Json } from '../../src/domain/listing.ts';
import type { Mappings } from '../../src/domain/mapping.ts';
import type { Product } from '../../src/domain/product.ts';

/** What people write for "see the detail page"; such a value is marked instead of repeated (facts §2.2). */
const seeDetail = /^상품\s*상세\s*(페이지|설명)?\s*참조$/;

/**
 * The notice block (상품정보제공고시) of a product, with what is missing for it. A mapping's source is one of our notice
 * keys, several joined by `+` for an item that asks for several things, or `=text` for a fixed text.
 */
export function renderNotice(product: Product, mappings: Mappings): { block: Json; findings: Finding[] } {
  const { sku, noticeType } = product;
  const mapping = mappings.notices[noticeType];
  if (!mapping || !/^\d{1,2}$/.test(mapping.group) || Object.keys(mapping.items).length === 0) {
    const finding: Finding = {
      rule: 'mapping_notice_missing',
      result: 'block',
      field: 'notice_type',
      messageKo: `${sku}: 고시 유형 '${noticeType}'에 맞는 상품정보제공고시가 없습니다. 매핑 파일 notices에 적으세요.`,
      messageEn: `${sku}: notice type '${noticeType}' has no notice group here. Enter it under notices in the mappings file.`,
    };
    return { block: null, findings: [finding] };
  }
  const findings: Finding[] = [];
  const details = Object.entries(mapping.items).map(([code, source]): Json => {
    const keys = source.startsWith('=') ? [] : source.split('+');
    const texts = source.startsWith('=') ? [source.slice(1)] : keys.map((key) => product.notice[key] ?? '');
    const value = texts.map((text) => text.trim()).join(' / ');
    const missing = texts.findIndex((text) => text.trim() === '');
    if (missing >= 0) findings.push(missingItem(sku, code, keys[missing] ?? source));
    return { officialNoticeItemelementCode: code, value, isExtraMark: seeDetail.test(value) };
  });
  return { block: { officialNoticeNo: Number(mapping.group), details }, findings };
}

function missingItem(sku: string, code: string, source: string): Finding {
  return {
    rule: 'notice_item_missing',
    result: 'block',
    field: source.startsWith('=') ? `mappings.notices.items.${code}` : `notice.${source}`,
    messageKo: `${sku}: 상품정보제공고시 항목 ${code}(${source})의 값이 없습니다. 값을 적으세요.`,
    messageEn: `${sku}: notice item ${code} (${source}) has no value. Enter one.`,
  };
}
