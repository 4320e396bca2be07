import { load } from 'cheerio';
import { inquiryFileError } from './inquiry-file-errors.ts';
import { emptyCell, maxColumns, maxRows, maxTitleRows, type TableRow } from './inquiry-table.ts';

/** Old pages put tables into tables for their layout, some four deep. */
const maxTableDepth = 40;
const maxTags = 3_000_000;
const tableTags: ReadonlySet<string> = new Set(['table', 'tr', 'td', 'th']);
/** Where a reader sees a new line. */
const lineTags: ReadonlySet<string> = new Set([
  'br',
  'p',
  'div',
  'li',
  'ul',
  'ol',
  'h1',
  'h2',
  'h3',
  'h4',
  'blockquote',
]);
/** What stands between these is no text of the page. */
const hiddenTags: ReadonlySet<string> = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'template',
  'xmp',
  'noscript',
]);
const tagStart = /^<(\/?)([a-z][a-z0-9]*)/i;

/** One table of a page. */
export type PageTable = TableRow[];

/**
 * The tables of a saved page. Which of them holds the inquiries, the headings tell.
 *
 * @throws PeopleError `inquiry_html_broken`, `inquiry_file_too_large`.
 */
export function readPageTables(html: string, fileName: string): PageTable[] {
  const reduced = reducedPage(html, (tag) => tableTags.has(tag));
  if (reduced === null) throw inquiryFileError('inquiry_html_broken', fileName);
  const $ = load(reduced, { xml: { xmlMode: false, decodeEntities: true } });
  const tables: PageTable[] = [];
  for (const table of $('table').toArray()) {
    const rows: TableRow[] = [];
    for (const line of $(table).children('tr').toArray()) {
      const texts: string[] = [];
      for (const cell of $(line).children('td,th').toArray()) {
        // A cell around another table is layout; that table speaks for itself.
        texts.push($(cell).find('table').length > 0 ? '' : tidy($(cell).text()));
        // A cell that spans columns moves the ones after it.
        const span = Math.min(Number($(cell).attr('colspan') ?? 1) || 1, maxColumns);
        for (let more = 1; more < span; more += 1) texts.push('');
      }
      rows.push({
        row: rows.length + 1,
        cells: texts.slice(0, maxColumns).map((text) => (text === '' ? emptyCell : { text })),
      });
    }
    if (rows.length > maxRows + maxTitleRows + 1) throw inquiryFileError('inquiry_file_too_large', fileName);
    tables.push(rows);
  }
  return tables;
}

/**
 * The text that a reader of an HTML mail sees, line by line.
 *
 * @throws PeopleError `inquiry_html_broken`.
 */
export function readPageText(html: string, fileName: string): string {
  const reduced = reducedPage(html, () => false);
  if (reduced === null) throw inquiryFileError('inquiry_html_broken', fileName);
  const $ = load(reduced, { xml: { xmlMode: false, decodeEntities: true } });
  return tidy($.root().text());
}

/**
 * The page with nothing but the tags that matter, or null when they are too many or too deep.
 *
 * The parser's time grows with the square of the depth (eighty thousand nested elements took it half a minute), so what
 * goes into it has to be flat. Tags lose their attributes, for a tag could hide in one.
 */
function reducedPage(html: string, keeps: (tag: string) => boolean): string | null {
  const pieces: string[] = [];
  let tags = 0;
  let depth = 0;
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    // Line breaks in the source are no line breaks of the page.
    pieces.push(html.slice(at, open).replace(/[ \t\r\n\f]+/g, ' '));
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const match = tagStart.exec(html.slice(open, open + 24));
    const end = html.indexOf('>', open);
    if (!match) {
      const isDeclaration = /^<[!?/]/.test(html.slice(open, open + 2));
      pieces.push(isDeclaration ? '' : '&lt;');
      at = isDeclaration && end >= 0 ? end + 1 : open + 1;
      continue;
    }
    if (end < 0) break;
    at = end + 1;
    tags += 1;
    const [, slash = '', name = ''] = match;
    const tag = name.toLowerCase();
    if (tag === 'table') depth = Math.max(0, depth + (slash ? -1 : 1));
    if (tags > maxTags || depth > maxTableDepth) return null;
    if (keeps(tag)) pieces.push(slash ? `</${tag}>` : `<${tag}${spanOf(html.slice(open, end))}>`);
    else if (lineTags.has(tag) || tableTags.has(tag)) pieces.push(tag === 'td' || tag === 'th' ? ' ' : '\n');
    else if (!slash && hiddenTags.has(tag)) at = afterHidden(html, tag, at);
  }
  pieces.push(html.slice(at).includes('<') ? '' : html.slice(at));
  // One element around it all: the library moves what stands at the top piece by piece, at a price that grows squared.
  return `<body>${pieces.join('')}</body>`;
}

function spanOf(tag: string): string {
  const span = /\bcolspan\s*=\s*["']?\s*(\d{1,4})/i.exec(tag.slice(0, 500))?.[1];
  return span ? ` colspan="${span}"` : '';
}

/** Where the page goes on after a hidden element. */
function afterHidden(html: string, tag: string, from: number): number {
  const end = new RegExp(`</${tag}`, 'gi');
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}

function tidy(text: string): string {
  return text
    .replace(/[ \t\r\f\u00a0]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
