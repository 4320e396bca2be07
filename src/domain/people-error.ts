/**
 * An error meant for people: what happened, to what, and what to do next, in Korean and in English; and a code for
 * machines. `exitCode` 2 says that the input or the configuration cannot be used as it is.
 */
export class PeopleError extends Error {
  readonly code: string;
  readonly messageKo: string;
  readonly messageEn: string;

  constructor(code: string, messageKo: string, messageEn: string) {
    super(messageEn);
    this.name = 'PeopleError';
    this.code = code;
    this.messageKo = messageKo;
    this.messageEn = messageEn;
  }
}

/** What every error for people carries, whichever class made it. */
export type WithSentences = Error & { messageKo: string; messageEn: string };

/** True for every error that carries its own sentences. */
export function isPeopleError(error: unknown): error is WithSentences {
  return error instanceof Error && 'messageKo' in error && 'messageEn' in error;
}

/** The code of an error for machines: its own, or its name. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
