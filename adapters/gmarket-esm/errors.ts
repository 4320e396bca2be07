import { ChannelError, type ChannelErrorKind } from '../../src/channel/errors.ts';
import type { Site } from './settings.ts';

/** Which list of result codes an answer is read with: the same number means different things in each (notes §5.3). */
export type ResultFamily = 'item' | 'search' | 'order-query' | 'order-look-up' | 'order-write' | 'claim' | 'account';

export interface ResultDetails {
  code: string;
  message: string | null;
  /** Auction's second code in claims, such as `W8-2`. */
  bizRuleCode?: string | null;
}

/** The order guard is 5 s (notes §3.1); 200 ms more, as in limits.ts. */
const orderGuardMs = 5_200;

/** After create, edits are refused until the product has been fed to the sites, about three minutes (notes §2.3). */
export const feedRetryMs = 60_000;

type KindTable = Readonly<Record<string, ChannelErrorKind>>;

const kinds: Readonly<Record<ResultFamily, KindTable>> = {
  item: {
    1000: 'rejected', //    business or validation rule (§5.3)
    2181: 'rejected', //    a value that their database could not convert: the same value fails again (§5.3)
    // §5.3: an error of a system behind the API, wrapped. It may have come after the write was done, so it must leave a
    // create in doubt; as `rate-limited` it would be repeated, and the product doubled.
    3000: 'unavailable',
  },
  search: {
    1000: 'rejected',
    2181: 'rejected',
    // §5.1: the one item call with a published limit. What it answers is not written down; 3000 is the channel's code for
    // too many calls where it is, and a search that is taken for limited is only made a little later.
    3000: 'rate-limited',
  },
  'order-query': {
    // §3.1: the 5 s guard. The portal also gives 3000 for a window over 31 days, which this adapter never sends.
    3000: 'rate-limited',
    1001: 'rate-limited', // the guard again, as one client's recording has it (§3.1)
    2000: 'rejected', //     parameter validation (§5.3)
    2141: 'rejected', //     text too long (§5.3)
  },
  'order-look-up': {
    // §3.1: look-ups by number are exempt from the guard, so here 3000 is a business error.
    3000: 'rejected',
    2000: 'rejected',
    2141: 'rejected',
  },
  'order-write': {
    // §5.3: business error. "Already acknowledged" is a 3000 too; orders.ts asks for the order before it believes it.
    3000: 'rejected',
    2000: 'rejected',
    2141: 'rejected',
  },
  claim: {
    1000: 'not-found', //   no data (§5.3); the lists read it as an empty list
    2000: 'rejected', //    bad parameter
    8000: 'unavailable', // processing failed: nothing is said about what we sent
    8668: 'rejected', //    business rule
    99999: 'not-found', //  no such order or claim
  },
  account: {
    // §4.1: the back end ran out of time. The portal also gives 414 for today or the future, which is never asked for.
    414: 'unavailable',
  },
};

/**
 * A refused call as ChannelError, by family and code alone; the text is only passed on for people. A code that is in no
 * table is `protocol`: it is not repeated, and somebody adds it here.
 */
export function errorOfResult(family: ResultFamily, result: ResultDetails): ChannelError {
  const kind = kinds[family][result.code] ?? 'protocol';
  return new ChannelError(kind, {
    code: result.bizRuleCode ? `${result.code}/${result.bizRuleCode}` : result.code,
    sent: true,
    channelMessage: shortened(result.message),
    retryAfterMs: kind === 'rate-limited' ? orderGuardMs : null,
  });
}

/** What the gateway in front of all families answers, when it does so with a body instead of a status (notes §5.3). */
export function errorOfGateway(statusCode: number, message: string | null): ChannelError {
  const details = { code: `GATEWAY_${statusCode}`, sent: true, channelMessage: shortened(message) };
  if (statusCode === 401) return new ChannelError('unauthorized', details);
  if (statusCode === 403) return new ChannelError('forbidden', details);
  if (statusCode === 429) return new ChannelError('rate-limited', details);
  if (statusCode >= 500) return new ChannelError('unavailable', details);
  return new ChannelError('protocol', details);
}

/** An edit that came before the product was fed to its sites: tried again later, unlike other refusals. */
export function errorOfFeedDelay(refusal: ChannelError): ChannelError {
  return new ChannelError('conflict', {
    code: refusal.code,
    sent: true,
    channelMessage: refusal.channelMessage,
    retryAfterMs: feedRetryMs,
  });
}

const sitePrefix = /^\[InvalidApiRequestEx\]\[(GMKT|IAC)\]/i;

/** The site that a refusal names in its prefix (notes §5.3); only to tell people where, never to decide. */
export function siteOfMessage(message: string | null): Site | null {
  const name = message ? sitePrefix.exec(message)?.[1]?.toUpperCase() : undefined;
  if (name === 'GMKT') return 'gmkt';
  return name === 'IAC' ? 'iac' : null;
}

/** Messages are kept in rows and shown; a stack trace of theirs is not worth more than this. */
export function shortened(message: string | null): string | null {
  return message === null || message.length <= 500 ? message : `${message.slice(0, 499)}…`;
}
