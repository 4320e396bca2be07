import type { Answer, Family } from './answers.ts';
import type { Caller } from './tokens.ts';
import type { Json } from './wire-input.ts';

/** One authenticated call, as a handler sees it. */
export interface Call {
  caller: Caller;
  params: Record<string, string>;
  query: Json;
  body: unknown;
  /** The sandbox's clock, ms since 1970. */
  now: number;
  /** Injected trouble: do the work on the first site concerned and fail on the other. */
  firstSiteOnly: boolean;
}

/** One endpoint of the channel. Handlers throw a `Refusal` to end with an error answer before anything is changed. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path parameters are written `{name}`, each one segment. */
  path: string;
  family: Family;
  /** True when the call changes something; reads cannot be ignored silently. */
  writes: boolean;
  run(call: Call): Answer | Promise<Answer>;
  /** What success looks like when the call is to be ignored; the family's plain success when left out. */
  pretend?(call: Call): Answer;
}
