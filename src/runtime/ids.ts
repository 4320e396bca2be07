import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/** A time-ordered id with a prefix that says what it is: `run_mh2k9c1x_4f9a1c`. Safe in queue job ids and file names. */
export function createId(kind: 'run' | 'lease', clock: Clock): string {
  return `${kind}_${clock.now().getTime().toString(36)}_${randomBytes(5).toString('hex')}`;
}
