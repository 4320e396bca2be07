import { ChannelError } from '../../src/channel/errors.ts';
import type { ChannelResponse } from '../../src/channel/http.ts';
import { sellerClaim, signToken } from './auth.ts';
import { errorOfGateway, errorOfResult, type ResultDetails, type ResultFamily } from './errors.ts';
import type { LimitFamily } from './limits.ts';
import { type EsmContext, type Site, siteLetters } from './settings.ts';
import { envelope, lowerKeys, parseAnswer } from './wire.ts';

export interface EsmCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** How its result code is read. */
  results: ResultFamily;
  limit: LimitFamily;
  /** With a site the token names that site alone, and the limit counts for that seller id alone. */
  site?: Site;
  /** Doing it twice is the same as doing it once. */
  safe: boolean;
  query?: Record<string, string | number>;
  body?: unknown;
}

export interface EsmAnswer {
  /** The answer with lower-case keys, not yet parsed. */
  body: unknown;
  /** Null when the channel says all is well. */
  refusal: ResultDetails | null;
}

/**
 * One signed call whose answer has an envelope. Throws ChannelError for transport and gateway errors; a refusal by result
 * code is handed back, because a refused create may still have made the product on one site.
 */
export async function askEsm(context: EsmContext, call: EsmCall): Promise<EsmAnswer> {
  const { settings } = context.account;
  const issuedAt = settings.sendIssuedAt ? Math.floor(context.clock.now().getTime() / 1000) : undefined;
  const ssi = sellerClaim(settings.sellerIds, call.site);
  const token = await signToken(settings, context.credentials.secretKey, ssi, issuedAt);
  const response = await context.http.request({
    method: call.method,
    path: call.path,
    family: call.limit,
    ...(call.site && { bucket: `${siteLetters[call.site]}:${settings.sellerIds[call.site]}` }),
    safe: call.safe,
    headers: { authorization: `Bearer ${token}` },
    ...(call.query && { query: call.query }),
    ...(call.body !== undefined && { body: call.body }),
    // Documented refusals are 200 with a code; should one come as 400, its code says more than the status (notes §0 no. 6).
    acceptStatus: [400],
  });
  return judge(response, call);
}

/** As `askEsm`, and a refusal is thrown as the ChannelError of its family. Gives the answer with lower-case keys. */
export async function callEsm(context: EsmContext, call: EsmCall): Promise<unknown> {
  const { body, refusal } = await askEsm(context, call);
  if (refusal) throw errorOfResult(call.results, refusal);
  return body;
}

function judge(response: ChannelResponse, call: EsmCall): EsmAnswer {
  const body = lowerKeys(response.body);
  const head = parseAnswer(envelope, body);
  if (head.status && (head.resultcode === null || head.resultcode === undefined)) {
    throw errorOfGateway(head.status.status_code, head.status.message ?? null);
  }
  const code = head.resultcode ?? null;
  if (code !== null && code !== '0') {
    const bizRuleCode = head.bizrulecode === null || head.bizrulecode === undefined ? null : String(head.bizrulecode);
    return { body, refusal: { code, message: head.message ?? null, bizRuleCode } };
  }
  if (response.status >= 400) throw new ChannelError('rejected', { code: `HTTP_${response.status}`, sent: true });
  // Item look-ups answer without an envelope; all else says in a code whether it was done.
  if (code === null && call.results !== 'search' && (call.results !== 'item' || call.method !== 'GET')) {
    throw new ChannelError('protocol', { code: 'NO_RESULT_CODE', sent: true, field: 'resultCode' });
  }
  return { body, refusal: null };
}
