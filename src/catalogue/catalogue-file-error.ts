type CatalogueFileErrorCode =
  | 'file_missing'
  | 'file_not_readable'
  | 'file_is_folder'
  | 'file_extension'
  | 'file_too_large'
  | 'file_empty'
  | 'json_syntax'
  | 'json_not_a_list'
  | 'workbook_broken'
  | 'workbook_empty'
  | 'header_missing';

/**
 * A catalogue that cannot be read at all, as opposed to a row that is refused.
 *
 * `message` is the English sentence; `messageKo` the Korean. Both say what to do next and name the file, not its folder.
 */
export class CatalogueFileError extends Error {
  override readonly name = 'CatalogueFileError';
  readonly code: CatalogueFileErrorCode;
  readonly messageKo: string;
  readonly messageEn: string;

  constructor(code: CatalogueFileErrorCode, sentences: { ko: string; en: string }, options?: ErrorOptions) {
    super(sentences.en, options);
    this.code = code;
    this.messageKo = sentences.ko;
    this.messageEn = sentences.en;
  }
}
