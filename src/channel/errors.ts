/**
 * The closed list of what can go wrong at a channel. Kinds are decided by status and code, never by searching message
 * text: texts change without notice, and a product name may hold any of the words.
 */
export const channelErrorKinds = [
  'rate-limited', // too many calls; wait
  'unavailable', //  the channel is down, or the network to it
  'timeout', //      no answer in time; for a write: it may have happened
  'unauthorized', // the credentials are wrong
  'forbidden', //    the credentials are right, the permission is missing
  'not-found',
  'conflict',
  'rejected', //     we sent something the channel refuses; repeating it unchanged is useless and gets accounts blocked
  'protocol', //     the channel answered something we do not understand
  'unsupported', //  the channel cannot do this
] as const;
export type ChannelErrorKind = (typeof channelErrorKinds)[number];

export interface ChannelErrorDetails {
  /** The channel's own code, or the transport's (`ECONNREFUSED`). */
  code: string;
  /** True unless it is certain that the channel never saw the request. A write that was sent may have happened. */
  sent: boolean;
  /** What the channel said, for staff; without credentials and without buyers' data. */
  channelMessage?: string | null;
  /** How long the channel wants us to wait, if it said so. */
  retryAfterMs?: number | null;
  /** The field of our document that the channel names, if it does. */
  field?: string | null;
}

/**
 * The only error an adapter throws. It holds no request, no headers and no cause: an error that drags the call along is
 * one log line away from a leaked key.
 */
export class ChannelError extends Error {
  readonly kind: ChannelErrorKind;
  readonly code: string;
  readonly sent: boolean;
  readonly channelMessage: string | null;
  readonly retryAfterMs: number | null;
  readonly field: string | null;

  constructor(kind: ChannelErrorKind, details: ChannelErrorDetails) {
    super(`${kind} (${details.code})${details.channelMessage ? `: ${details.channelMessage}` : ''}`);
    this.name = 'ChannelError';
    this.kind = kind;
    this.code = details.code;
    this.sent = details.sent;
    this.channelMessage = details.channelMessage ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.field = details.field ?? null;
  }
}

/** By shape as well as by class: two copies of a module in one process break `instanceof`. */
export function isChannelError(error: unknown): error is ChannelError {
  return error instanceof ChannelError || (error instanceof Error && error.name === 'ChannelError' && 'kind' in error);
}
