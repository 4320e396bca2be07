/** What a portal gives out about inquiries: lists to download in four odd forms, and mails. */

import ExcelJS from 'exceljs';
import iconv from 'iconv-lite';
import { create } from 'xmlbuilder2';
import { workbookBytes } from './sheets.ts';

/** An inquiry as it happened; what a file shows of it depends on the file. */
export interface InquiryFacts {
  /** The portal's own number; null where it shows none. */
  number: string | null;
  title: string;
  /** SKU, model number or name of the product. */
  product: string;
  company: string;
  country: string;
  website: string;
  contactName: string;
  email: string;
  phone: string;
  quantity: number | null;
  unit: string;
  importCountries: string;
  message: string;
  /** Days as `2026-12-07`. */
  postedFrom: string;
  postedTo: string;
  /** The portal hides mail address and telephone, as it does for members who have not paid. */
  masked: boolean;
}

export const inquiryFormats = ['xlsx', 'csv', 'xls', 'eml'] as const;
export type InquiryFormat = (typeof inquiryFormats)[number];

const HEADINGS = [
  '인콰이어리번호',
  '제목',
  '상품명',
  '회사명',
  '국가',
  '홈페이지',
  '담당자',
  '이메일',
  '전화번호',
  '수량',
  '단위',
  '현재 수입국가',
  '인콰이어리 상세',
  '게시기간',
];

function maskedEmail(email: string): string {
  return `${email.slice(0, 2)}****@****`;
}

function rowOf(facts: InquiryFacts): string[] {
  const day = (text: string): string => text.replaceAll('-', '.');
  return [
    facts.number ?? '',
    facts.title,
    facts.product,
    facts.company,
    facts.country,
    facts.website,
    facts.masked ? `${facts.contactName.slice(0, 1)}**` : facts.contactName,
    facts.masked ? maskedEmail(facts.email) : facts.email,
    facts.masked ? facts.phone.replace(/\d/g, '*') : facts.phone,
    facts.quantity === null ? '' : facts.quantity.toLocaleString('en-US'),
    facts.unit,
    facts.importCountries,
    facts.message,
    `${day(facts.postedFrom)}~${day(facts.postedTo)}`,
  ];
}

async function workbook(rows: readonly string[][], now: number): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.created = new Date(now);
  const sheet = book.addWorksheet('인콰이어리');
  sheet.addRow(HEADINGS);
  // A number without leading zeros is saved as a number by such lists, not as text.
  for (const row of rows) sheet.addRow(row.map((text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : text)));
  return workbookBytes(book);
}

/** Lists for Excel on Korean Windows, in its own code page. */
async function codePageCsv(rows: readonly string[][]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('list');
  for (const row of [HEADINGS, ...rows]) sheet.addRow(row);
  const bytes = await book.csv.writeBuffer({ formatterOptions: { rowDelimiter: '\r\n' } });
  return iconv.encode(Buffer.from(bytes).toString('utf8'), 'cp949');
}

/** Old sites call a page with one table `.xls` and leave the rest to the spreadsheet program. */
function htmlTable(rows: readonly string[][]): Buffer {
  const line = (cells: readonly string[], tag: 'th' | 'td') => ({ [tag]: cells.map((text) => ({ '#': text })) });
  const page = create({
    html: {
      head: { meta: { '@http-equiv': 'Content-Type', '@content': 'text/html; charset=euc-kr' } },
      body: { table: { '@border': '1', tr: [line(HEADINGS, 'th'), ...rows.map((row) => line(row, 'td'))] } },
    },
  });
  return iconv.encode(page.end({ headless: true }), 'euc-kr');
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const encodedWord = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${base64(text)}?=`);

function mail(facts: InquiryFacts): Buffer {
  const text = [
    `You have received a new inquiry about ${facts.product}.`,
    '',
    `Product: ${facts.product}`,
    `Company: ${facts.company}`,
    `Country: ${facts.country}`,
    `Contact: ${facts.contactName}`,
    `Email: ${facts.masked ? maskedEmail(facts.email) : facts.email}`,
    `Phone: ${facts.masked ? facts.phone.replace(/\d/g, '*') : facts.phone}`,
    ...(facts.quantity === null ? [] : [`Quantity: ${facts.quantity} ${facts.unit}`.trim()]),
    '',
    facts.message,
    '',
  ].join('\r\n');
  const from = facts.masked ? 'no-reply@portal.example' : `${encodedWord(facts.contactName)} <${facts.email}>`;
  const date = new Date(`${facts.postedFrom}T09:30:00+09:00`).toUTCString().replace('GMT', '+0000');
  const lines = [
    `From: ${from}`,
    'To: seller@example.com',
    `Subject: ${encodedWord(facts.title)}`,
    `Date: ${date}`,
    `Message-ID: <${facts.number ?? base64(facts.title).slice(0, 16)}@portal.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(base64(text).match(/.{1,76}/g) ?? []),
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'ascii');
}

/**
 * One file of that form with these inquiries.
 * @throws RangeError for a mail about none or several: a mail is one inquiry.
 */
export async function inquiryFile(
  format: InquiryFormat,
  facts: readonly InquiryFacts[],
  now: number,
): Promise<{ name: string; bytes: Buffer }> {
  const rows = facts.map(rowOf);
  switch (format) {
    case 'xlsx':
      return { name: 'inquiries.xlsx', bytes: await workbook(rows, now) };
    case 'csv':
      return { name: 'inquiries.csv', bytes: await codePageCsv(rows) };
    case 'xls':
      return { name: 'inquiries.xls', bytes: htmlTable(rows) };
    case 'eml': {
      const [one, ...more] = facts;
      if (one === undefined || more.length > 0) throw new RangeError('a mail holds one inquiry');
      return { name: 'inquiry.eml', bytes: mail(one) };
    }
  }
}
