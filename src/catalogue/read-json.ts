import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import iconv from 'iconv-lite';
import { CatalogueFileError } from './catalogue-file-error.ts';
import { type CatalogueRow, refuseRow } from './catalogue-row.ts';
import { detectEncoding } from './decode-text.ts';
import { locateJsonError } from './json-error-position.ts';

/**
 * Rows of a JSON catalogue: a list of objects. The size must have been checked before, since the whole text is held.
 *
 * @throws CatalogueFileError `json_syntax` with line and column, `json_not_a_list`, `file_empty`.
 */
export async function* readJson(path: string): AsyncGenerator<CatalogueRow> {
  const name = basename(path);
  const text = iconv.decode(await readFile(path), await detectEncoding(path), { stripBOM: true });
  if (text.trim() === '') {
    throw new CatalogueFileError('file_empty', {
      ko: `${name} 파일이 비어 있습니다. 내용이 있는 파일을 다시 올려 주십시오.`,
      en: `${name} is empty. Upload a file with rows.`,
    });
  }
  const rows = parse(text, name);
  if (!Array.isArray(rows)) {
    throw new CatalogueFileError('json_not_a_list', {
      ko: `${name} 파일은 상품 목록(배열)이 아닙니다. 가장 바깥을 대괄호 [ ]로 묶어 주십시오.`,
      en: `${name} is not a list of products. Put square brackets [ ] around them.`,
    });
  }
  for (const [index, value] of rows.entries()) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      yield { row: index + 1, value: value as Record<string, unknown> };
    } else {
      yield refuseRow(index + 1, 'row_not_object', '', {
        ko: '상품 하나가 중괄호 { } 객체로 되어 있지 않습니다. 항목 이름과 값으로 다시 적어 주십시오.',
        en: 'a product is not an object in braces { }. Write it as names and values.',
      });
    }
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column } = locateJsonError(text);
    // The engine's own message quotes the text around the fault, which may be anything; so it is not passed on.
    throw new CatalogueFileError(
      'json_syntax',
      {
        ko: `${name} 파일의 ${line}번째 줄 ${column}번째 글자에서 JSON 문법이 잘못되었습니다. 그 자리의 쉼표, 따옴표, 괄호를 확인해 주십시오.`,
        en: `${name} is not valid JSON at line ${line}, column ${column}. Check the comma, quote or bracket there.`,
      },
      { cause: cause instanceof Error ? cause.name : undefined },
    );
  }
}
