import pino from 'pino';
import type { AnyChannel, ChannelContext } from '../../src/channel/contract.ts';
import type { ChannelHarness, HarnessStage } from '../../src/channel/harness.ts';
import { type ChannelCall, type ChannelHttp, createChannelHttp, createClosedHttp } from '../../src/channel/http.ts';
import type { SandboxFaultRule } from '../../src/channel/sandbox.ts';
import { createManualClock } from '../../src/runtime/clock.ts';
import { createMemoryLimiter } from './memory-limiter.ts';

/** Who is judged. `wrapHttp` sits between adapter and transport: that is where some broken variants are broken. */
export interface Subject {
  adapter: AnyChannel;
  harness: ChannelHarness;
  wrapHttp?: (http: ChannelHttp) => ChannelHttp;
}

/** One thing the suite proves. Throws when it is not so. */
export interface ConformanceCase {
  name: string;
  run(subject: Subject): Promise<void>;
}

export interface RecordedCall {
  family: string;
  bucket: string;
  /** The suite's clock when the call was answered or lost; the clock only moves while somebody waits for a slot. */
  at: number;
}

export interface ContextOptions {
  signal?: AbortSignal;
  /** Instead of the sandbox's good ones. */
  credentials?: Record<string, unknown>;
  /** Instead of the sandbox's address. */
  baseUrl?: string;
  /** Longest real time a call may stay without an answer. */
  timeoutMs?: number;
  /** Changes the parsed answers on their way to the adapter. */
  tamper?: (answer: unknown) => unknown;
}

/** A fresh sandbox, a clock that stands still, and everything the adapter did on it. */
export interface Stage extends HarnessStage {
  subject: Subject;
  adapter: AnyChannel;
  harness: ChannelHarness;
  calls: RecordedCall[];
  logLines: string[];
  /** Every value that must never be seen: what the credentials hold, and what was signed with them. */
  secrets: Set<string>;
  context(options?: ContextOptions): ChannelContext;
  fault(...rules: SandboxFaultRule[]): void;
}

/** Opens a stage, runs `play` on it, and closes it whatever happened. */
export async function onStage(subject: Subject, play: (stage: Stage) => Promise<void>): Promise<void> {
  const { adapter, harness } = subject;
  const clock = createManualClock(harness.startAt);
  const limiter = createMemoryLimiter(clock);
  const sandbox = await harness.startSandbox({ now: () => clock.now().getTime(), seed: 7 });
  const calls: RecordedCall[] = [];
  const logLines: string[] = [];
  const secrets = new Set<string>();
  const log = pino({ level: 'trace' }, { write: (line: string) => logLines.push(line) });
  const given = sandbox.accountConfig();

  const context = (options: ContextOptions = {}): ChannelContext => {
    const settings = adapter.settings.parse({
      ...given.settings,
      ...harness.settings,
      ...(options.baseUrl && { baseUrl: options.baseUrl }),
    });
    const credentials = options.credentials ?? given.credentials;
    for (const secret of textsIn(credentials)) secrets.add(secret);
    const signal = options.signal ?? new AbortController().signal;
    const accountId = 'conformance';
    const limits = adapter.limits;
    const { baseUrl } = settings;
    const door =
      baseUrl === undefined
        ? createClosedHttp()
        : createChannelHttp({ accountId, baseUrl, limits, limiter, clock, log, signal });
    const recorded: ChannelHttp = {
      request: async (call) => {
        for (const token of tokensIn(call)) secrets.add(token);
        const { timeoutMs, tamper } = options;
        try {
          const response = await door.request(timeoutMs === undefined ? call : { ...call, timeoutMs });
          return tamper ? { ...response, body: tamper(response.body) } : response;
        } finally {
          calls.push({ family: call.family, bucket: call.bucket ?? '', at: clock.now().getTime() });
        }
      },
    };
    const http = subject.wrapHttp?.(recorded) ?? recorded;
    return {
      account: { id: accountId, settings },
      credentials: adapter.credentials.parse(credentials),
      http,
      clock,
      log,
      signal,
    };
  };

  try {
    const fault = (...rules: SandboxFaultRule[]) => sandbox.setFaults({ rules });
    await play({ subject, adapter, harness, sandbox, clock, calls, logLines, secrets, context, fault });
  } finally {
    await sandbox.close();
  }
}

/** All texts in a value of JSON shape, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Header values long enough to be a signature; a scheme word such as `Bearer` is none. */
function tokensIn(call: ChannelCall): string[] {
  return Object.values(call.headers ?? {}).flatMap((value) => value.split(' ').filter((part) => part.length >= 24));
}
