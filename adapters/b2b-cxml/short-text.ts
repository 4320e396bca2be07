/** The first `max` units of a text, without half a character at its end: half a character cannot be stored as JSON. */
export function cutTo(text: string, max: number): string {
  return text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

/** What somebody typed or a form carries, as one short line: a database takes neither NUL nor half a character. */
export function plainLine(text: string, max = 255): string {
  return cutTo(text.replace(/\p{Cc}+/gu, ' ').replace(/\p{Cs}/gu, ''), max).trim();
}
