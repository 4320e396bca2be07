import { load } from 'cheerio';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readInquiryFile } from '../../adapters/export-portal/inquiries.ts';
import type { InquiryFile } from '../../src/channel/inquiries.ts';

const now = new Date('2026-11-23T00:00:00Z');
const read = (name: string, bytes: Uint8Array): Promise<InquiryFile> => readInquiryFile({ name, bytes }, {}, now);

function page(rows: readonly (readonly string[])[], charset: string): string {
  const $ = load(`<html><head><meta charset="${charset}"></head><body><table></table></body></html>`);
  for (const row of rows) {
    const line = $('<tr></tr>');
    for (const text of row) line.append($('<td></td>').text(text));
    $('table').append(line);
  }
  return $.html();
}

describe('letters that only CP949 has', () => {
  it.each(['euc-kr', 'ks_c_5601-1987', 'cp949'])(
    'loses no letter of CP949 where a page says %s, nor in CSV',
    async (charset) => {
      const rows = [
        ['Product', 'Message', 'Date'],
        ['똠방각하', '펲시맨', '2026-11-20'],
      ];
      const saved = [
        await read('a.xls', iconv.encode(page(rows, charset), 'cp949')),
        await read('a.csv', iconv.encode(rows.map((row) => row.join(',')).join('\n'), 'cp949')),
      ];
      for (const { inquiries } of saved) {
        expect(inquiries[0]?.value).toMatchObject({ productWords: '똠방각하', message: '펲시맨' });
      }
    },
  );

  it.each(['euc-kr', 'ks_c_5601-1987', 'CP949'])(
    'loses no letter that only CP949 has, said to be %s',
    async (charset) => {
      const said = '똠방각하 노트 300권 견적 바랍니다. 펲시맨';
      const words = iconv.encode('똠방각하 문의', 'cp949');
      // The first word ends in the middle of a letter.
      const subject = [words.subarray(0, 3), words.subarray(3)]
        .map((word) => `=?${charset}?B?${word.toString('base64')}?=`)
        .join('\r\n ');
      const named = Array.from(iconv.encode('펲', 'cp949'), (byte) => `=${byte.toString(16)}`).join('');
      const head = `From: =?${charset}?Q?${named}?= <b@example.com>\r\nSubject: ${subject}\r\nDate: Fri, 20 Nov 2026 09:15:00 +0900\r\n`;
      const part = (type: string, body: string, coding: string): string =>
        `Content-Type: text/${type};\r\n charset="${charset}"\r\nContent-Transfer-Encoding: ${coding}\r\n\r\n${body}`;
      const coded = (text: string) => iconv.encode(text, 'cp949').toString('base64');
      const forms = [
        part('plain', iconv.encode(said, 'cp949').toString('latin1'), '8bit'),
        part('html', coded(`<p>${said}</p>`), 'base64'),
        `Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n${part('plain', coded(said), 'base64')}\r\n--x\r\n${part('html', coded(`<b>${said}</b>`), 'base64')}\r\n--x--\r\n`,
      ];
      for (const form of forms) {
        const { inquiries, faults } = await read('a.eml', Buffer.from(`${head}MIME-Version: 1.0\r\n${form}`, 'latin1'));
        expect(faults).toEqual([]);
        expect(inquiries[0]).toMatchObject({
          value: { productWords: '똠방각하', message: said },
          contact: { name: '펲', email: 'b@example.com' },
        });
      }
    },
  );

  it('reads heads that old programs write as they are', async () => {
    const mail =
      'From: <b@example.com>\r\nSubject: 똠방각하 문의\r\nDate: Fri, 20 Nov 2026 09:15:00 +0900\r\n\r\nhello';
    const { inquiries } = await read('a.eml', iconv.encode(mail, 'cp949'));
    expect(inquiries[0]?.value.productWords).toBe('똠방각하');
  });
});
