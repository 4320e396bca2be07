/** Text as HTML text. */
function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/**
 * A description as the simplest HTML there is: paragraphs and one list. Which tags a portal takes is not known, so no
 * other tag occurs, and a tag in the text itself is shown as text. Empty for an empty text.
 */
export function describedHtml(text: string, certificates: readonly string[]): string {
  const paragraphs = text
    .split(/\n+/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  if (paragraphs.length === 0) return '';
  const list = certificates.map((certificate) => `<li>${escapeHtml(certificate)}</li>`);
  return [
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(list.length > 0 ? [`<ul>${list.join('')}</ul>`] : []),
  ].join('');
}
