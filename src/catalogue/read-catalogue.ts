import { access, constants, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { CatalogueFileError } from './catalogue-file-error.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readXlsx } from './read-xlsx.ts';

/** Ten thousand products take about 30 MB as JSON; the limit leaves room and protects the service's memory. */
export const MAX_CATALOGUE_BYTES = 100 * 1024 * 1024;

const FORMATS = ['.json', '.csv', '.xlsx'] as const;

/**
 * The rows of a seller's catalogue: `.json`, `.csv` or `.xlsx`, told by the extension.
 *
 * The file's size is looked at before its first byte is read. One broken row is given as a refusal and never costs the
 * rows after it.
 *
 * @throws CatalogueFileError when the file cannot be read at all; it may come while rows are being walked.
 */
export async function* readCatalogue(path: string): AsyncGenerator<CatalogueRow> {
  const name = basename(path);
  const extension = extname(path).toLowerCase();
  const bytes = await sizeOf(path, name);
  if (!FORMATS.some((format) => format === extension)) {
    throw new CatalogueFileError('file_extension', {
      ko: `${name}: 지원하지 않는 형식입니다. ${FORMATS.join(', ')} 파일로 저장해 다시 올려 주십시오.`,
      en: `${name}: this format is not supported. Save it as ${FORMATS.join(', ')} and upload it again.`,
    });
  }
  if (bytes > MAX_CATALOGUE_BYTES) {
    throw new CatalogueFileError('file_too_large', {
      ko: `${name} 파일이 너무 큽니다(최대 100MB). 상품을 여러 파일로 나누어 올려 주십시오.`,
      en: `${name} is too large (at most 100 MB). Split the products over several files.`,
    });
  }
  if (bytes === 0) {
    throw new CatalogueFileError('file_empty', {
      ko: `${name} 파일이 비어 있습니다. 내용이 있는 파일을 다시 올려 주십시오.`,
      en: `${name} is empty. Upload a file with products.`,
    });
  }
  if (extension === '.json') yield* readJson(path);
  else if (extension === '.csv') yield* readCsv(path);
  else yield* readXlsx(path, bytes);
}

async function sizeOf(path: string, name: string): Promise<number> {
  try {
    const info = await stat(path);
    if (info.isFile()) {
      await access(path, constants.R_OK);
      return info.size;
    }
  } catch (cause) {
    const isMissing =
      cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    throw isMissing
      ? new CatalogueFileError('file_missing', {
          ko: `${name} 파일을 찾을 수 없습니다. 경로와 파일 이름을 확인해 주십시오.`,
          en: `${name} was not found. Check the path and the file name.`,
        })
      : new CatalogueFileError(
          'file_not_readable',
          {
            ko: `${name} 파일을 읽을 수 없습니다. 읽기 권한이 있는지, 다른 프로그램이 쓰고 있지 않은지 확인해 주십시오.`,
            en: `${name} cannot be read. Check its permissions and that no other program is writing it.`,
          },
          { cause },
        );
  }
  throw new CatalogueFileError('file_is_folder', {
    ko: `${name}: 파일이 아니라 폴더입니다. 폴더 안의 상품 목록 파일을 지정해 주십시오.`,
    en: `${name} is a folder, not a file. Name the catalogue file inside it.`,
  });
}
