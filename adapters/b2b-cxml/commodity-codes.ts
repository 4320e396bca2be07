import type { Mappings } from '../../src/domain/mapping.ts';
import type { NoticeType, Product } from '../../src/domain/product.ts';
import { type CxmlSettings, site } from './settings.ts';

/**
 * UNSPSC segments: the first two of eight digits, titles as UNSPSC has carried them for years. They are only the fallback:
 * a segment puts an item on the right shelf of a buyer's catalogue, while approval rules often ask for the whole code.
 */
const segmentOfNotice: Partial<Record<NoticeType, string>> = {
  furniture: '56000000', // Furniture and furnishings
  office_equipment: '43000000', // Information technology, broadcasting and telecommunications
  home_appliance: '52000000', // Domestic appliances, supplies and consumer electronic products
  small_electronics: '52000000',
  cosmetic: '53000000', // Apparel, luggage and personal care products
  bag: '53000000',
  clothing: '53000000',
  household_chemical: '47000000', // Cleaning equipment and supplies
};

/** By the category words of the green product register, for goods whose notice type says nothing. */
const segmentOfCategory: Readonly<Record<string, string>> = {
  '사무/교육/영상/가전': '44000000', // Office equipment, accessories and supplies
  '전자/정보/통신': '43000000',
  '전기/시험/계측': '39000000', // Electrical systems, lighting, components, accessories and supplies
  '토목/건축자재': '30000000', // Structures, building, construction and manufacturing components
  '도로시설/자동차용품': '30000000',
  '섬유/고무/위생/여가': '47000000',
  '화학/소방/안전': '12000000', // Chemicals including bio chemicals and gas materials
  '원부자재/기타': '24000000', // Material handling, conditioning and storage machinery, accessories and supplies
};

/** The code of a product: what staff said for its group, else the account's default, else a whole segment. */
export function unspscOf(
  product: Product,
  mappings: Mappings,
  settings: CxmlSettings,
): { code: string; isGuess: boolean } | null {
  const said =
    mappings.categories[product.group.ko]?.[site] ?? settings.unspscByGroup[product.group.ko] ?? settings.unspsc;
  if (said !== undefined) return { code: said, isGuess: false };
  const segment = segmentOfNotice[product.noticeType] ?? segmentOfCategory[product.category.ko];
  return segment === undefined ? null : { code: segment, isGuess: true };
}

/** Common codes of UN/CEFACT Recommendation 20 and, for packages, 21, as buyers' systems know them. */
const unitCodes: Readonly<Record<string, string>> = {
  pc: 'EA',
  pack: 'PK',
  set: 'SET',
  box: 'BX',
  can: 'CA',
  bag: 'BG',
  roll: 'RO',
  bundle: 'BE',
  m2: 'MTK',
  tonne: 'TNE',
};

/** The unit code for a unit word of the catalogue; each when the word is not known. */
export function unitCodeOf(moqUnit: string): string {
  return unitCodes[moqUnit] ?? 'EA';
}
