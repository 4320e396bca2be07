import type { CatalogueFilesGroup } from '../../src/channel/catalogue-files.ts';
import type { Json } from '../../src/domain/listing.ts';
import type { Money } from '../../src/domain/money.ts';
import { PeopleError } from '../../src/domain/people-error.ts';
import { formatInSeoul } from '../../src/domain/seoul-time.ts';
import { quotable } from '../../src/domain/text-safety.ts';
import { type CatalogueEntry, cifColumns, cifRow, indexItem } from './catalogue-rows.ts';
import { pricedItem } from './item-document.ts';
import { type CatalogueFormat, type CxmlSettings, catalogueFormats, supplierIdOf } from './settings.ts';
import { xmlFragment, xmlProlog } from './xml-writing.ts';

export interface CatalogueOptions {
  settings: CxmlSettings;
  loadMode: 'full' | 'incremental';
  at: Date;
}

/** A piece of a file is handed on when it has grown to this. */
const pieceLength = 64 * 1024;

/** An `Index` in pieces. The content model wants at least one item. */
export async function* indexDocument(
  entries: AsyncIterable<CatalogueEntry> | Iterable<CatalogueEntry>,
  { settings, loadMode, at }: CatalogueOptions,
): AsyncIterable<string> {
  const supplier = supplierIdOf(settings);
  const mode = loadMode === 'full' ? 'Full' : 'Incremental';
  const head = [
    xmlProlog('Index', 'cXML'),
    `<Index loadmode="${mode}">`,
    xmlFragment('SupplierID', { '@domain': supplier.domain, '#': supplier.identity }),
    xmlFragment('Comments', settings.catalogueName),
  ].join('');
  let piece = head;
  let count = 0;
  for await (const entry of entries) {
    piece += `\n${indexItem(entry, settings, at)}`;
    count += 1;
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
  if (count === 0) throw emptyCatalogue();
  yield `${piece}\n</Index>\n`;
}

/** A CIF 3.0 file in pieces. Its head tells the number of rows, so that has to be known before and is checked after. */
export async function* cifDocument(
  entries: AsyncIterable<CatalogueEntry> | Iterable<CatalogueEntry>,
  { settings, loadMode, at, count }: CatalogueOptions & { count: number },
): AsyncIterable<string> {
  if (count === 0) throw emptyCatalogue();
  let piece = cifHead(settings, loadMode, at, count);
  let rows = 0;
  for await (const entry of entries) {
    piece += cifRow(entry, settings, at);
    rows += 1;
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
  if (rows !== count) {
    throw new PeopleError(
      'catalogue_changed',
      `카탈로그를 쓰는 동안 상품 수가 ${count}개에서 ${rows}개로 바뀌었습니다. 파일을 버리고 다시 만드십시오.`,
      `The number of products changed from ${count} to ${rows} while the catalogue was written. Discard the file and make it again.`,
    );
  }
  yield `${piece}ENDOFDATA\n`;
}

function cifHead(settings: CxmlSettings, loadMode: CatalogueOptions['loadMode'], at: Date, count: number): string {
  const lines = [
    'CIF_I_V3.0',
    'CHARSET: UTF-8',
    `LOADMODE: ${loadMode === 'full' ? 'F' : 'I'}`,
    'CODEFORMAT: UNSPSC',
    `CURRENCY: ${settings.currency}`,
    `SUPPLIERID_DOMAIN: ${supplierIdOf(settings).domain}`,
    `ITEMCOUNT: ${count}`,
    `TIMESTAMP: ${formatInSeoul(at, 'yyyy-MM-dd HH:mm:ss')}`,
    'UNUOM: TRUE',
    `COMMENTS: ${settings.catalogueName}`,
    `FIELDNAMES: ${cifColumns.join(', ')}`,
    'DATA',
  ];
  return `${lines.join('\n')}\n`;
}

function emptyCatalogue(): PeopleError {
  return new PeopleError(
    'catalogue_empty',
    '카탈로그에 실을 상품이 없습니다. 판매 중인 상품이 있는지 확인하십시오.',
    'There is no product for the catalogue. Check that some are on sale on this account.',
  );
}

/** The whole catalogue of an account as a file, for a buyer who loads files instead of taking our uploads. */
export const catalogueFiles: CatalogueFilesGroup<CxmlSettings> = {
  formats: catalogueFormats,
  write({ settings, format, count, items, at }) {
    const entries = entriesOf(settings, items);
    const known = catalogueFormats.find((candidate): candidate is CatalogueFormat => candidate === format);
    if (known === 'index') return indexDocument(entries, { settings, loadMode: 'full', at });
    if (known === 'cif') return cifDocument(entries, { settings, loadMode: 'full', at, count });
    const names = catalogueFormats.join(', ');
    throw new PeopleError(
      'catalogue_format_unknown',
      `'${quotable(format)}' 형식의 카탈로그는 만들 수 없습니다. 다음 중 하나를 고르십시오: ${names}.`,
      `There is no catalogue in the format '${quotable(format)}'. Choose one of: ${names}.`,
    );
  },
};

async function* entriesOf(
  settings: CxmlSettings,
  items: AsyncIterable<{ sku: string; document: Json; price: Money }>,
): AsyncIterable<CatalogueEntry> {
  for await (const source of items) {
    const item = pricedItem(settings, source);
    if (!item) {
      throw new PeopleError(
        'catalogue_item_unusable',
        `상품 ${quotable(source.sku)}: ${settings.currency} 가격이 없어 카탈로그를 만들지 못했습니다. 계정을 다시 저장한 뒤 다시 만드십시오.`,
        `Product ${quotable(source.sku)}: it has no price in ${settings.currency}, so the catalogue could not be made. Save the account again and make it anew.`,
      );
    }
    yield { kind: 'add', item };
  }
}
