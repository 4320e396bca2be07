/** The two site trees and the small ESM tree. Leaf names follow the product groups of the green-product catalogue. */

import type { Site } from './goods.ts';

export interface Category {
  catCode: string;
  catName: string;
  isLeaf: boolean;
  children: Category[];
}

const SITE_TREE: Record<string, Record<string, readonly string[]>> = {
  '문구/사무용품': {
    '용지/지류': ['사무용지', '문구용 지류'],
    '토너/잉크': ['토너카트리지', '잉크카트리지'],
  },
  '가구/인테리어': {
    사무용가구: ['가구(의자)', '가구(책상)', '가구(수납)', '가구(책장)'],
    '벽지/페인트': ['벽지', '페인트'],
  },
  가전: {
    생활가전: ['정수기', '정수기 필터', '공기청정기', '전기주전자·전기커피제조기'],
    조명: ['LED 램프', 'LED 등기구', '휴대용 조명'],
  },
  컴퓨터: {
    'PC/모니터': ['노트북 컴퓨터', '개인용 컴퓨터', '컴퓨터용 모니터'],
  },
  '건축/설비': {
    '창호/바닥': ['창호', '블록·타일', '재활용 합성목재', '이중 바닥재', '보온·단열재'],
    '수전/위생설비': ['절수형 양변기', '절수형 수도꼭지', '절수형 샤워헤드', '수도계량기'],
    '토목/수처리': ['아스콘', '수처리제'],
  },
  '생활/위생': {
    세제: ['주방용 세제', '세탁용 세제', '다목적 세정제'],
    '화장지/일회용품': ['화장지', '핸드타월', '물티슈', '종이컵'],
    '매트/용기': ['재생고무 매트', '재활용 플라스틱 용기'],
  },
  뷰티: {
    '바디/헤어': ['샴푸·린스·바디워시'],
  },
  패션: {
    '의류/잡화': ['가방', '의류'],
  },
};

/** Gmarket codes have nine digits (1, 2 or 3 in front by level), Auction codes eight. */
function buildTree(site: Site): Category[] {
  let serial = 0;
  const code = (level: number): string => {
    serial += 1;
    return site === 'gmkt'
      ? String(level * 100_000_000 + 4_100 + serial)
      : String(70_000_000 + level * 100_000 + serial);
  };
  return Object.entries(SITE_TREE).map(([topName, middles]) => ({
    catCode: code(1),
    catName: topName,
    isLeaf: false,
    children: Object.entries(middles).map(([middleName, leaves]) => ({
      catCode: code(2),
      catName: middleName,
      isLeaf: false,
      children: leaves.map((leafName) => ({ catCode: code(3), catName: leafName, isLeaf: true, children: [] })),
    })),
  }));
}

export const SITE_CATEGORIES: Record<Site, Category[]> = { gmkt: buildTree('gmkt'), iac: buildTree('iac') };

function index(categories: Category[], into = new Map<string, Category>()): Map<string, Category> {
  for (const category of categories) {
    into.set(category.catCode, category);
    index(category.children, into);
  }
  return into;
}

/** Every category of a site by its code. */
export const CATEGORY_BY_CODE: Record<Site, ReadonlyMap<string, Category>> = {
  gmkt: index(SITE_CATEGORIES.gmkt),
  iac: index(SITE_CATEGORIES.iac),
};

/** ESM codes have twenty digits. */
export const ESM_CATEGORIES = [
  { sdCategoryCode: '00010000000000000000', sdCategoryName: '생활/주방', isLeafCategory: false, parent: '0' },
  { sdCategoryCode: '00020000000000000000', sdCategoryName: '문구/사무', isLeafCategory: false, parent: '0' },
  {
    sdCategoryCode: '00010001000000000000',
    sdCategoryName: '세제',
    isLeafCategory: true,
    parent: '00010000000000000000',
  },
  {
    sdCategoryCode: '00020001000000000000',
    sdCategoryName: '용지',
    isLeafCategory: true,
    parent: '00020000000000000000',
  },
] as const;
