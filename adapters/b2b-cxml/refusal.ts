import type { StatusContent } from './envelope.ts';

/**
 * The codes we answer with and their phrases. 400 was read and cannot be taken, 406 could not be read, 560 is ours and
 * passes.
 */
const phrases = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  406: 'Not Acceptable',
  409: 'Conflict',
  450: 'Not Implemented',
  560: 'Temporary server error',
} as const;
export type StatusCode = keyof typeof phrases;

/** A status in both languages: whoever reads it sits at the partner's. */
export function status(code: StatusCode, en: string, ko: string): StatusContent {
  return { code, phrase: phrases[code], detail: en === '' ? '' : `${en} / ${ko}` };
}

/** Why a message is not taken. It ends the reading inside the door and becomes the answer; it never leaves. */
export class Refusal extends Error {
  readonly status: StatusContent;

  constructor(code: StatusCode, en: string, ko: string) {
    super(en);
    this.name = 'Refusal';
    this.status = status(code, en, ko);
  }
}
