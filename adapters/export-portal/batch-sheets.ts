import type { Batch, BatchItem } from '../../src/channel/batches.ts';
import { readDocument } from './document.ts';
import type { NamedImage } from './image-names.ts';
import { offeredResults, type ReceiptColumn, receiptColumns, receiptSheetName } from './receipt-columns.ts';
import type { ExportPortalSettings } from './settings.ts';
import { imageChoice, isSourceName, sources } from './sources.ts';
import type { ExportTemplate, TemplateColumn } from './template.ts';
import type { TextSheet } from './workbook.ts';

/** The products to enter, in the order and under the headings of the portal's form. Products to take down have no row. */
export function productSheet(
  template: ExportTemplate,
  items: readonly BatchItem[],
  images: readonly (readonly NamedImage[])[],
): TextSheet {
  const rows = items.flatMap((item, index) => {
    if (item.action === 'delete') return [];
    const { values } = readDocument(item.document, item.sku);
    const names = (images[index] ?? []).map(({ name }) => name);
    return [template.columns.map((column) => imageCell(column, names) ?? values[column.key] ?? '')];
  });
  return {
    name: 'Products',
    headings: template.columns.map(({ heading }) => heading),
    rows,
    widths: template.columns.map(({ heading }) => Math.max(14, heading.length + 4)),
  };
}

function imageCell({ source }: TemplateColumn, names: readonly string[]): string | null {
  const choice = imageChoice(source);
  if (choice === null) return null;
  return choice === 'all' ? names.join(', ') : (names[choice - 1] ?? '');
}

const unitNames = { characters: '자', 'utf8-bytes': '바이트(UTF-8)', 'cp949-bytes': '바이트(한글 2바이트)' };

/** The rule of every column, and what nobody has confirmed about the form. */
export function guideSheet(template: ExportTemplate): TextSheet {
  const columns = template.columns.map((column) => [
    column.heading,
    column.required ? '필수 Required' : '선택 Optional',
    column.maxLength ? `${column.maxLength.count}${unitNames[column.maxLength.unit]}` : '',
    originOf(column),
    column.latin ? '영문만 Latin letters only' : '',
    column.note ?? '',
  ]);
  const assumed = template.assumed.map((sentence) => ['가정 Assumed', '', '', '', '', sentence]);
  const form = ['양식 Form', '', '', '', '', `${template.name.ko} / ${template.name.en}, ${template.version}`];
  return {
    name: 'Guide',
    headings: ['열 Column', '필수 여부 Required', '길이 Length', '값의 출처 Source', '문자 Letters', '설명 Note'],
    rows: [...columns, form, ...assumed],
    widths: [34, 18, 20, 34, 24, 80],
  };
}

function originOf({ source }: TemplateColumn): string {
  if (source === null) return '직접 입력 Filled in by hand';
  if (!isSourceName(source)) return '고정값 Fixed';
  return `${sources[source].ko} (${sources[source].field})`;
}

/** Our values beside the portal's words, where a column knows only some. */
export function codesSheet(template: ExportTemplate): TextSheet {
  const rows = template.columns.flatMap(({ heading, codes }) =>
    Object.entries(codes ?? {}).map(([ours, theirs]) => [heading, ours, theirs]),
  );
  return {
    name: 'Codes',
    headings: ['열 Column', '우리 값 Our value', '포털 값 Portal value'],
    rows,
    widths: [34, 24, 34],
  };
}

/** What the operator fills in and brings back: one row per product, those to take down included. */
export function receiptSheet(batch: Pick<Batch<ExportPortalSettings>, 'batchId' | 'items'>): TextSheet {
  const columns = Object.keys(receiptColumns) as ReceiptColumn[];
  const rows = batch.items.map((item) => {
    const known = item.document === null ? null : readDocument(item.document, item.sku);
    const cells: Record<ReceiptColumn, string> = {
      batchId: batch.batchId,
      action: item.action.toUpperCase(),
      modelNo: known?.modelNo ?? '',
      sku: item.sku,
      name: known?.name ?? '',
      portalId: item.externalIds.portalId ?? '',
      url: '',
      result: '',
      note: '',
    };
    return columns.map((column) => cells[column]);
  });
  return {
    name: receiptSheetName,
    headings: columns.map((column) => receiptColumns[column].heading),
    rows,
    widths: columns.map((column) => receiptColumns[column].width),
    choices: { [columns.indexOf('result')]: offeredResults },
  };
}
