import { createHash } from 'node:crypto';

/** Values that repeat for the same seed, so that a run can be told again to the byte. */
export interface Seeded {
  /** `length` hexadecimal digits, at most 64. */
  hex(length: number): string;
  /** A whole number from 0 to under `limit`. */
  below(limit: number): number;
}

export function seeded(seed: number): Seeded {
  let turn = 0;
  const digest = (): Buffer => {
    turn += 1;
    return createHash('sha256').update(`${seed}/${turn}`).digest();
  };
  return {
    hex: (length) => digest().toString('hex').slice(0, length),
    below: (limit) => digest().readUInt32BE(0) % limit,
  };
}
