import { CERTIFICATE_NAMES } from '../../src/domain/certificate.ts';
import type { Product } from '../../src/domain/product.ts';

/** Text as HTML text or attribute value. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/**
 * The detail page: description, claims, certificates and safety numbers.
 *
 * The channel has no field for the scheme of a certificate nor for its dates (notes §4.4), so this page is where a buyer
 * reads them. Only the tags written here occur: the channel refuses iframe and script, and every text is escaped.
 */
export function detailHtml(product: Product, imageUrls: readonly string[]): string {
  const parts = [
    ...imageUrls.map(
      (url, index) =>
        `<img src="${escapeHtml(url)}" alt="${escapeHtml(product.images[index]?.altKo || product.name.ko)}">`,
    ),
    ...product.description.ko
      .split(/\n+/)
      .filter((paragraph) => paragraph.trim() !== '')
      .map((paragraph) => `<p>${escapeHtml(paragraph.trim())}</p>`),
  ];
  if (product.claims.length > 0) {
    parts.push(`<ul>${product.claims.map((claim) => `<li>${escapeHtml(claim.textKo)}</li>`).join('')}</ul>`);
  }
  if (product.certificates.length > 0) parts.push(certificateTable(product));
  const numbers = safetyNumbers(product);
  if (numbers.length > 0) {
    // The notice on product information (상품정보제공고시) has wanted certificate numbers in clear letters since 2023-01-01.
    parts.push(...numbers.map(([name, number]) => `<p><strong>${name}: ${escapeHtml(number)}</strong></p>`));
  }
  return `<div>${parts.join('')}</div>`;
}

function certificateTable(product: Product): string {
  const rows = product.certificates.map((certificate) => {
    const cells = [
      CERTIFICATE_NAMES[certificate.kind].ko,
      certificate.number,
      certificate.issuerKo,
      certificate.reasonsKo.join(', '),
      certificate.validTo,
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  const heads = ['인증', '인증번호', '인증기관', '인증사유', '유효기간 만료일'];
  return `<table><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>${rows.join('')}</table>`;
}

function safetyNumbers(product: Product): [string, string][] {
  const numbers: [string, string][] = [];
  if (product.kc.number) numbers.push(['KC 인증번호', product.kc.number]);
  if (product.householdChemical.applies && product.householdChemical.reportNo) {
    numbers.push(['안전확인대상생활화학제품 신고번호', product.householdChemical.reportNo]);
  }
  return numbers;
}
