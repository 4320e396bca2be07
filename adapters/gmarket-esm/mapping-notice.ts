import type { Finding } from '../../src/domain/finding.ts';
import type { Json } from '../../src/domain/listing.ts';
import type { Mappings } from '../../src/domain/mapping.ts';
import type { Product } from '../../src/domain/product.ts';
import { createFindingList, type FindingList } from '../../src/domain/product-rules/findings-of-product.ts';
import { importAgain, importMappings } from './next-steps.ts';

/** What people write for "see the detail page"; such a value is marked instead of repeated (notes §2.2). */
const seeDetail = /^상품\s*상세\s*(페이지|설명)?\s*참조$/;

/**
 * The notice block (상품정보제공고시) of a product, with what is missing for it. A mapping's source is one of our notice
 * keys, several joined by `+` for an item that asks for several things, or `=text` for a fixed text.
 */
export function renderNotice(product: Product, mappings: Mappings): { block: Json; findings: readonly Finding[] } {
  const { noticeType } = product;
  const findings = createFindingList(product.sku);
  const mapping = mappings.notices[noticeType];
  if (!mapping || !/^\d{1,2}$/.test(mapping.group) || Object.keys(mapping.items).length === 0) {
    findings.block('mapping_notice_missing', 'notice_type', {
      ko: `고시 유형 '${noticeType}'에 맞는 상품정보제공고시 번호가 없습니다. 매핑 파일의 notices에 번호와 항목을 적어 ${importMappings.ko}`,
      en: `notice type '${noticeType}' has no notice group. Enter its number and items under notices in the mappings file and ${importMappings.en}`,
    });
    return { block: null, findings: findings.all };
  }
  const details = Object.entries(mapping.items).map(([code, source]): Json => {
    const keys = source.startsWith('=') ? [] : source.split('+');
    const texts = source.startsWith('=') ? [source.slice(1)] : keys.map((key) => product.notice[key] ?? '');
    const value = texts.map((text) => text.trim()).join(' / ');
    const missing = texts.findIndex((text) => text.trim() === '');
    if (missing >= 0) tellMissingItem(findings, code, source, keys[missing]);
    return { officialNoticeItemelementCode: code, value, isExtraMark: seeDetail.test(value) };
  });
  return { block: { officialNoticeNo: Number(mapping.group), details }, findings: findings.all };
}

/** An empty item: in the catalogue where `key` names it, in the mappings where they hold an empty fixed text. */
function tellMissingItem(findings: FindingList, code: string, source: string, key: string | undefined): void {
  const rule = 'notice_item_missing';
  if (key === undefined) {
    findings.block(rule, `mappings.notices.items.${code}`, {
      ko: `상품정보제공고시 항목 ${code}의 고정 문구(${source})가 비어 있습니다. 매핑 파일의 notices에 문구를 적어 ${importMappings.ko}`,
      en: `the fixed text (${source}) of notice item ${code} is empty. Enter it under notices in the mappings file and ${importMappings.en}`,
    });
    return;
  }
  findings.block(rule, `notice.${key}`, {
    ko: `상품정보제공고시 항목 ${code}(${key})의 값이 없습니다. 값을 적어 ${importAgain.ko}`,
    en: `notice item ${code} (${key}) has no value. Enter one and ${importAgain.en}`,
  });
}
