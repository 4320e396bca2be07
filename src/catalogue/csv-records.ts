import type { Readable } from 'node:stream';

/** One record of a CSV file, still as text, and the spreadsheet row it would stand on. */
interface CsvRecord {
  row: number;
  text: string;
  /** Quotes that open and never close, or stand in the middle of a quoted cell. */
  isBroken: boolean;
}

/** A quoted cell with more lines than this has lost its closing quote. */
const MAX_LINES_OF_RECORD = 200;

/**
 * Cuts CSV text into records.
 *
 * A parser that meets an unclosed quote swallows the rows after it. Here such a line is given back alone as broken, and
 * reading goes on with the next line, so that one bad cell costs one row.
 */
export async function* csvRecords(text: Readable): AsyncGenerator<CsvRecord> {
  let row = 0;
  let delimiter: string | undefined;
  let columns = 0;
  let pending: string[] = [];
  // Reads one record off the front of `pending`; undefined while more lines may complete it.
  const take = (isLast: boolean): CsvRecord | undefined => {
    const [first] = pending;
    if (first === undefined) return undefined;
    delimiter ??= detectDelimiter(first);
    let state = scanLine(first, false, delimiter);
    let cells = state.cells;
    let isStray = state.isStray;
    let used = 1;
    while (state.isInside && used < pending.length && used < MAX_LINES_OF_RECORD) {
      state = scanLine(pending[used] ?? '', true, delimiter);
      cells += state.cells - 1;
      isStray ||= state.isStray;
      used += 1;
    }
    if (state.isInside && !isLast && used < MAX_LINES_OF_RECORD) return undefined;
    row += 1;
    // A record of several lines that does not add up was one broken line and then others.
    const isTorn = state.isInside || (used > 1 && (isStray || (columns > 0 && cells !== columns)));
    if (columns === 0) columns = cells;
    const lines = pending.splice(0, isTorn ? 1 : used);
    return { row, text: lines.join('\n'), isBroken: isTorn || isStray };
  };
  for await (const line of linesOf(text)) {
    pending.push(line);
    for (let record = take(false); record; record = take(false)) yield record;
  }
  for (let record = take(true); record; record = take(true)) yield record;
  pending = [];
}

/** The character between cells, judged by the heading line: comma, tab or semicolon. */
export function detectDelimiter(headingLine: string): string {
  const counts = [',', '\t', ';'].map((delimiter) => ({ delimiter, count: headingLine.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

interface LineState {
  /** The line ends inside a quoted cell. */
  isInside: boolean;
  /** A quote stood inside a quoted cell without being doubled. */
  isStray: boolean;
  cells: number;
}

function scanLine(line: string, startsInside: boolean, delimiter: string): LineState {
  // Nearly every line of a catalogue has no quote at all.
  if (!startsInside && !line.includes('"')) {
    return { isInside: false, isStray: false, cells: line.split(delimiter).length };
  }
  let isInside = startsInside;
  let isStray = false;
  let cells = 1;
  let isCellStart = !startsInside;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (isInside) {
      if (character !== '"') continue;
      const next = line[at + 1];
      if (next === '"') at += 1;
      else if (next === undefined || next === delimiter) isInside = false;
      else isStray = true;
    } else if (character === delimiter) {
      cells += 1;
      isCellStart = true;
    } else {
      if (character === '"' && isCellStart) isInside = true;
      isCellStart = false;
    }
  }
  return { isInside, isStray, cells };
}

async function* linesOf(text: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
}
