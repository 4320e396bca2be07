/** The zip form of 2026-11-22 00:00, in which every part of the file is stamped. */
const FIXED_ZIP_TIME = ((2026 - 1980) << 25) | (11 << 21) | (22 << 16);
const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_BYTES = 22;

/** A stamp for files that must come out the same on every run; the day the demo data was made. */
const FIXED_MOMENT = new Date('2026-11-22T00:00:00Z');

/**
 * A workbook with one row per product, whose headings are the field paths. The same rows give the same bytes.
 *
 * Everything that is not an amount is written as text: business numbers and codes keep their leading zeros.
 *
 * @param rows catalogue rows with the snake_case keys of the JSON form; lists in one cell are joined with `|`.
 */
export async function writeWorkbook(rows: readonly Record<string, unknown>[]): Promise<Buffer> {
  const flat = rows.map((row) => new Map(flatten(row, '')));
  const headings = [...new Set(flat.flatMap((cells) => [...cells.keys()]))];
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  workbook.created = FIXED_MOMENT;
  workbook.modified = FIXED_MOMENT;
  const sheet = workbook.addWorksheet('상품', { views: [{ state: 'frozen', ySplit: 1, xSplit: 1 }] });
  sheet.addRow(headings).font = { bold: true };
  for (const cells of flat) {
    const added = sheet.addRow(headings.map((heading) => cells.get(heading)));
    added.eachCell((cell) => {
      if (typeof cell.value === 'string') cell.numFmt = '@';
    });
  }
  return stampZip(Buffer.from(await workbook.xlsx.writeBuffer()));
}

/** Puts one fixed time on all parts of a zip archive: the writer stamps the moment of writing. */
function stampZip(zip: Buffer): Buffer {
  const end = zip.length - END_BYTES;
  let at = zip.readUInt32LE(end + 16);
  while (at < end && zip.readUInt32LE(at) === DIRECTORY_ENTRY) {
    zip.writeUInt32LE(FIXED_ZIP_TIME >>> 0, at + 12);
    const local = zip.readUInt32LE(at + 42);
    if (zip.readUInt32LE(local) === LOCAL_HEADER) zip.writeUInt32LE(FIXED_ZIP_TIME >>> 0, local + 10);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return zip;
}

/** The cells of one row by their heading; nothing for null and for empty lists. */
export function flatten(value: unknown, path: string): [string, string | number | boolean][] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[path, value]];
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every((item) => typeof item === 'string')) return [[path, value.join('|')]];
    return value.flatMap((item: unknown, index) => flatten(item, `${path}[${index}]`));
  }
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`));
}
