import { createHash } from 'node:crypto';
import { PNG } from 'pngjs';

/** The side that the open markets advise for a main image. */
const SIDE = 1000;
/** Squares of the mirrored pattern on each side. */
const CELLS = 5;
const CELL = 140;
const MARGIN = (SIDE - CELLS * CELL) / 2;

/**
 * A stand-in for a missing photograph: a mirrored pattern whose colours and shape follow from the SKU and the label, so
 * that two products look different and the same product looks the same on every machine.
 *
 * @returns a PNG of 1000 by 1000 pixels, some twenty kilobytes.
 */
export function drawPlaceholder(sku: string, label: string): Buffer {
  const digest = createHash('sha256').update(`${sku}\n${label}`).digest();
  const byte = (index: number): number => digest[index] ?? 0;
  // A light ground and a deep figure stay apart whatever the hash says.
  const ground = [225 + (byte(0) % 25), 225 + (byte(1) % 25), 225 + (byte(2) % 25)] as const;
  const figure = [30 + (byte(3) % 110), 70 + (byte(4) % 110), 40 + (byte(5) % 110)] as const;
  const rowBytes = SIDE * 3;
  const data = Buffer.alloc(SIDE * rowBytes);
  for (let y = 0; y < SIDE; y += 1) {
    // Within a square all rows are alike, and a copy costs next to nothing.
    if (y > 0 && rowOf(y) === rowOf(y - 1)) {
      data.copyWithin(y * rowBytes, (y - 1) * rowBytes, y * rowBytes);
      continue;
    }
    for (let x = 0; x < SIDE; x += 1) data.set(isFigure(x, y, byte) ? figure : ground, y * rowBytes + x * 3);
  }
  const png = Object.assign(new PNG({ width: SIDE, height: SIDE }), { data });
  // As it lies in memory, since turning over each pixel and filtering each row takes ten times as long, and while a picture
  // is drawn the api answers nobody. Rows that repeat are small without a filter, if the packer looks further back than the
  // run of one value that it is told to look for by default.
  const asItLies = { colorType: 2, inputColorType: 2, inputHasAlpha: false, filterType: 0 } as const;
  return PNG.sync.write(png, { ...asItLies, deflateLevel: 1, deflateStrategy: 0 });
}

/** The row of squares a line of pixels is in; outside the pattern, above or below it. */
function rowOf(y: number): number {
  return Math.floor((y - MARGIN) / CELL);
}

function isFigure(x: number, y: number, byte: (index: number) => number): boolean {
  const column = Math.floor((x - MARGIN) / CELL);
  const row = rowOf(y);
  if (column < 0 || row < 0 || column >= CELLS || row >= CELLS) return false;
  const mirrored = Math.min(column, CELLS - 1 - column);
  const index = row * Math.ceil(CELLS / 2) + mirrored;
  // The middle square is always filled, so that no hash gives an empty picture.
  return (row === 2 && mirrored === 2) || byte(8 + index) % 2 === 0;
}
