import type { CxmlSettings } from './settings.ts';

const ko = {
  search: '상품 검색',
  find: '찾기',
  all: '전체 보기',
  results: '상품',
  noResults: '찾는 상품이 없습니다. 다른 낱말로 찾아 보십시오.',
  more: '다음 상품',
  add: '담기',
  quantity: '수량',
  stock: '재고',
  soldOut: '품절',
  minimum: '최소 주문',
  certificates: '녹색 인증',
  cart: '장바구니',
  cartEmpty: '장바구니가 비어 있습니다.',
  change: '수량 바꾸기',
  remove: '빼기',
  amount: '금액',
  total: '합계',
  vat: '부가세 포함',
  noVat: '부가세 별도',
  giveBack: '구매 시스템으로 보내기',
  cancel: '취소하고 돌아가기',
  inspecting: '담긴 품목을 보는 중입니다. 여기서는 바꿀 수 없습니다.',
  noReturn: '이 방문은 돌아갈 주소가 허용되지 않아 장바구니를 보낼 수 없습니다. 판매자에게 알려 주십시오.',
  gone: '더 이상 살 수 없어 장바구니에서 뺐습니다',
  fewer: '재고에 맞추어 수량을 줄였습니다',
  raised: '최소 주문 수량으로 올렸습니다',
  notANumber: '수량은 1 이상의 정수로 적어 주십시오.',
  cartFull: '장바구니에 더 담을 수 없습니다.',
};

const en: typeof ko = {
  search: 'Search products',
  find: 'Search',
  all: 'Show all',
  results: 'Products',
  noResults: 'No product was found. Try other words.',
  more: 'More products',
  add: 'Add to cart',
  quantity: 'Quantity',
  stock: 'In stock',
  soldOut: 'Sold out',
  minimum: 'Minimum order',
  certificates: 'Green certificates',
  cart: 'Cart',
  cartEmpty: 'The cart is empty.',
  change: 'Change quantity',
  remove: 'Remove',
  amount: 'Amount',
  total: 'Total',
  vat: 'VAT included',
  noVat: 'plus VAT',
  giveBack: 'Return to procurement',
  cancel: 'Cancel and go back',
  inspecting: 'You are looking at items of a requisition. They cannot be changed here.',
  noReturn: 'The cart cannot be returned: this account does not allow the address it should go to. Tell the seller.',
  gone: 'can no longer be bought and was taken out of the cart',
  fewer: 'was reduced to what is in stock',
  raised: 'was raised to the minimum order',
  notANumber: 'Enter the quantity as a whole number above nought.',
  cartFull: 'The cart can hold no more items.',
};

export type VisitWords = typeof ko;

/** The labels of the punch-out pages in the account's language. */
export function visitWords(language: CxmlSettings['language']): VisitWords {
  return language === 'ko' ? ko : en;
}
