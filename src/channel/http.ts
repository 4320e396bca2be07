import axios, { AxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import pRetry from 'p-retry';
import type { Logger } from 'pino';
import type { Clock } from '../runtime/clock.ts';
import { ChannelError } from './errors.ts';
import type { Limit, Limiter, LimitSlot } from './limits.ts';
import { retryAfterMs } from './retry-timing.ts';

/** One call to a channel. */
export interface ChannelCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the account's base address; variable parts already escaped. */
  path: string;
  /** The limit family it counts in; must be one the adapter declares. */
  family: string;
  /** Part of the family with a limit of its own; default the whole account. */
  bucket?: string;
  /**
   * True when doing it twice is the same as doing it once. Only safe calls are repeated by the transport: a blind repeat
   * of a create after a lost answer is how products get doubled.
   */
  safe: boolean;
  headers?: Record<string, string>;
  query?: Record<string, string | number>;
  /** Sent as JSON. */
  body?: unknown;
  /** Instead of `body`: sent as it is, and the answer is handed back as text. */
  text?: { contentType: string; content: string };
  timeoutMs?: number;
  /** Statuses besides 2xx whose body the adapter wants to judge itself. */
  acceptStatus?: readonly number[];
}

export interface ChannelResponse {
  status: number;
  /** Parsed JSON, or the text itself where text was sent; parse it with the wire schema before use. */
  body: unknown;
}

export interface ChannelHttp {
  /** Throws ChannelError, also for a call that the stop of the process ends: `unavailable` with `stoppedCode`. */
  request(call: ChannelCall): Promise<ChannelResponse>;
}

export interface ChannelHttpOptions {
  accountId: string;
  baseUrl: string;
  limits: readonly Limit[];
  limiter: Limiter;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** Told about every answered or failed call, for the metrics. */
  onCall?: (call: { family: string; outcome: string; durationMs: number }) => void;
  /** Longest wait for a slot inside a call; a longer one is handed back as `rate-limited`, so that the worker is free. */
  maxWaitMs?: number;
}

const defaultTimeoutMs = 20_000;
const defaultMaxWaitMs = 15_000;
/** Answers of marketplaces are pages of at most some hundred records; far more than this is a fault, not data. */
const maxAnswerBytes = 32 * 1024 * 1024;

/** The code of a call on an account that has no address. */
export const noBaseUrlCode = 'NO_BASE_URL';

/** The code of a call that our own stop cut off or kept from being made: it says nothing about the channel. */
export const stoppedCode = 'STOPPED';

/** The door of an account whose channel is never called: adapters that call it all the same are told so. */
export function createClosedHttp(): ChannelHttp {
  return {
    request: () => Promise.reject(new ChannelError('unsupported', { code: noBaseUrlCode, sent: false })),
  };
}

/** The HTTP door of one account: limiter, short retries, time-outs and error kinds in one place. */
export function createChannelHttp(options: ChannelHttpOptions): ChannelHttp {
  const client = axios.create({
    baseURL: options.baseUrl,
    maxContentLength: maxAnswerBytes,
    maxRedirects: 0,
    // Bodies are judged here: axios would hand broken JSON on as a string.
    responseType: 'text',
    transformResponse: (data: unknown) => data,
    validateStatus: () => true,
    headers: { 'content-type': 'application/json; charset=utf-8', accept: 'application/json' },
  });
  const limitOf = (family: string): Limit | null => {
    const limit = options.limits.find((candidate) => candidate.family === family);
    if (!limit) throw new Error(`the adapter declares no limit family ${family}`);
    return limit.origin === 'self' && isLoopback(options.baseUrl) ? null : limit;
  };

  const once = async (call: ChannelCall, fate: CallFate): Promise<ChannelResponse> => {
    const limit = limitOf(call.family);
    const slot = limit ? { accountId: options.accountId, limit, bucket: call.bucket ?? '' } : null;
    if (slot) await waitForSlot(options, slot);
    options.signal.throwIfAborted();
    fate.sent = true;
    const startedAt = performance.now();
    let outcome = 'ok';
    try {
      const response = await send(client, call, options.signal);
      fate.answer = judge(call, response, options.clock);
      return fate.answer;
    } catch (error) {
      const known = asChannelError(error, options.signal);
      outcome = known instanceof ChannelError ? known.kind : 'stopped';
      if (slot && known instanceof ChannelError && known.kind === 'rate-limited' && known.retryAfterMs) {
        await options.limiter.pause(slot, known.retryAfterMs);
      }
      throw known;
    } finally {
      if (slot?.limit.strict) await options.limiter.answered(slot);
      const durationMs = Math.round(performance.now() - startedAt);
      options.onCall?.({ family: call.family, outcome, durationMs });
      options.log.debug({ method: call.method, path: call.path, outcome, durationMs }, 'channel call');
    }
  };

  const repeated = (call: ChannelCall, fate: CallFate): Promise<ChannelResponse> =>
    pRetry(() => once(call, fate), {
      // Two more tries within five seconds; anything longer is the queue's business.
      retries: 2,
      minTimeout: 200,
      maxTimeout: 1_500,
      randomize: true,
      signal: options.signal,
      shouldRetry: ({ error }) => isPassing(error),
    });

  return {
    request: async (call) => {
      const fate: CallFate = { sent: false, answer: null };
      try {
        return await (call.safe ? repeated(call, fate) : once(call, fate));
      } catch (error) {
        if (!options.signal.aborted || error instanceof ChannelError) throw error;
        // The waits in between end with the reason of the stop, even when the answer has just come.
        if (fate.answer) return fate.answer;
        throw new ChannelError('unavailable', { code: stoppedCode, sent: fate.sent });
      }
    },
  };
}

/** How far a call came, for when it is cut off between its tries. */
interface CallFate {
  /** At least one try has left this process. */
  sent: boolean;
  answer: ChannelResponse | null;
}

/** True for an address on this machine. */
export function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What the transport may repeat: a lost connection, or a gateway that had nobody behind it. Never a 429. */
function isPassing(error: unknown): boolean {
  return error instanceof ChannelError && error.kind === 'unavailable' && error.code !== 'ECONNREFUSED';
}

async function waitForSlot(options: ChannelHttpOptions, slot: LimitSlot): Promise<void> {
  const maxWaitMs = options.maxWaitMs ?? defaultMaxWaitMs;
  let waitedMs = 0;
  for (;;) {
    const answer = await options.limiter.take(slot, Math.max(0, maxWaitMs - waitedMs));
    if (answer.granted) {
      if (answer.waitMs > 0) await options.clock.sleep(answer.waitMs, options.signal);
      return;
    }
    if (!slot.limit.strict || waitedMs + answer.waitMs > maxWaitMs) {
      throw new ChannelError('rate-limited', { code: 'OWN_LIMIT', sent: false, retryAfterMs: answer.waitMs });
    }
    // A strict slot is held until the call before it is answered, and when that will be is not known.
    await options.clock.sleep(answer.waitMs, options.signal);
    waitedMs += Math.max(1, answer.waitMs);
  }
}

/** One call on the wire, ended by `signal` or when its time is over, whether nothing came or only drops. */
async function send(client: AxiosInstance, call: ChannelCall, signal: AbortSignal): Promise<AxiosResponse<string>> {
  // A time-out of axios counts from the last byte. An answer in drops would outlive every lease, and a create would be
  // believed absent while it is still under way.
  const ending = new AbortController();
  const stop = () => ending.abort();
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    stop();
  }, call.timeoutMs ?? defaultTimeoutMs);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    return await client.request<string>({
      method: call.method,
      url: call.path,
      signal: ending.signal,
      headers: { ...call.headers, ...(call.text && { 'content-type': call.text.contentType, accept: '*/*' }) },
      ...(call.query && { params: call.query }),
      ...(call.body !== undefined && { data: JSON.stringify(call.body) }),
      ...(call.text && { data: call.text.content }),
    });
  } catch (error) {
    throw isLate ? new ChannelError('timeout', { code: 'NO_ANSWER', sent: true }) : error;
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', stop);
  }
}

function judge(call: ChannelCall, response: AxiosResponse<string>, clock: Clock): ChannelResponse {
  const { status } = response;
  const wanted = (status >= 200 && status < 300) || call.acceptStatus?.includes(status);
  if (!wanted) throw errorOfStatus(status, response, clock);
  if (response.data === '' || response.data === undefined) return { status, body: null };
  if (call.text) return { status, body: response.data };
  try {
    return { status, body: JSON.parse(response.data) };
  } catch {
    // The text itself may hold anything, so only its shape is told.
    throw new ChannelError('protocol', { code: 'NOT_JSON', sent: true, channelMessage: `HTTP ${status}, no JSON` });
  }
}

function errorOfStatus(status: number, response: AxiosResponse<string>, clock: Clock): ChannelError {
  const details = { code: `HTTP_${status}`, sent: true };
  if (status === 401) return new ChannelError('unauthorized', details);
  if (status === 403) return new ChannelError('forbidden', details);
  if (status === 404) return new ChannelError('not-found', details);
  if (status === 409) return new ChannelError('conflict', details);
  if (status === 429) {
    return new ChannelError('rate-limited', { ...details, retryAfterMs: retryAfterMs(response.headers, clock.now()) });
  }
  if (status === 408) return new ChannelError('timeout', details);
  if (status >= 500) return new ChannelError('unavailable', details);
  if (status >= 300 && status < 400) return new ChannelError('protocol', details);
  return new ChannelError('rejected', details);
}

/** Connection codes after which it is certain that the channel never saw the request. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
]);

function asChannelError(error: unknown, signal: AbortSignal): unknown {
  if (!(error instanceof AxiosError)) return error;
  if (signal.aborted) return new ChannelError('unavailable', { code: stoppedCode, sent: true });
  const code = error.code ?? 'UNKNOWN';
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return new ChannelError('timeout', { code, sent: true });
  if (code === 'ERR_BAD_RESPONSE') {
    // Axios has one code for two things: a connection lost in the middle of an answer comes with the answer's head.
    if (error.response) return new ChannelError('unavailable', { code: 'ANSWER_CUT', sent: true });
    return new ChannelError('protocol', { code: 'ANSWER_TOO_LARGE', sent: true });
  }
  return new ChannelError('unavailable', { code, sent: !neverSent.has(code) });
}
