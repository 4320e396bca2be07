/**
 * The envelopes of the four families. Business errors are HTTP 200 with a code; only the gateway uses HTTP status.
 */

import { SITE_MARK, type Site } from './goods.ts';
import type { Json } from './wire-input.ts';

export type Family = 'item' | 'shipping' | 'claim' | 'account';

export interface Answer {
  status: number;
  body: Json;
  /** The call met the channel's rate limit. */
  rateLimited?: boolean;
}

/** Thrown by a handler to end a call with the channel's own error answer; nothing has been changed by then. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer, message: string) {
    super(message);
    this.name = 'Refusal';
    this.answer = answer;
  }
}

export function ok(body: Json): Answer {
  return { status: 200, body };
}

export function itemOk(extra: Json = {}): Answer {
  return ok({ ...extra, resultCode: 0, message: null });
}

export function shippingOk(data: unknown, message = 'Success'): Answer {
  return ok({ ResultCode: 0, Message: message, Data: data });
}

export function claimOk(data: unknown): Answer {
  return ok({ ResultCode: 0, Message: 'Success', Data: data, BizRuleCode: null });
}

export function itemRefusal(code: number, message: string): Refusal {
  return new Refusal(ok({ resultCode: code, message, data: null }), message);
}

/** A validation error of one site, with the prefix that the item family gives it. */
export function refuse(site: Site, reason: string): Refusal {
  return itemRefusal(1000, `[InvalidApiRequestEx][${SITE_MARK[site]}]${reason}`);
}

export function shippingRefusal(code: number, message: string): Refusal {
  return new Refusal(ok({ ResultCode: code, Message: message, Data: null }), message);
}

/** `bizRule` is the Auction rule code (`W8-2` and the like); Gmarket leaves it empty. */
export function claimRefusal(code: number, message: string, bizRule: string | null = null): Refusal {
  return new Refusal(ok({ ResultCode: code, Message: message, Data: null, BizRuleCode: bizRule }), message);
}

/** 414 is the only error code documented for settlements; it doubles as a time-out of the channel's own back end. */
export function accountRefusal(details: string): Refusal {
  return new Refusal(ok({ ResultCode: 414, Message: 'The request failed', Details: details }), details);
}

export const UNAUTHORIZED: Answer = {
  status: 401,
  body: { status: { message: 'The user does not have right access to the api', status_code: 401 } },
};

const RATE_MESSAGE = '주문 조회는 5초당 1회 호출 가능합니다. 잠시 후 다시 시도해 주세요.';
const ITEM_RATE_MESSAGE = '호출 가능 횟수를 초과하였습니다. 잠시 후 다시 시도해 주세요.';

/** The rate answer of a family. Only the order query's is documented; the others follow their family's envelope. */
export function rateAnswer(family: Family): Answer {
  const body: Json =
    family === 'item'
      ? { resultCode: 3000, message: ITEM_RATE_MESSAGE, data: null }
      : { ResultCode: 3000, Message: family === 'shipping' ? RATE_MESSAGE : ITEM_RATE_MESSAGE, Data: null };
  return { status: 200, body, rateLimited: true };
}

/** A business error without a cause of its own, for injected faults. */
export function businessErrorAnswer(family: Family): Answer {
  const message = '일시적으로 요청을 처리할 수 없습니다.';
  if (family === 'item') return itemRefusal(1000, `[InvalidApiRequestEx][GMKT]${message}`).answer;
  if (family === 'shipping') return shippingRefusal(3000, message).answer;
  if (family === 'claim') return claimRefusal(8000, message).answer;
  return accountRefusal(message).answer;
}

/** Success of a write that has no answer of its own. */
export function plainSuccess(family: Family): Answer {
  if (family === 'item') return itemOk({ data: null });
  return family === 'shipping' ? shippingOk(null) : claimOk(null);
}
