import type { RenderedListing, RenderInput } from '../../src/channel/contract.ts';
import { isBlocked } from '../../src/domain/finding.ts';
import type { Json } from '../../src/domain/listing.ts';
import { createFindingList, type FindingList } from '../../src/domain/product-rules/findings-of-product.ts';
import { doubleByteLength, quotable } from '../../src/domain/text-safety.ts';
import { longestCell, plainText } from './cell-text.ts';
import type { PortalDocument } from './document.ts';
import { nextSteps } from './next-steps.ts';
import { type ExportPortalSettings, templateOf } from './settings.ts';
import { checkSource } from './source-checks.ts';
import { categoryOf, sourceValues } from './source-values.ts';
import { imageChoice, isSourceName, type SourceName, sources } from './sources.ts';
import type { ExportTemplate, LengthUnit, TemplateColumn } from './template.ts';

/** Letters of other scripts, and the full-width forms and marks of East Asian text. */
const notLatin =
  /(?![\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}])[\p{L}\p{N}]|[\u3000-\u303f\uff00-\uffef]/u;
const emoji = /\p{Emoji_Presentation}/u;

/**
 * The row of a product for the portal's form, or what is missing for one. Pure. Whatever the form asks for is checked
 * here, because the portal tells it only after a person has typed the product in.
 */
export function renderRow(input: RenderInput<ExportPortalSettings>): RenderedListing {
  const { product, settings } = input;
  const template = templateOf(settings);
  const category = categoryOf(input, template.id);
  const values = sourceValues(product, settings.terms, category);
  const findings = once(createFindingList(product.sku));

  const used = template.columns.map((column) => column.source).filter((source) => source !== null);
  for (const source of new Set(used.filter(isSourceName))) {
    const problem = checkSource(source, { product, portal: template, category });
    if (problem) findings.block(problem.rule, sources[source].field, problem);
  }
  const row: Record<string, string> = {};
  for (const column of template.columns) {
    const image = imageChoice(column.source);
    if (image !== null) {
      const least = image === 'all' ? 1 : image;
      if (column.required && input.imageUrls.length < least) missingImage(findings, template, column);
      continue;
    }
    const cell = cellOf(column, values);
    if (cell === null) notInCodes(findings, template, column, values);
    else {
      row[column.key] = cell;
      checkCell(findings, template, column, cell);
    }
  }
  if (isBlocked(findings.all)) return { document: null, title: null, findings: [...findings.all] };
  const document: PortalDocument = {
    portal: template.id,
    templateVersion: template.version,
    modelNo: product.modelName,
    name: product.name.en || product.name.ko,
    values: row,
    pictures: input.imageUrls.map(lastPart),
  };
  return { document: document satisfies Json, title: null, findings: [...findings.all] };
}

/** Several columns show one value; its fault is told once. */
function once(list: FindingList): FindingList {
  const block: FindingList['block'] = (rule, field, sentences) => {
    if (!list.all.some((finding) => finding.rule === rule && finding.field === field))
      list.block(rule, field, sentences);
  };
  return { ...list, block };
}

/** The text of a cell in the portal's words; null where its list of words has none for it. */
function cellOf(column: TemplateColumn, values: Record<SourceName, string>): string | null {
  const { source, codes } = column;
  if (source === null) return '';
  const value = plainText(isSourceName(source) ? values[source] : source.slice(1));
  if (value === '' || !codes) return value;
  return Object.hasOwn(codes, value) ? (codes[value] ?? null) : null;
}

function checkCell(findings: FindingList, portal: ExportTemplate, column: TemplateColumn, cell: string): void {
  const said = describe(column);
  // A finding of the source itself says more than that the cell is empty; a port is read off the Incoterm.
  if (cell === '') {
    const isTold = findings.has(said.field) || (column.source === 'portOfLoading' && findings.has('incoterm'));
    if (column.required && !isTold) {
      findings.block('value_missing', said.field, {
        ko: `${portal.name.ko}에 필요한 '${said.ko}' 값이 없습니다. ${said.field}에 값을 적어 ${said.step.ko}`,
        en: `${portal.name.en} needs its ${said.en}, which is missing. Enter ${said.field} and ${said.step.en}`,
      });
    }
    return;
  }
  const stranger = column.latin ? (notLatin.exec(cell)?.[0] ?? emoji.exec(cell)?.[0]) : undefined;
  if (stranger !== undefined) {
    findings.block('value_not_latin', said.field, {
      ko: `${portal.name.ko}의 '${said.ko}'에는 영문만 쓸 수 있는데 '${quotable(stranger)}'가 있습니다. ${said.field} 값을 영문으로 고쳐 ${said.step.ko}`,
      en: `${portal.name.en} takes Latin letters only in its ${said.en}, which holds '${quotable(stranger)}'. Write ${said.field} in English and ${said.step.en}`,
    });
  }
  const limit = column.maxLength ?? { count: longestCell, unit: 'characters' };
  const length = lengthIn(cell, limit.unit);
  if (length > limit.count) {
    const unit = unitNames[limit.unit];
    findings.block('value_too_long', said.field, {
      ko: `${portal.name.ko}의 '${said.ko}'는 ${limit.count}${unit.ko}까지인데 ${length}${unit.ko}입니다. ${said.field} 값을 줄여 ${said.step.ko}`,
      en: `${portal.name.en} takes ${limit.count} ${unit.en} in its ${said.en}, which has ${length}. Shorten ${said.field} and ${said.step.en}`,
    });
  }
}

function notInCodes(
  findings: FindingList,
  portal: ExportTemplate,
  column: TemplateColumn,
  values: Record<SourceName, string>,
): void {
  const said = describe(column);
  const value = column.source && isSourceName(column.source) ? values[column.source] : '';
  const known = Object.keys(column.codes ?? {}).join(', ');
  findings.block('value_not_in_codes', said.field, {
    ko: `${portal.name.ko}의 '${said.ko}'에 '${quotable(value)}'에 맞는 값이 없습니다. 다음 중 하나로 고쳐 ${said.step.ko} 가능한 값: ${known}`,
    en: `${portal.name.en} has no word for '${quotable(value)}' as its ${said.en}. Use one of ${known} for ${said.field} and ${said.step.en}`,
  });
}

function missingImage(findings: FindingList, portal: ExportTemplate, column: TemplateColumn): void {
  const said = describe(column);
  findings.block('image_missing', said.field, {
    ko: `${portal.name.ko}에 필요한 '${said.ko}'가 없습니다. 600×600픽셀 이상의 JPG나 PNG를 넣어 ${said.step.ko}`,
    en: `${portal.name.en} needs a ${said.en}, which is missing. Add a JPG or PNG of at least 600×600 pixels and ${said.step.en}`,
  });
}

/** What a column's value is called and where it is corrected; a fixed text is part of the account's own form. */
function describe({ source, heading }: TemplateColumn) {
  const name = source !== null && isSourceName(source) ? source : null;
  if (name === null) return { field: 'template', ko: heading, en: heading, step: nextSteps.settings };
  const { field, ko, en, origin } = sources[name];
  return { field, ko, en, step: nextSteps[origin] };
}

const unitNames: Record<LengthUnit, { ko: string; en: string }> = {
  characters: { ko: '자', en: 'letters' },
  'utf8-bytes': { ko: '바이트', en: 'bytes' },
  'cp949-bytes': { ko: '바이트', en: 'bytes (two for a Korean letter)' },
};

function lengthIn(text: string, unit: LengthUnit): number {
  if (unit === 'utf8-bytes') return Buffer.byteLength(text);
  // Excel counts UTF-16 units; for the letters of these columns that is what people count too.
  return unit === 'cp949-bytes' ? doubleByteLength(text) : text.length;
}

/** The name in an image's address, without the server that happens to show it. */
function lastPart(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return path.slice(path.lastIndexOf('/') + 1);
}
