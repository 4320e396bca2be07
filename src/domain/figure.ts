/**
 * A total of whole numbers. One order fits a number with room to spare; the sum of many may not, and beyond 2^53 a number
 * silently becomes its neighbour. Such a total is a bigint, and a text of digits where it leaves as JSON.
 */
export type Figure = number | bigint;

/** The total that SQL wrote as digits. */
export function figureOf(digits: string): Figure {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/** Adds totals without losing a unit. */
export function sumFigures(figures: readonly Figure[]): Figure {
  return figureOf(String(figures.reduce<bigint>((sum, figure) => sum + BigInt(figure), 0n)));
}

/** A total as JSON holds it exactly: a number, or beyond 2^53 its digits as a text. */
export function figureJson(figure: Figure): number | string {
  return typeof figure === 'bigint' ? String(figure) : figure;
}
