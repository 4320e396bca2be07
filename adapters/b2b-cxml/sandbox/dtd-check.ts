/** Validation against the published DTDs, where somebody has them: they are not part of this software. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type DtdName = 'cXML' | 'Fulfill' | 'Quote';

/** What is wrong with the document by that DTD; null when it is valid. */
export type DtdCheck = (xml: string, dtd: DtdName) => Promise<string | null>;

/** Without a folder nothing is checked, and the library is not even loaded: it is there for development only. */
export async function dtdCheck(folder: string | null): Promise<DtdCheck> {
  if (folder === null) return async () => null;
  const { DtdValidator, ParseOption, XmlDocument, XmlDtd, XmlLibError } = await import('libxml2-wasm');
  return async (xml, dtd) => {
    const grammar = XmlDtd.fromBuffer(await readFile(join(folder, `${dtd}.dtd`)));
    const validator = new DtdValidator(grammar);
    try {
      const document = XmlDocument.fromString(xml, {
        option: ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET,
      });
      try {
        validator.validate(document);
        return null;
      } finally {
        document.dispose();
      }
    } catch (error) {
      if (error instanceof XmlLibError) return error.message.trim();
      throw error;
    } finally {
      validator.dispose();
    }
  };
}
