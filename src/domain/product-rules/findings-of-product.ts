import type { Finding, FindingResult } from '../finding.ts';
import { quotable } from '../text-safety.ts';

/** A sentence pair. Neither repeats a value that might be personal; quote values with `quotable`. */
export interface Sentences {
  ko: string;
  en: string;
}

/** Collects the findings of one product and names the product in each sentence. */
export interface FindingList {
  readonly all: readonly Finding[];
  block(rule: string, field: string, sentences: Sentences): void;
  warn(rule: string, field: string, sentences: Sentences): void;
  add(result: FindingResult, rule: string, field: string, sentences: Sentences): void;
  /** True when the field already has a finding: a second complaint about an unreadable cell helps nobody. */
  has(field: string): boolean;
}

/** @param sku the product's SKU, or undefined when the row has none that can be read. */
export function createFindingList(sku: string | undefined): FindingList {
  const all: Finding[] = [];
  const prefix: Sentences = sku
    ? { ko: `상품 ${quotable(sku)}: `, en: `Product ${quotable(sku)}: ` }
    : { ko: 'SKU가 없는 상품: ', en: 'Product without a SKU: ' };
  const add: FindingList['add'] = (result, rule, field, { ko, en }) => {
    all.push({ rule, result, field, messageKo: prefix.ko + ko, messageEn: prefix.en + en });
  };
  return {
    all,
    add,
    block: (rule, field, sentences) => add('block', rule, field, sentences),
    warn: (rule, field, sentences) => add('warn', rule, field, sentences),
    has: (field) => all.some((finding) => finding.field === field),
  };
}
